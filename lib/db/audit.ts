import { createHash } from "node:crypto";
import { type Caller, type System, type Viewer } from "@/lib/contracts/viewer";
import { inTransaction, execute, type Queryable } from "./statement";
import { toStorableJson, toStorableText } from "./storable-json";

export interface AuditInput {
  /** What was done, past tense: module-approved, token-created, … */
  action: string;
  /** Id of what was changed. */
  subject: string;
  /** Never a secret. */
  detail?: Record<string, unknown>;
}

export interface AuditEntry {
  id: number;
  actor: string;
  via: string;
  action: string;
  subject: string;
  detail: Record<string, unknown>;
  at: Date;
}

interface AuditRow extends AuditEntry {
  userId: string;
  prevHash: string;
  hash: string;
}

/** Stands before the first entry of a user. */
const genesis = "0".repeat(64);
/** Class of the advisory locks under which a user's chain grows ("audt" as ASCII). */
const lockClass = 0x61756474;

/**
 * Adds an entry to the viewer's chain. Give the client of a transaction to make it hold together with what it tells of.
 * Burgeon itself says on whose chain it writes.
 */
export async function appendAudit(
  caller: Viewer | (System & { userId: string }),
  input: AuditInput,
  client?: Queryable,
): Promise<void> {
  if (client) return append(caller, input, client);
  await inTransaction((own) => append(caller, input, own));
}

/** The viewer's entries, newest first; of one subject when given. */
export async function listAudit(
  viewer: Viewer,
  options: { subject?: string; limit?: number; beforeId?: number } = {},
): Promise<AuditEntry[]> {
  const { rows } = await execute<AuditEntry>({
    name: "list-audit",
    text: `SELECT id, actor, via, action, subject, detail, at FROM "AuditEntry"
           WHERE "userId" = $1 AND ($2::text IS NULL OR subject = $2) AND ($3::int IS NULL OR id < $3) ORDER BY id DESC LIMIT $4`,
    values: [
      viewer.userId,
      options.subject ?? null,
      options.beforeId ?? null,
      Math.min(Math.max(options.limit ?? 100, 1), 1000),
    ],
  });
  return rows;
}

/** Re-computes a user's chain. Returns the id of the first entry that does not fit, null when all do. */
export async function findBrokenAudit(caller: Caller, userId: string): Promise<number | null> {
  if (caller.kind === "viewer" && caller.userId !== userId) return null;
  let prevHash = genesis;
  let afterId = 0;
  for (;;) {
    const { rows } = await execute<AuditRow>({
      name: "read-audit-chain",
      text: `SELECT * FROM "AuditEntry" WHERE "userId" = $1 AND id > $2 ORDER BY id LIMIT 500`,
      values: [userId, afterId],
    });
    for (const row of rows) {
      if (row.prevHash !== prevHash || row.hash !== hashOf(row)) return row.id;
      prevHash = row.hash;
      afterId = row.id;
    }
    if (rows.length < 500) return null;
  }
}

async function append(
  caller: Viewer | (System & { userId: string }),
  input: AuditInput,
  client: Queryable,
): Promise<void> {
  const { userId } = caller;
  await client.query({
    name: "lock-audit-chain",
    text: "SELECT pg_advisory_xact_lock($1, hashtext($2))",
    values: [lockClass, userId],
  });
  const last = await client.query<{ hash: string }>({
    name: "last-audit-hash",
    text: `SELECT hash FROM "AuditEntry" WHERE "userId" = $1 ORDER BY id DESC LIMIT 1`,
    values: [userId],
  });
  const detail = toStorableJson(input.detail ?? {});
  const entry = {
    userId,
    actor: caller.kind === "viewer" ? userId : "burgeon",
    via: caller.kind === "viewer" ? caller.via : "system",
    action: toStorableText(input.action),
    subject: toStorableText(input.subject),
    detail: JSON.parse(detail) as Record<string, unknown>,
    prevHash: last.rows[0]?.hash ?? genesis,
    at: new Date(),
  };
  await client.query({
    name: "append-audit",
    text: `INSERT INTO "AuditEntry" ("userId", actor, via, action, subject, detail, "prevHash", hash, at)
           VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7, $8, $9)`,
    values: [
      userId,
      entry.actor,
      entry.via,
      entry.action,
      entry.subject,
      detail,
      entry.prevHash,
      hashOf(entry),
      entry.at,
    ],
  });
}

function hashOf(entry: Omit<AuditRow, "id" | "hash">): string {
  const { userId, actor, via, action, subject, detail, prevHash, at } = entry;
  // The database keeps the members of an object in an order of its own, so ours is fixed by sorting.
  const text = JSON.stringify([prevHash, userId, actor, via, action, subject, sortKeys(detail), at.toISOString()]);
  return createHash("sha256").update(text).digest("hex");
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([name, member]) => [name, sortKeys(member)]);
}
