import { randomBytes } from "node:crypto";
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readHolder, takeLock } from "./lock.mjs";
import { startPostgres, stopOrphan } from "./postgres.mjs";
import { isAlive } from "./process-identity.mjs";

const prefix = "burgeon-temporary-";
/** A folder without a living owner may be one that is just being made. */
const youngMs = 60_000;
/** Lost on a power cut, which is fine for something that lives for one test run. */
const fast = {
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
  shared_buffers: "64MB",
  max_connections: 120,
  autovacuum: "off",
};

/** A PostgreSQL in a temporary folder; `stop` ends it and removes the folder. Leftovers of killed runs are cleared first. */
export async function startTemporaryPostgres() {
  await clearLeftovers();
  const folder = mkdtempSync(join(tmpdir(), prefix));
  chmodSync(folder, 0o711);
  const lock = takeLock(join(folder, "running.json"));
  const password = randomBytes(18).toString("base64url");
  const server = await startPostgres({
    cluster: join(folder, "cluster"),
    password,
    logPath: join(folder, "postgres.log"),
    settings: fast,
  });
  // Whoever ends without stopping it (an exception, process.exit) still takes it along.
  const endHard = () => server.process.kill("SIGQUIT");
  process.once("exit", endHard);
  return {
    url: server.url,
    async stop() {
      process.off("exit", endHard);
      await server.stop();
      lock.release();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Runs `work` with one and removes it afterwards. */
export async function withTemporaryPostgres(work) {
  const server = await startTemporaryPostgres();
  try {
    return await work(server);
  } finally {
    await server.stop();
  }
}

async function clearLeftovers() {
  for (const name of readdirSync(tmpdir()).filter((name) => name.startsWith(prefix))) {
    const folder = join(tmpdir(), name);
    if (statSync(folder).uid !== (process.getuid?.() ?? 0)) continue;
    const holder = readHolder(join(folder, "running.json"));
    if (holder ? isAlive(holder) : Date.now() - statSync(folder).mtimeMs < youngMs) continue;
    await stopOrphan(join(folder, "cluster"));
    rmSync(folder, { recursive: true, force: true });
  }
}
