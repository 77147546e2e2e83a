import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asSystem } from "@/lib/contracts/viewer";
import { pool } from "./client";
import { returnToBucket, takeFromBucket } from "./rate-buckets";
import { testDatabase } from "./testing";

let database: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const system = asSystem("test");
const limit = { capacity: 5, perMinute: 6 };
const age = (key: string, seconds: number) =>
  pool().query(`update "RateBucket" set "updatedAt" = "updatedAt" - make_interval(secs => $2) where key = $1`, [
    key,
    seconds,
  ]);

describe("a rate bucket", () => {
  it("gives exactly its capacity to many who ask at once", async () => {
    const all = await Promise.all(Array.from({ length: 40 }, () => takeFromBucket(system, "burst", limit)));
    expect(all.filter(({ allowed }) => allowed)).toHaveLength(5);
  });

  it("says when to come back, and fills by the clock up to its capacity only", async () => {
    for (let n = 0; n < 5; n++) expect(await takeFromBucket(system, "clock", limit)).toEqual({ allowed: true });
    const denied = await takeFromBucket(system, "clock", limit);
    // Six a minute: the next one in ten seconds.
    expect(denied).toEqual({ allowed: false, retryAfterMs: expect.any(Number) });
    if (!denied.allowed) expect(denied.retryAfterMs).toBeGreaterThan(8000);
    if (!denied.allowed) expect(denied.retryAfterMs).toBeLessThanOrEqual(10_000);
    await age("clock", 10);
    expect(await takeFromBucket(system, "clock", limit)).toEqual({ allowed: true });
    expect(await takeFromBucket(system, "clock", limit)).toMatchObject({ allowed: false });
    await age("clock", 100_000);
    for (let n = 0; n < 5; n++) expect(await takeFromBucket(system, "clock", limit)).toEqual({ allowed: true });
    expect(await takeFromBucket(system, "clock", limit)).toMatchObject({ allowed: false });
  });

  it("takes back what was returned, and never holds more than its capacity", async () => {
    await takeFromBucket(system, "return", limit);
    for (let n = 0; n < 3; n++) await returnToBucket(system, "return", limit);
    const all = await Promise.all(Array.from({ length: 10 }, () => takeFromBucket(system, "return", limit)));
    expect(all.filter(({ allowed }) => allowed)).toHaveLength(5);
  });

  it("does not mix keys", async () => {
    for (let n = 0; n < 6; n++) await takeFromBucket(system, "a", limit);
    expect(await takeFromBucket(system, "b", limit)).toEqual({ allowed: true });
  });
});
