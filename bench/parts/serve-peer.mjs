import { writeFileSync } from "node:fs";
import { Session } from "node:inspector/promises";
import { join } from "node:path";

/** The peer's end of `startPeer`: answers commands, one handler each. Ends with its parent. */
export function servePeer(handlers) {
  process.on("message", async ({ id, command, input }) => {
    try {
      const handle = command === "ready" ? (handlers.ready ?? (() => null)) : handlers[command];
      process.send({ id, result: await handle(input) });
    } catch (cause) {
      process.send({ id, error: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause) });
    }
  });
  process.on("disconnect", () => process.exit(0));
}

/** Options that the parent gave. */
export const options = JSON.parse(process.argv[2] ?? "{}");

/** CPU milliseconds (user and system) of this process that `work` took, and what it gave. */
export async function withCpu(work) {
  const endProfile = await beginProfile();
  const before = process.cpuUsage();
  const startedAt = performance.now();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  const wallMs = performance.now() - startedAt;
  await endProfile();
  return { result, cpuMs: (user + system) / 1000, wallMs };
}

/** With BURGEON_BENCH_PROFILE, a folder, the newest measurement of each peer leaves a CPU profile there. */
async function beginProfile() {
  const folder = process.env.BURGEON_BENCH_PROFILE;
  if (!folder) return async () => undefined;
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.setSamplingInterval", { interval: 200 });
  await session.post("Profiler.start");
  return async () => {
    const { profile } = await session.post("Profiler.stop");
    session.disconnect();
    writeFileSync(join(folder, `${options.database ?? process.pid}.cpuprofile`), JSON.stringify(profile));
  };
}
