// How long `npm start` takes: first on an empty data directory (everything built already), then again on what it left.
// Compared with `next start` alone on the same build, which is the floor: no database, no worker.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { reportClaim } from "./parts/report.mjs";

const root = join(import.meta.dirname, "..");
const dataDir = mkdtempSync(join(tmpdir(), "burgeon-bench-"));

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Milliseconds until the address answers as `isReady` wants. */
async function measure(args, env, path, isReady) {
  const port = await freePort();
  const startedAt = performance.now();
  const child = spawn(process.execPath, args(port), {
    cwd: root,
    env: { ...process.env, ...env, PORT: String(port) },
    stdio: "ignore",
  });
  for (;;) {
    const response = await fetch(`http://127.0.0.1:${port}${path}`).catch(() => null);
    if (response && isReady(response)) break;
    if (child.exitCode !== null) throw new Error(`it ended with code ${child.exitCode}`);
    await delay(10);
  }
  const took = performance.now() - startedAt;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await ended;
  return took;
}

const next = join(root, "node_modules", "next", "dist", "bin", "next");
const ours = { BURGEON_DATA_DIR: dataDir, HOST: "127.0.0.1", BURGEON_OWN_NODE: "" };
const start = () =>
  measure(
    () => [join(root, "scripts", "start.mjs")],
    ours,
    "/api/health/ready",
    (response) => response.status === 200,
  );
try {
  const first = await start();
  const again = [];
  for (let n = 0; n < 3; n++) again.push(await start());
  const floor = await measure(
    (port) => [next, "start", "--port", String(port)],
    { NEXTAUTH_SECRET: "bench-bench-bench-bench", BURGEON_URL: "http://127.0.0.1:3000" },
    "/api/health/live",
    (response) => response.ok,
  );
  const second = again.sort((a, b) => a - b)[1];
  console.table({
    "next start alone (floor)": { seconds: (floor / 1000).toFixed(2), ratio: "1.0" },
    "npm start, empty data directory": { seconds: (first / 1000).toFixed(2), ratio: (first / floor).toFixed(1) },
    "npm start, second time (median of 3)": { seconds: (second / 1000).toFixed(2), ratio: (second / floor).toFixed(1) },
  });
  reportClaim({
    claim: "npm start, second time",
    ours: second / 1000,
    other: floor / 1000,
    unit: "s",
    otherName: "next start alone",
    aim: null,
  });
} finally {
  rmSync(dataDir, { recursive: true, force: true });
}
