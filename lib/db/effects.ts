import type { Caller, System, Viewer } from "@/lib/contracts/viewer";
import { userIdOf } from "./caller";
import { LostRunError } from "./events";
import { execute, inTransaction } from "./statement";
import { toStorableJson } from "./storable-json";

export type EffectState = "intent" | "done" | "unknown" | "undone";

export interface EffectIntent {
  idempotencyKey: string;
  runId: string;
  fence: number;
  callId: string;
  tool: string;
  requestHash: string;
  /** What the call means, as JSON; null where it says that itself. */
  target: unknown;
}

export interface EffectRecord {
  state: EffectState;
  requestHash: string;
  /** Of the intent that was written first. */
  target: unknown;
  result: unknown;
  /** True when this very call wrote the row: nobody has tried before. */
  isNew: boolean;
}

/**
 * Writes down that an effect is about to be tried, under the run's fence. The row that exists already is given back as it is.
 * @throws LostRunError when the claim no longer holds
 */
export async function recordIntent(caller: Caller, intent: EffectIntent): Promise<EffectRecord> {
  const { idempotencyKey, runId, fence, callId, tool, requestHash, target } = intent;
  const { rows } = await execute<EffectRecord>({
    name: "record-intent",
    text: `WITH held AS (
             SELECT "userId" FROM "Run" WHERE id = $2 AND fence = $3 AND status = 'running' AND ($7::text IS NULL OR "userId" = $7) FOR UPDATE
           ), added AS (
             INSERT INTO "Effect" ("idempotencyKey", "userId", "runId", "callId", tool, state, "requestHash", target)
             SELECT $1, held."userId", $2, $4, $5, 'intent', $6, $8::jsonb FROM held ON CONFLICT DO NOTHING
             RETURNING state, "requestHash", target, result
           )
           SELECT state, "requestHash", target, result, true AS "isNew" FROM added
           UNION ALL SELECT e.state, e."requestHash", e.target, e.result, false FROM "Effect" e, held WHERE e."idempotencyKey" = $1 AND e."userId" = held."userId"`,
    values: [
      ...[idempotencyKey, runId, fence, callId, tool, requestHash, userIdOf(caller)],
      target === null ? null : toStorableJson(target),
    ],
  });
  if (!rows[0]) throw new LostRunError(runId);
  return rows[0];
}

export interface BegunEffect extends EffectRecord {
  idempotencyKey: string;
  tool: string;
}

/** What the ledger knows of a call's effect, whatever it was called with; null when nobody has tried it. */
export async function findEffectOfCall(viewer: Viewer, runId: string, callId: string): Promise<BegunEffect | null> {
  const { rows } = await execute<BegunEffect>({
    name: "find-effect-of-call",
    text: `SELECT "idempotencyKey", tool, state, "requestHash", target, result, false AS "isNew" FROM "Effect"
           WHERE "runId" = $1 AND "callId" = $2 AND "userId" = $3 ORDER BY "createdAt" LIMIT 1`,
    values: [runId, callId, viewer.userId],
  });
  return rows[0] ?? null;
}

/** Takes an intent back of which it is certain that nothing was tried. Who no longer holds the run takes nothing back. */
export async function withdrawIntent(
  viewer: Viewer,
  { idempotencyKey, runId, fence }: { idempotencyKey: string; runId: string; fence: number },
): Promise<void> {
  await execute({
    name: "withdraw-intent",
    text: `WITH held AS (SELECT id FROM "Run" WHERE id = $2 AND fence = $3 AND status = 'running' AND "userId" = $4 FOR UPDATE)
           DELETE FROM "Effect" e USING held WHERE e."idempotencyKey" = $1 AND e."runId" = held.id AND e.state = 'intent'`,
    values: [idempotencyKey, runId, fence, viewer.userId],
  });
}

