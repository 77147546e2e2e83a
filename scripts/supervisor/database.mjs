import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { logFile } from "./data-directory.mjs";
import { startPostgres } from "./postgres.mjs";
import { Problem } from "./problem.mjs";

/** How long a database that was named to us may take to come up (compose starts everything at once). */
const reachMs = 10_000;
const oldestServer = 14;

/** The database of this instance: the one DATABASE_URL names, or the embedded one. `{ url, port?, stop }`. */
export async function databaseFor({ data, onLost = () => undefined, env = process.env }) {
  if (env.DATABASE_URL) {
    await requireReachable(env.DATABASE_URL);
    return { url: env.DATABASE_URL, stop: async () => undefined };
  }
  return await keepPostgres({ data, onLost });
}

/** The embedded PostgreSQL, started again on the same port whenever it ends by itself. */
async function keepPostgres({ data, onLost }) {
  const options = { cluster: data.cluster, password: data.databasePassword(), logPath: logFile(data.logs, "postgres") };
  let isStopping = false;
  let server = await startPostgres({ ...options, onExit });
  const { port, url } = server;
  let restarting = Promise.resolve();

  function onExit(code, signal) {
    if (isStopping) return;
    onLost(`PostgreSQL ended (${signal ?? `code ${code}`}) and is started again.`);
    restarting = restart();
  }
  async function restart() {
    for (let waitMs = 100; !isStopping; waitMs = Math.min(waitMs * 2, 30_000)) {
      try {
        server = await startPostgres({ ...options, port, onExit });
        return;
      } catch (cause) {
        onLost(`PostgreSQL does not come back: ${cause.message}`);
        await delay(waitMs);
      }
    }
  }
  return {
    url,
    port,
    async stop() {
      isStopping = true;
      await restarting;
      await server.stop();
    },
  };
}

/** Throws a Problem that says in one sentence what is wrong with DATABASE_URL. Never shows its password. */
export async function requireReachable(url) {
  let shown;
  try {
    const parsed = new URL(url);
    if (!/^postgres(ql)?:$/.test(parsed.protocol)) throw new TypeError("not PostgreSQL");
    shown = `${parsed.hostname}:${parsed.port || 5432}${parsed.pathname}`;
  } catch {
    throw new Problem("DATABASE_URL is not an address of the form postgresql://user:password@host:5432/database.");
  }
  const until = Date.now() + reachMs;
  for (;;) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
    client.on("error", () => undefined); // reported by the query that fails
    try {
      await client.connect();
      const { rows } = await client.query("show server_version_num");
      if (Number(rows[0].server_version_num) < oldestServer * 10_000) {
        throw new Problem(`The database at ${shown} is older than PostgreSQL ${oldestServer}.`);
      }
      return;
    } catch (cause) {
      if (cause instanceof Problem) throw cause;
      // Not there yet or starting up: worth another try. A wrong password or name is not.
      const mayCome =
        cause.code === "57P03" || (!/^\d|^[0-9A-Z]{5}$/.test(cause.code ?? "") && cause.code !== "ENOTFOUND");
      if (!mayCome || Date.now() > until)
        throw new Problem(`The database of DATABASE_URL (${shown}) cannot be used: ${reason(cause)}.`);
      await delay(500);
    } finally {
      await client.end().catch(() => undefined); // it may never have been connected
    }
  }
}

function reason(cause) {
  const known = {
    ECONNREFUSED: "nobody listens there",
    ENOTFOUND: "there is no such host",
    "28P01": "user or password is wrong",
    28000: "this user may not connect",
    "3D000": "there is no such database",
  }[cause.code];
  return known ?? (cause.message || cause.code || "no answer").split("\n")[0];
}
