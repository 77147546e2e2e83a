import { existsSync } from "node:fs";
import { join } from "node:path";
import { databaseFor } from "./supervisor/database.mjs";
import { buildAll, generateClient } from "./supervisor/build.mjs";
import { startChild } from "./supervisor/child.mjs";
import { dataDirectoryPath, prepareDataDirectory } from "./supervisor/data-directory.mjs";
import { startDemo } from "./supervisor/demo.mjs";
import { root } from "./supervisor/install.mjs";
import { takeLock } from "./supervisor/lock.mjs";
import { migrate, migrationsPath } from "./supervisor/migrations.mjs";
import { address, requirePort, waitUntilReady } from "./supervisor/port.mjs";
import { exitWith, Problem } from "./supervisor/problem.mjs";
import { createProgress, seconds } from "./supervisor/progress.mjs";

const isDemo = process.argv.includes("--demo");
const isDev = process.argv.includes("--dev");
const progress = createProgress();
/** What has been started, to be ended in the opposite order. */
const running = [];
let stopping = null;

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => stopAll(0));
// The launcher holds the other end: it is gone, even by kill -9, when this one ends.
process.stdin
  .on("end", () => stopAll(0))
  .on("error", () => stopAll(0))
  .resume();

try {
  await startAll();
} catch (error) {
  if (!stopping) await stopAll(1, error);
}

async function startAll() {
  const startedAt = performance.now();
  if (existsSync(join(root, ".env"))) process.loadEnvFile(join(root, ".env"));
  const { host, port, url } = address(process.env);
  const data = prepareDataDirectory(dataDirectoryPath({ demo: isDemo }));
  const lock = takeLock(data.lock, { url });
  if (!lock.held) {
    throw new Problem(
      `Burgeon already runs with ${data.path} at ${lock.holder.url ?? "an address it has not told yet"} (process ${lock.holder.pid}).`,
    );
  }
  running.push({ stop: () => lock.release() });
  await requirePort(host, port);

  const database = await progress.step(process.env.DATABASE_URL ? "reach the database" : "start PostgreSQL", () =>
    databaseFor({ data, onLost: (text) => progress.say(`! ${text}`) }),
  );
  running.push(database);
  lock.update({ url, databasePort: database.port });
  await progress.step("migrate", async () => {
    const applied = await migrate(database.url, migrationsPath).catch((cause) => {
      throw new Problem(`The database could not be brought up to date: ${cause.message}.`);
    });
    return applied.length > 0 ? `${applied.length} applied` : undefined;
  });
  await generateClient(progress);
  await buildAll({ progress, isDev, onStart: (stop) => running.push({ stop }) });

  const env = childEnvironment({ data, database, url, host, port });
  const demo = isDemo ? await startDemo({ env, data, progress }) : null;
  if (demo) running.push(demo);
  await startWebAndWorker({ env: { ...env, ...demo?.env }, data, host, port });
  progress.say(`\nBurgeon is ready: ${url}  (${seconds(performance.now() - startedAt)})`);
  if (demo) {
    progress.say("This is the demo: sample services on this machine, nothing leaves it.");
    for (const { title, document, key } of JSON.parse(demo.env.BURGEON_DEMO ?? "{}").services ?? []) {
      progress.say(`${title} (sample): ${document}${key ? `  key ${key}` : ""}`);
    }
    progress.say(`Sign in as ${demo.env.BURGEON_OWNER_EMAIL} with the password ${demo.env.BURGEON_OWNER_PASSWORD}`);
  }
  progress.say(`Logs: ${data.logs}. Stop with Ctrl-C.`);
}

async function startWebAndWorker({ env, data, host, port }) {
  const next = join(root, "node_modules", "next", "dist", "bin", "next");
  const web = [next, isDev ? "dev" : "start", "--hostname", host, "--port", String(port)];
  const say = (text) => progress.say(`! ${text}`);
  await progress.step("start web and worker", async () => {
    const webEnv = { ...env, NODE_ENV: isDev ? "development" : "production" };
    const children = [
      startChild({ name: "web", args: web, env: webEnv, logs: data.logs, say }),
      startChild({ name: "worker", args: [join(root, "dist", "worker.mjs")], env, logs: data.logs, say }),
    ];
    running.push({ stop: () => Promise.all(children.map((child) => child.stop())) });
    const failed = Promise.race(children.map((child) => child.failed));
    await Promise.race([waitUntilReady(host, port), failed]);
    for (const child of children) child.settle();
  });
}

/** Everything from our own environment except what npm added for itself. */
function childEnvironment({ data, database, url, host, port }) {
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("npm_")));
  return {
    ...inherited,
    DATABASE_URL: database.url,
    NEXTAUTH_SECRET: data.nextAuthSecret,
    NEXTAUTH_URL: url,
    BURGEON_URL: url,
    BURGEON_DATA_DIR: data.path,
    BURGEON_LEASH: "1",
    ...(data.masterKeyFile && { BURGEON_MASTER_KEY_FILE: data.masterKeyFile }),
    HOST: host,
    PORT: String(port),
    NODE_ENV: "production",
    NEXT_TELEMETRY_DISABLED: "1",
    TZ: "UTC",
  };
}

function stopAll(exitCode, error) {
  stopping ??= (async () => {
    if (!error && running.length > 1) progress.say("\nStopping …");
    for (const part of running.reverse()) {
      await Promise.resolve(part.stop()).catch((cause) => progress.say(`! while stopping: ${cause.message}`));
    }
    if (error) exitWith(error);
    process.exit(exitCode);
  })();
  return stopping;
}
