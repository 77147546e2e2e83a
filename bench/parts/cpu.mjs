// CPU time of other processes, as Linux counts it (in hundredths of a second, so measure seconds of it).
import { readdirSync, readFileSync } from "node:fs";

const msPerTick = 10;

/** Milliseconds (user and system) that these processes and all that descend from them have used so far. */
export function cpuOf(pids) {
  const all = new Map(
    readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => readStat(name)),
  );
  const wanted = new Set(pids);
  for (let size = 0; size !== wanted.size; ) {
    size = wanted.size;
    for (const [pid, { parent }] of all) if (wanted.has(parent)) wanted.add(pid);
  }
  return [...wanted].reduce((total, pid) => total + (all.get(pid)?.ticks ?? 0), 0) * msPerTick;
}

/** CPU milliseconds of the processes while `work` ran, and what it gave. */
export async function withCpuOf(pids, work) {
  const before = cpuOf(pids);
  const result = await work();
  return { result, cpuMs: cpuOf(pids) - before };
}

function readStat(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // Of proc_pid_stat(5): 4 parent, 14 to 17 user and system time, its own and that of children that have ended. The list
    // begins at the third.
    const ticks = fields.slice(11, 15).reduce((total, field) => total + Number(field), 0);
    return [[Number(pid), { parent: Number(fields[1]), ticks }]];
  } catch {
    // It ended between the listing and the reading.
    return [];
  }
}