/** Writes down how an effect ended. It happened, so this is recorded even when the run was lost meanwhile. */
export async function recordOutcome(
  caller: Caller,
  idempotencyKey: string,
  outcome: { state: EffectState; result?: unknown; undoUntil?: Date | null },
): Promise<boolean> {
  const { rowCount } = await execute({
    name: "record-outcome",
    text: `UPDATE "Effect" SET state = $2, result = $3::jsonb, "undoUntil" = $5, "updatedAt" = clock_timestamp()
           WHERE "idempotencyKey" = $1 AND state IN ('intent', 'unknown') AND ($4::text IS NULL OR "userId" = $4)`,
    values: [
      idempotencyKey,
      outcome.state,
      outcome.result === undefined ? null : toStorableJson(outcome.result),
      userIdOf(caller),
      outcome.undoUntil ?? null,
    ],
  });
  return rowCount === 1;
}

/**
 * The person said that an interrupted effect is to be done now: it is an intent again, and the answer is used up, in one
 * transaction, so that one answer is good for one try.
 */
export async function retryEffect(viewer: Viewer, idempotencyKey: string, approvalId: string): Promise<void> {
  await inTransaction(async (client) => {
    await client.query({
      name: "use-outcome-answer",
      text: `UPDATE "Approval" SET status = 'superseded' WHERE id = $1 AND "userId" = $2 AND status = 'allowed'`,
      values: [approvalId, viewer.userId],
    });
    await client.query({
      name: "retry-effect",
      text: `UPDATE "Effect" SET state = 'intent', "updatedAt" = clock_timestamp()
             WHERE "idempotencyKey" = $1 AND "userId" = $2 AND state IN ('intent', 'unknown')`,
      values: [idempotencyKey, viewer.userId],
    });
  });
}

export interface UndoableEffect {
  idempotencyKey: string;
  conversationId: string;
  tool: string;
  state: EffectState;
  undoUntil: Date | null;
  isOver: boolean;
}

/** The effect of a call, for taking it back; null when the viewer has none. */
export async function findUndoable(viewer: Viewer, runId: string, callId: string): Promise<UndoableEffect | null> {
  const { rows } = await execute<UndoableEffect>({
    name: "find-undoable",
    text: `SELECT e."idempotencyKey", r."conversationId", e.tool, e.state, e."undoUntil",
             e."undoUntil" IS NOT NULL AND e."undoUntil" < clock_timestamp() AS "isOver"
           FROM "Effect" e JOIN "Run" r ON r.id = e."runId" WHERE e."runId" = $1 AND e."callId" = $2 AND e."userId" = $3
           ORDER BY e."createdAt" DESC LIMIT 1`,
    values: [runId, callId, viewer.userId],
  });
  return rows[0] ?? null;
}

/** Marks an effect as taken back, once. @returns false when it was before */
export async function recordUndone(viewer: Viewer, idempotencyKey: string): Promise<boolean> {
  const { rowCount } = await execute({
    name: "record-undone",
    text: `UPDATE "Effect" SET state = 'undone', "undoUntil" = NULL, "updatedAt" = clock_timestamp()
           WHERE "idempotencyKey" = $1 AND "userId" = $2 AND state = 'done'`,
    values: [idempotencyKey, viewer.userId],
  });
  return rowCount === 1;
}

/**
 * Marks what a run had begun and never recorded as unknown: the run ends, so nobody will find out any more.
 * @returns the calls, oldest first, with those that were unknown before
 */
export async function leaveEffects(_system: System, runId: string): Promise<{ callId: string; tool: string }[]> {
  const { rows } = await execute<{ callId: string; tool: string }>({
    name: "leave-effects",
    text: `UPDATE "Effect" SET state = 'unknown', "updatedAt" = clock_timestamp() WHERE "runId" = $1 AND state IN ('intent', 'unknown')
           RETURNING "callId", tool`,
    values: [runId],
  });
  return rows;
}

/** The effects of one run, oldest first. A run the caller may not see has none. */
export async function listEffects(
  caller: Caller,
  runId: string,
): Promise<{ callId: string; tool: string; state: EffectState; createdAt: string }[]> {
  const { rows } = await execute<{ callId: string; tool: string; state: EffectState; createdAt: Date }>({
    name: "list-effects",
    text: `SELECT "callId", tool, state, "createdAt" FROM "Effect" WHERE "runId" = $1 AND ($2::text IS NULL OR "userId" = $2) ORDER BY "createdAt"`,
    values: [runId, userIdOf(caller)],
  });
  return rows.map((row) => ({ ...row, createdAt: row.createdAt.toISOString() }));
}
