import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import pg from "pg";

/** What changes or reads something outside of the process, as far as a rotation does it. */
const fileCalls = ["rmSync", "openSync", "writeFileSync", "fsyncSync", "renameSync"] as const;
type Call = (...args: unknown[]) => unknown;

/**
 * Counts everything that this process asks of the database and, within `folder`, of the file system. At the nth it dies: `die` ends
 * the process, or throws, and goes on throwing, as a dead process does nothing more.
 * @returns puts everything back, and says how far it came
 */
export function armKill(at: number, folder: string, die: () => never): () => number {
  let count = 0;
  const step = () => {
    count += 1;
    if (count >= at) die();
  };
  const query = pg.Client.prototype.query as Call;
  pg.Client.prototype.query = function (this: unknown, ...args: unknown[]) {
    try {
      step();
    } catch (cause) {
      const callback = args.findLast((arg) => typeof arg === "function") as Call | undefined;
      if (!callback) return Promise.reject(cause);
      return process.nextTick(() => callback(cause));
    }
    return query.apply(this, args);
  } as typeof pg.Client.prototype.query;
  const calls = fs as unknown as Record<(typeof fileCalls)[number], Call>;
  const before = fileCalls.map((name) => [name, calls[name]] as const);
  for (const [name, call] of before)
    calls[name] = (...args) => {
      if (typeof args[0] === "number" || String(args[0]).startsWith(folder)) step();
      return call(...args);
    };
  syncBuiltinESMExports();
  return () => {
    pg.Client.prototype.query = query as typeof pg.Client.prototype.query;
    for (const [name, call] of before) calls[name] = call;
    syncBuiltinESMExports();
    return count;
  };
}
