import { actAs } from "@/lib/contracts/viewer";
import { armKill } from "./testing-kill";
import { rotateNow } from "./testing-rotate";

import { open, seal, vaultState } from "./vault";

/** What a process of the vault's tests does: rotates and dies on the way, or lives like web and worker do. */
export type VaultProcessOptions =
  | { kind: "rotate"; killAt: number; folder: string }
  | { kind: "live"; userId: string; scope: string };

async function rotate({ killAt, folder }: { killAt: number; folder: string }): Promise<void> {
  armKill(killAt, folder, () => {
    process.kill(process.pid, "SIGKILL");
    // The signal may take a moment; until then nothing else happens here.
    for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
  });
  await rotateNow();
}

/** Seals and opens until its input ends; every failure is told. It sees no rotation, and starts before the first one. */
async function live({ userId, scope }: { userId: string; scope: string }): Promise<void> {
  const viewer = actAs(userId);
  let isOver = false;
  process.stdin.on("end", () => (isOver = true)).resume();
  const failures: string[] = [];
  let count = 0;
  while (!isOver) {
    count += 1;
    try {
      await seal(viewer, scope, `n${count % 5}`, String(count));
      const read = await open(viewer, scope, `n${count % 5}`);
      if (read !== String(count)) failures.push(`read ${read} instead of ${count}`);
      if ((await vaultState()) !== "open") failures.push("said to be locked");
    } catch (cause) {
      failures.push(String(cause));
    }
    process.stdout.write(`${JSON.stringify({ count, failures })}\n`);
  }
}

if (process.argv[2]) {
  const options = JSON.parse(process.argv[2]) as VaultProcessOptions;
  await (options.kind === "rotate" ? rotate(options) : live(options));
  process.exit(0);
}
