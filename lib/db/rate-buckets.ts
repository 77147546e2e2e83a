import type { System } from "@/lib/contracts/viewer";
import { execute } from "./statement";

/** A bucket starts full, holds `capacity` and gains `perMinute` back evenly. */
export interface RateLimit {
  capacity: number;
  perMinute: number;
}

export type RateDecision = { allowed: true } | { allowed: false; retryAfterMs: number };

/** What the bucket holds now, at most full; of the row being written, by the database's clock. */
const refilled = `least($2::float8, b.tokens + greatest(0, extract(epoch FROM clock_timestamp() - b."updatedAt")) * $3::float8 / 60)`;
/** Buckets untouched for this long are full again, so they need not be kept. */
const keepHours = 24;
const pruneChance = 0.005;

/** Takes one from a bucket that all processes share. One statement: concurrent takers can never have more than there is. */
export async function takeFromBucket(_caller: System, key: string, limit: RateLimit): Promise<RateDecision> {
  const values = [key, limit.capacity, limit.perMinute];
  const { rowCount } = await execute({
    name: "take-from-bucket",
    text: `INSERT INTO "RateBucket" AS b (key, tokens, "updatedAt") SELECT $1, $2::float8 - 1, clock_timestamp() WHERE $2::float8 >= 1
           ON CONFLICT (key) DO UPDATE SET tokens = ${refilled} - 1, "updatedAt" = clock_timestamp() WHERE ${refilled} >= 1`,
    values,
  });
  if (Math.random() < pruneChance) await pruneBuckets();
  if (rowCount === 1) return { allowed: true };
  const { rows } = await execute<{ held: number }>({
    name: "read-bucket",
    text: `SELECT ${refilled} AS held FROM "RateBucket" b WHERE key = $1`,
    values,
  });
  const missing = Math.max(0, 1 - (rows[0]?.held ?? 0));
  return { allowed: false, retryAfterMs: Math.max(1, Math.ceil((missing / limit.perMinute) * 60_000)) };
}

/** Gives one back: what was counted turned out to be no reason for suspicion. */
export async function returnToBucket(_caller: System, key: string, limit: RateLimit): Promise<void> {
  await execute({
    name: "return-to-bucket",
    text: `UPDATE "RateBucket" b SET tokens = least($2::float8, ${refilled} + 1), "updatedAt" = clock_timestamp() WHERE key = $1`,
    values: [key, limit.capacity, limit.perMinute],
  });
}

async function pruneBuckets(): Promise<void> {
  await execute({
    name: "prune-buckets",
    text: `DELETE FROM "RateBucket" WHERE "updatedAt" < now() - make_interval(hours => $1)`,
    values: [keepHours],
  });
}
