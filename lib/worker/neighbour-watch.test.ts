import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { workerLockClass } from "@/lib/db/claims";
import { pool } from "@/lib/db/client";
import { listen } from "@/lib/db/listen";
import { testDatabase } from "@/lib/db/testing";
import { Liveness } from "./liveness";
import { NeighbourWatch } from "./neighbour-watch";

/** Well before the watch would look again by itself. */
const atOnce = { timeout: 3000, interval: 10 };
const started: { end(): unknown }[] = [];
let database: Awaited<ReturnType<typeof testDatabase>>;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

afterEach(async () => {
  for (const one of started.splice(0).reverse()) await one.end();
});

/** Workers in the order of the ring, none of them alive yet. */
function makeRing(count: number): Liveness[] {
  return Array.from({ length: count }, () => new Liveness()).sort((a, b) => a.lockNumber - b.lockNumber);
}

async function join(worker: Liveness | undefined): Promise<Liveness> {
  if (!worker) throw new Error("no such worker");
  await worker.begin();
  started.push(worker);
  return worker;
}

/** Watches as a worker does. */
function watchFrom(worker: Liveness) {
  const onDeath = vi.fn();
  const onLook = vi.fn();
  const watch = new NeighbourWatch(worker.lockNumber, { death: onDeath, look: onLook });
  const isListening = new Promise<void>((resolve) => {
    const stop = listen("burgeon_workers", () => {
      resolve();
      watch.lookAgain();
    });
    started.push({ end: stop });
  });
  watch.begin();
  started.push(watch);
  return { onDeath, onLook, isListening };
}

/** Whether somebody waits for this worker's end. */
async function isWatched({ lockNumber }: Liveness): Promise<boolean> {
  const { rowCount } = await pool().query(
    `SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND classid = $1 AND objid = $2 AND NOT granted`,
    [workerLockClass, lockNumber],
  );
  return rowCount === 1;
}

describe("watching the next worker", () => {
  it("begins when one joins somebody who was alone, and notices its death", async () => {
    const [first, second] = makeRing(2);
    const { onDeath, isListening } = watchFrom(await join(first));
    await isListening;
    const neighbour = await join(second);
    await expect.poll(() => isWatched(neighbour), atOnce).toBe(true);
    expect(onDeath).not.toHaveBeenCalled();
    await neighbour.end();
    await expect.poll(() => onDeath.mock.calls.length, atOnce).toBe(1);
  });

  it("turns to one that joins between, and to the former one after its death", async () => {
    const [first, between, last] = makeRing(3);
    const far = await join(last);
    const { onDeath, isListening } = watchFrom(await join(first));
    await isListening;
    await expect.poll(() => isWatched(far), atOnce).toBe(true);
    const near = await join(between);
    await expect.poll(() => isWatched(near), atOnce).toBe(true);
    expect(await isWatched(far)).toBe(false);
    expect(onDeath).not.toHaveBeenCalled();
    await near.end();
    await expect.poll(() => onDeath.mock.calls.length, atOnce).toBe(1);
    await expect.poll(() => isWatched(far), atOnce).toBe(true);
  });

  it("has what is left looked for when the next one went while it looked itself", async () => {
    const [first, second, third] = makeRing(3);
    const { onDeath, onLook, isListening } = watchFrom(await join(first));
    await isListening;
    const near = await join(second);
    await expect.poll(() => isWatched(near), atOnce).toBe(true);
    const { promise: isGone, resolve: letLook } = Promise.withResolvers<void>();
    const query = pool().query.bind(pool());
    const slowly = async (statement: { name?: string }, ...values: []) => {
      if (statement.name === "find-next-worker") await isGone;
      return query(statement as never, ...values);
    };
    const spy = vi.spyOn(pool(), "query").mockImplementation(slowly as never);
    const far = await join(third);
    await expect.poll(() => isWatched(near), atOnce).toBe(false);
    await near.end();
    const before = onLook.mock.calls.length;
    letLook();
    await expect.poll(() => isWatched(far), atOnce).toBe(true);
    spy.mockRestore();
    expect(onDeath).not.toHaveBeenCalled();
    expect(onLook.mock.calls.length).toBeGreaterThan(before);
  });

  it("costs one that stays alone no look for runs", async () => {
    const [only] = makeRing(1);
    const query = vi.spyOn(pool(), "query");
    const asked = () =>
      query.mock.calls.filter(([one]) => (one as { name?: string }).name === "find-next-worker").length;
    const { onLook } = watchFrom(await join(only));
    await expect.poll(asked, atOnce).toBeGreaterThan(1);
    query.mockRestore();
    expect(onLook).toHaveBeenCalledTimes(1);
  });
});
