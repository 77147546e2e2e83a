// Runs before anything is installed: plain Node 20, no dependencies.
import { spawnSync } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/** A process number alone is reused by the system; together with its start it names one process. */
export function identify(pid) {
  return { pid, startedAt: startOf(pid) };
}

/** Is exactly this process still there? A zombie counts as gone. */
export function isAlive({ pid, startedAt }) {
  const now = startOf(pid);
  return now !== null && (startedAt === undefined || startedAt === null || now === startedAt);
}

/** Program and working directory of a process (`null` where the system does not tell). */
export function describeProcess(pid) {
  if (process.platform === "linux") {
    return { program: readLink(`/proc/${pid}/exe`), directory: readLink(`/proc/${pid}/cwd`) };
  }
  const answer = spawnSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" });
  return { program: answer.stdout.trim() || null, directory: null };
}

/** Sends each signal in turn to the process (or its group) and waits until it is gone. True when it is. */
export async function endProcess(identity, steps, { group = false } = {}) {
  for (const { signal, waitMs } of steps) {
    if (!isAlive(identity)) return true;
    sendSignal(group ? -identity.pid : identity.pid, signal);
    const until = Date.now() + waitMs;
    while (Date.now() < until) {
      if (!isAlive(identity)) return true;
      await delay(25);
    }
  }
  return !isAlive(identity);
}

/** True when it was delivered; a process that has just gone is no error. */
export function sendSignal(target, signal) {
  try {
    process.kill(target, signal);
    return true;
  } catch (cause) {
    if (cause.code === "ESRCH" || cause.code === "EPERM") return false;
    throw cause;
  }
}

/** Linux: ticks since boot (field 22 of proc_pid_stat(5)). Elsewhere: what ps prints. Null: no such process. */
function startOf(pid) {
  if (process.platform !== "linux") {
    const answer = spawnSync("ps", ["-o", "state=,lstart=", "-p", String(pid)], { encoding: "utf8" });
    const text = answer.stdout.trim();
    return text === "" || text.startsWith("Z") ? null : text.replace(/^\S+\s+/, "");
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in brackets may hold spaces and brackets: count from the last one.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" || fields[0] === "X" ? null : (fields[19] ?? null);
  } catch (cause) {
    if (cause.code === "ENOENT" || cause.code === "ESRCH") return null;
    throw cause;
  }
}

function readLink(path) {
  try {
    return readlinkSync(path);
  } catch {
    return null; // gone, or not ours to see: both mean "unknown"
  }
}
