// The two servers that the streaming benches compare, both as production runs them: our web with our worker, and a minimal
// Next route with the AI SDK.
import { execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { run } from "../../scripts/supervisor/build.mjs";
import { root } from "../../scripts/supervisor/install.mjs";
import { freePort } from "../../scripts/supervisor/postgres.mjs";
import { hashSources, isCurrent, makeWhenChanged } from "../../scripts/supervisor/sources.mjs";

const next = join(root, "node_modules", "next", "dist", "bin", "next");
const routeFolder = join(root, "bench", "next-route");
const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("npm_")));

/** Our web and worker on this database. `{ url, token, pids, stop }` */
export async function startOurApp({ databaseUrl, modelUrl, concurrency }) {
  const dataDir = mkdtempSync(join(tmpdir(), "burgeon-bench-"));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = {
    ...inherited,
    DATABASE_URL: databaseUrl,
    NEXTAUTH_SECRET: randomBytes(32).toString("base64url"),
    NEXTAUTH_URL: url,
    BURGEON_URL: url,
    BURGEON_DATA_DIR: dataDir,
    BURGEON_MASTER_KEY: randomBytes(32).toString("base64"),
    BURGEON_MODULES_DIR: dataDir,
    BURGEON_OWNER_EMAIL: "bench@example.org",
    BURGEON_OWNER_PASSWORD: "correct-horse-battery",
    BURGEON_MODEL: "openai-compatible:by-message",
    OPENAI_COMPATIBLE_BASE_URL: modelUrl,
    OPENAI_COMPATIBLE_API_KEY: "none",
    BURGEON_WORKER_CONCURRENCY: String(concurrency),
    NODE_ENV: "production",
    LOG_LEVEL: "error",
    TZ: "UTC",
  };
  const web = launch([next, "start", "--hostname", "127.0.0.1", "--port", String(port)], env);
  const worker = launch([join(root, "dist", "worker.mjs")], env);
  await untilAnswers(`${url}/api/health/ready`, web);
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(root, "dist", "burgeon.mjs"), "token", "create", "--scopes", "chat", "--json"],
    { cwd: root, env },
  );
  return {
    url,
    token: JSON.parse(stdout).token,
    pids: { web: web.pid, worker: worker.pid },
    async stop() {
      await Promise.all([end(web), end(worker)]);
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** The minimal routes, built when they changed; one of them stores on this database. `{ url, pids, stop }` */
export async function startRoute({ modelUrl, databaseUrl }) {
  const hash = hashSources(["bench/next-route/app", "bench/next-route/next.config.mjs", "package-lock.json"]);
  if (!isCurrent("bench-route", hash) || !existsSync(join(routeFolder, ".next", "BUILD_ID")))
    await makeWhenChanged("bench-route", hash, () =>
      run("The build of the minimal route", [next, "build", routeFolder], { ...inherited, NODE_ENV: "production" }),
    );
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = { ...inherited, BENCH_MODEL_URL: modelUrl, BENCH_DATABASE_URL: databaseUrl, NODE_ENV: "production" };
  const web = launch([next, "start", routeFolder, "--hostname", "127.0.0.1", "--port", String(port)], env);
  await untilAnswers(url, web);
  return { url, pids: { web: web.pid }, stop: () => end(web) };
}

function launch(args, env) {
  return spawn(process.execPath, ["--disable-warning=ExperimentalWarning", ...args], {
    cwd: root,
    env,
    stdio: ["ignore", "ignore", "inherit"],
  });
}

async function untilAnswers(url, child) {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`it ended with code ${child.exitCode}`);
    const answer = await fetch(url).catch(() => null);
    await answer?.body?.cancel();
    if (answer && answer.status < 500) return;
    await pause(50);
  }
  throw new Error(`${url} does not answer`);
}

async function end(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await ended;
}
