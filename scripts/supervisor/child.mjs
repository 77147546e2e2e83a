import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { logFile, readLogTail } from "./data-directory.mjs";
import { root } from "./install.mjs";
import { Problem } from "./problem.mjs";
import { endProcess, identify, sendSignal } from "./process-identity.mjs";

const leash = join(root, "scripts", "supervisor", "leash.mjs");
/** So many ends in a row before it was ever ready: something is wrong that starting again does not cure. */
const maximumEarlyEnds = 3;
const firstWaitMs = 250;
const maximumWaitMs = 30_000;
/** Having lived this long, it starts again at once after an accident. */
const healthyMs = 60_000;
/** A worker hands its runs back within this time; afterwards it is ended hard and its leases run out. */
const stopSteps = [
  { signal: "SIGTERM", waitMs: 9_000 },
  { signal: "SIGKILL", waitMs: 2_000 },
];

/**
 * Starts a Node process of ours in its own process group and starts it again, with growing pauses, whenever it ends.
 * `failed` rejects when it cannot even start; `settle()` says that it has started well; `stop()` ends it for good.
 */
export function startChild({ name, args, env, logs, say }) {
  const state = { identity: null, isStopping: false, isSettled: false, ends: 0, timer: null };
  const path = logFile(logs, name);
  let fail;
  const failed = new Promise((_resolve, reject) => (fail = reject));
  failed.catch(() => undefined); // nobody waits for it any more once all is ready

  function launch() {
    const log = openSync(path, "a", 0o600);
    const startedAt = Date.now();
    // Standard input is the leash: see leash.mjs.
    const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", "--import", leash, ...args], {
      cwd: root,
      env,
      stdio: ["pipe", log, log],
      detached: true,
    });
    closeSync(log);
    child.stdin.on("error", () => undefined); // it closes with the child
    state.identity = identify(child.pid);
    child.once("exit", (code, signal) => onEnd(child.pid, signal ?? `code ${code}`, Date.now() - startedAt));
  }

  function onEnd(pid, how, livedMs) {
    if (state.isStopping) return;
    sendSignal(-pid, "SIGKILL"); // whatever it left behind in its group
    state.ends = livedMs > healthyMs ? 1 : state.ends + 1;
    if (!state.isSettled && state.ends >= maximumEarlyEnds) {
      fail(new Problem(`The ${name} does not start (${how}). The end of ${path}:\n${readLogTail(path)}`));
      return;
    }
    const waitMs = Math.min(firstWaitMs * 2 ** (state.ends - 1), maximumWaitMs);
    say(`The ${name} ended (${how}) and is started again in ${waitMs / 1000} s. See ${path}`);
    state.timer = setTimeout(launch, waitMs);
  }

  launch();
  return {
    failed,
    settle() {
      state.isSettled = true;
      state.ends = 0;
    },
    pid: () => state.identity.pid,
    async stop() {
      state.isStopping = true;
      clearTimeout(state.timer);
      await endProcess(state.identity, stopSteps);
      sendSignal(-state.identity.pid, "SIGKILL");
    },
  };
}
