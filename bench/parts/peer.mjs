// One side of a comparison is a process of its own, so that its CPU time can be read and nothing is shared.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { root } from "../../scripts/supervisor/install.mjs";

/** Starts a peer and waits until it says that it is ready. `options` are what its script is given. */
export async function startPeer(script, options, env = {}) {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", script, JSON.stringify(options)], {
    cwd: root,
    env: { ...process.env, LOG_LEVEL: "error", NODE_ENV: "production", TZ: "UTC", ...env },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const asked = new Map();
  let count = 0;
  let isOver = false;
  child.on("exit", (code, signal) => {
    isOver = true;
    for (const { reject } of asked.values()) reject(new Error(`${script} ended (${signal ?? code})`));
  });
  child.on("message", ({ id, result, error }) => {
    const waiting = asked.get(id);
    asked.delete(id);
    if (error) waiting?.reject(new Error(error));
    else waiting?.resolve(result);
  });
  const ask = (command, input = {}) =>
    new Promise((resolve, reject) => {
      if (isOver) return reject(new Error(`${script} is not running`));
      count += 1;
      asked.set(count, { resolve, reject });
      child.send({ id: count, command, input });
    });
  const ready = await ask("ready");
  const gone = new Promise((resolve) => child.once("exit", () => resolve(new Date())));
  return {
    pid: child.pid,
    /** When the system had taken it away, which after a kill -9 takes a while of its own. */
    gone,
    ready,
    ask,
    kill: (signal) => child.kill(signal),
    async stop() {
      if (isOver) return;
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    },
  };
}

/** Starts all of them, does the work, ends all of them, whatever happens. */
export async function withPeers(starts, work) {
  const peers = [];
  try {
    for (const start of starts) peers.push(await start());
    return await work(...peers);
  } finally {
    for (const peer of peers) await peer.stop();
  }
}
