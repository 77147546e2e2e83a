import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { logFile, readLogTail } from "./data-directory.mjs";
import { root } from "./install.mjs";
import { Problem } from "./problem.mjs";
import { endProcess, identify } from "./process-identity.mjs";

const readyMs = 15_000;

/**
 * Starts the sample services (`dist/demo.mjs`), which print one line `{"ready":true,"env":{…}}`; the env tells web and
 * worker where they are. Null when there are none.
 */
export async function startDemo({ env, data, progress }) {
  const script = join(root, "dist", "demo.mjs");
  if (!existsSync(script)) return null;
  return await progress.step("start the sample services", async () => {
    const path = logFile(data.logs, "demo");
    const log = openSync(path, "a", 0o600);
    const leash = join(root, "scripts", "supervisor", "leash.mjs");
    const child = spawn(process.execPath, ["--import", leash, script], {
      cwd: root,
      env,
      stdio: ["pipe", "pipe", log],
      detached: true,
    });
    closeSync(log);
    child.stdin.on("error", () => undefined); // it closes with the child
    const identity = identify(child.pid);
    const ready = await firstMessage(child).catch((cause) => {
      child.kill("SIGKILL");
      throw new Problem(`The sample services do not start: ${readLogTail(path, 1) || cause.message}`);
    });
    return {
      env: ready.env ?? {},
      stop: () =>
        endProcess(identity, [
          { signal: "SIGTERM", waitMs: 3_000 },
          { signal: "SIGKILL", waitMs: 1_000 },
        ]),
    };
  });
}

function firstMessage(child) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`not ready after ${readyMs / 1000} s`)), readyMs);
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`ended with code ${code}`)));
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (!line.startsWith("{")) return;
      const message = JSON.parse(line);
      if (message.ready !== true) return;
      clearTimeout(timer);
      resolve(message);
    });
  });
}
