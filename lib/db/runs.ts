import { createHash } from "node:crypto";
import { type EventPayload, logVersion } from "@/lib/contracts/conversation";
import { AppError } from "@/lib/contracts/errors";
import { newId } from "@/lib/contracts/id";
import type { RunStatus } from "@/lib/contracts/run";
import type { Caller, Viewer } from "@/lib/contracts/viewer";
import { userIdOf } from "./caller";
import { noticeSql } from "./notice";
import { execute } from "./statement";
import { toStorableJson } from "./storable-json";

/** Exactly one of `message`, `regenerate` and `fork` says what is to be done. */
export interface NewRun {
  /** The person's words, secrets already masked. */
  message?: string;
  via: "browser" | "api" | "system";
  conversationId?: string;
  maskedSecrets?: number;
  /** The turn that the message follows, null for none; left out: the end of the path that is looked at. */
  parentRunId?: string | null;
  /** The run whose question is asked again, beside it. */
  regenerate?: string;
  /** The run whose steps are taken over, up to and with this one. */
  fork?: { runId: string; step: number };
  /** Covers the whole body. */
  idempotencyKey?: string;
}

// One statement, so there is nothing between the run, its message and the wake-up. The run comes first: when the key is
// taken it inserts nothing, and then nothing else happens either. Foreign keys are checked at the end of the statement.
const createSql = `
WITH run AS (
  INSERT INTO "Run" (id, "conversationId", "userId", kind, status, input, "idempotencyKey", "requestHash", "nextAt", "createdAt")
  SELECT $1, $2, $3, 'chat', 'queued', '{}'::jsonb, $4, $5, clock_timestamp(), clock_timestamp()
  WHERE ($6 OR EXISTS (SELECT 1 FROM "Conversation" WHERE id = $2 AND "userId" = $3))
    AND ($9::text IS NULL OR EXISTS (SELECT 1 FROM "Run" WHERE id = $9 AND "conversationId" = $2 AND kind = 'chat'))
  ON CONFLICT ("userId", "idempotencyKey") DO NOTHING
  RETURNING id
), conversation AS (
  INSERT INTO "Conversation" (id, "userId", title, "lastSeq", "createdAt", "updatedAt")
  SELECT $2, $3, $7, 1, clock_timestamp(), clock_timestamp() FROM run
  ON CONFLICT (id) DO UPDATE SET "lastSeq" = "Conversation"."lastSeq" + 1, "updatedAt" = clock_timestamp()
  RETURNING "lastSeq"
), said AS (
  INSERT INTO "Event" ("conversationId", seq, "runId", type, payload, version, "createdAt")
  SELECT $2, "lastSeq", $1, 'message-sent', $8::jsonb, ${logVersion}, clock_timestamp() FROM conversation
  RETURNING *
)
SELECT pg_notify('burgeon_events', ${noticeSql("said")}), pg_notify('burgeon_runs', $1) FROM said`;

/**
 * Stores the message and queues the run that answers it, in a new conversation unless one is named or follows from the turn
 * that is meant. The same idempotency key with the same body gives the run that exists, also when both arrive at once.
 * @throws AppError not-found for a conversation or a turn that is not the viewer's; conflict for a step that nothing can go on
 * from, and for a key used with another body
 */
export async function createRun(
  viewer: Viewer,
  run: NewRun,
): Promise<{ runId: string; conversationId: string; created: boolean }> {
  const { message, parentRunId, regenerate, fork } = run;
  const requestHash = hashOf({ message, conversationId: run.conversationId ?? null, parentRunId, regenerate, fork });
  const asked = await findQuestion(viewer, run);
  const runId = newId("run");
  const conversationId = asked.conversationId ?? newId("conv");
  const { rowCount } = await execute({
    name: "create-run",
    text: createSql,
    values: [
      runId,
      conversationId,
      viewer.userId,
      run.idempotencyKey ?? null,
      requestHash,
      asked.conversationId === null,
      titleOf(asked.payload.text),
      toStorableJson(asked.payload),
      parentRunId ?? null,
    ],
  });
  if (rowCount === 1) return { runId, conversationId, created: true };
  const existing = run.idempotencyKey === undefined ? undefined : await findByKey(viewer, run.idempotencyKey);
  if (!existing) throw parentRunId ? answerNotFound() : new AppError("not-found", "There is no such conversation.");
  if (existing.requestHash !== requestHash)
    throw new AppError("conflict", "This Idempotency-Key was already used for another message.", {
      hint: "Use a new key for a new message.",
    });
  return { runId: existing.id, conversationId: existing.conversationId, created: false };
}

/** What is asked, and where. Of another turn only what never changes is read, so nothing can come between this and the insert. */
async function findQuestion(
  viewer: Viewer,
  run: NewRun,
): Promise<{ conversationId: string | null; payload: EventPayload<"message-sent"> }> {
  const { via, parentRunId, regenerate, fork } = run;
  const place = parentRunId === undefined ? {} : { parentRunId };
  const again = regenerate ?? fork?.runId;
  if (again === undefined) {
    const named = run.conversationId ?? (parentRunId ? (await getTurn(viewer, parentRunId)).conversationId : null);
    return { conversationId: named, payload: { ...toWords(run.message ?? "", run.maskedSecrets), via, ...place } };
  }
  const turn = await getTurn(viewer, again);
  if (run.conversationId !== undefined && run.conversationId !== turn.conversationId) throw answerNotFound();
  if (fork) requireForkable(turn, fork.step, await findStep(fork));
  const what = fork ? { forkOf: fork } : { regenerates: again };
  return {
    conversationId: turn.conversationId,
    payload: { ...toWords(turn.text, turn.maskedSecrets), via, ...place, ...what },
  };
}

function toWords(text: string, maskedSecrets: number | null | undefined): { text: string; maskedSecrets?: number } {
  return { text, ...(maskedSecrets ? { maskedSecrets } : {}) };
}

interface TurnRow {
  conversationId: string;
  text: string;
  maskedSecrets: number | null;
  forkOf: { runId: string; step: number } | null;
}

/** @throws AppError not-found when the viewer has no such answer in a chat */
async function getTurn(viewer: Viewer, runId: string): Promise<TurnRow> {
  const { rows } = await execute<TurnRow>({
    name: "get-turn",
    text: `SELECT r."conversationId", e.payload->>'text' AS text, (e.payload->>'maskedSecrets')::int AS "maskedSecrets", e.payload->'forkOf' AS "forkOf"
           FROM "Run" r JOIN "Event" e ON e."runId" = r.id AND e.type = 'message-sent'
           WHERE r.id = $1 AND r."userId" = $2 AND r.kind = 'chat' ORDER BY e.seq LIMIT 1`,
    values: [runId, viewer.userId],
  });
  if (!rows[0]) throw answerNotFound();
  return rows[0];
}

/** How many calls of a step have no result; null when the run itself has not finished such a step. */
async function findStep(fork: { runId: string; step: number }): Promise<{ openCalls: number } | null> {
  const { rows } = await execute<{ openCalls: number }>({
    name: "find-finished-step",
    text: `SELECT (SELECT count(*)::int FROM jsonb_array_elements(f.payload->'toolCalls') c WHERE NOT EXISTS (
             SELECT 1 FROM "Event" t WHERE t."runId" = $1 AND t.type = 'tool-finished' AND t.payload->>'callId' = c->>'callId')) AS "openCalls"
           FROM "Event" f WHERE f."runId" = $1 AND f.type = 'step-finished' AND (f.payload->>'step')::int = $2`,
    values: [fork.runId, fork.step],
  });
  return rows[0] ?? null;
}

function requireForkable({ forkOf }: TurnRow, step: number, found: { openCalls: number } | null): void {
  // What a fork took over was finished when it was taken over.
  if (!found && forkOf !== null && step <= forkOf.step) return;
  if (!found)
    throw new AppError("conflict", `Step ${step} of that answer is not finished, so nothing can start from it.`, {
      hint: "Choose an earlier step, or wait until it is done.",
    });
  if (found.openCalls > 0)
    throw new AppError("conflict", `A tool call of step ${step} has no result, so nothing can start from that step.`, {
      hint: "Choose an earlier step, or wait until the call is done.",
    });
}

export interface RunRow {
  id: string;
  conversationId: string;
  userId: string;
  kind: "chat" | "build";
  status: RunStatus;
  fence: number;
  attempts: number;
  waitingOn: string | null;
  stopRequestedAt: Date | null;
  error: { code: string; message: string; hint?: string } | null;
  createdAt: Date;
  finishedAt: Date | null;
}

/** @throws AppError not-found when the caller has no such run */
export async function getRun(caller: Caller, runId: string): Promise<RunRow> {
  const { rows } = await execute<RunRow>({
    name: "get-run",
    text: `SELECT id, "conversationId", "userId", kind, status, fence, attempts, "waitingOn", "stopRequestedAt", error, "createdAt", "finishedAt"
           FROM "Run" WHERE id = $1 AND ($2::text IS NULL OR "userId" = $2)`,
    values: [runId, userIdOf(caller)],
  });
  if (!rows[0]) throw runNotFound();
  return rows[0];
}

// A chat run that no worker holds ends here and now; one that is at work is told, and ends itself with what it has. So does one
// with an effect of unknown outcome: a worker takes it once more to say so.
// A build always goes through its worker, which leaves the build's own records in order.
const stopSql = `
WITH target AS (
  SELECT id, status, kind, "conversationId", kind = 'chat' AND status <> 'running' AND NOT EXISTS (
    SELECT 1 FROM "Effect" e WHERE e."runId" = r.id AND e.state IN ('intent', 'unknown') AND e.tool <> 'build_module') AS "endsNow"
  FROM "Run" r WHERE id = $1 AND ($2::text IS NULL OR "userId" = $2) FOR UPDATE
), asked AS (
  UPDATE "Run" r SET "stopRequestedAt" = COALESCE(r."stopRequestedAt", clock_timestamp()),
    status = CASE WHEN t."endsNow" THEN 'stopped' WHEN t.kind = 'chat' AND t.status = 'waiting' THEN 'queued' ELSE r.status END,
    "finishedAt" = CASE WHEN t."endsNow" THEN clock_timestamp() END,
    "waitingOn" = CASE WHEN t.kind = 'chat' AND t.status <> 'running' THEN NULL ELSE r."waitingOn" END
  FROM target t WHERE r.id = t.id AND t.status IN ('queued', 'running', 'waiting')
  RETURNING r.id, r.status, r."conversationId"
), bumped AS (
  UPDATE "Conversation" c SET "lastSeq" = "lastSeq" + 1, "updatedAt" = clock_timestamp()
  FROM asked WHERE c.id = asked."conversationId" AND asked.status = 'stopped' RETURNING c."lastSeq"
), ended AS (
  INSERT INTO "Event" ("conversationId", seq, "runId", type, payload, version, "createdAt")
  SELECT asked."conversationId", bumped."lastSeq", $1, 'run-finished', '{"status":"stopped"}'::jsonb, ${logVersion}, clock_timestamp() FROM asked, bumped
), unanswered AS (
  UPDATE "Approval" SET status = 'expired', "decidedAt" = clock_timestamp()
  WHERE "runId" IN (SELECT id FROM asked WHERE status = 'stopped') AND status = 'pending'
), builds AS (
  UPDATE "Run" SET "stopRequestedAt" = COALESCE("stopRequestedAt", clock_timestamp())
  WHERE id IN (SELECT b."runId" FROM "Build" b JOIN asked ON b."parentRunId" = asked.id) AND status IN ('queued', 'running', 'waiting')
  RETURNING id
)
SELECT t.status AS before, pg_notify('burgeon_runs', t.id), pg_notify('burgeon_events', t."conversationId"),
  (SELECT count(pg_notify('burgeon_runs', builds.id)) FROM builds) AS builds
FROM target t`;

/**
 * Asks a run to stop, from anywhere. What it has written stays. A finished run stays as it is.
 * @throws AppError not-found when the caller has no such run
 */
export async function requestStop(caller: Caller, runId: string): Promise<void> {
  const { rowCount } = await execute({ name: "stop-run", text: stopSql, values: [runId, userIdOf(caller)] });
  if (rowCount === 0) throw runNotFound();
}

/** The run that does a build's work, or null. */
export async function findBuildRun(
  caller: Caller,
  buildId: string,
): Promise<{ runId: string; status: RunStatus } | null> {
  const { rows } = await execute<{ runId: string; status: RunStatus }>({
    name: "find-build-run",
    text: `SELECT r.id AS "runId", r.status FROM "Build" b JOIN "Run" r ON r.id = b."runId"
           WHERE b.id = $1 AND ($2::text IS NULL OR b."userId" = $2)`,
    values: [buildId, userIdOf(caller)],
  });
  return rows[0] ?? null;
}

/** First line of the first message, cut at a word: up to 60 characters. */
export function titleOf(message: string): string {
  const line = message.trim().split("\n", 1)[0]?.replace(/\s+/g, " ").trim() ?? "";
  if (line.length <= 60) return line || "New conversation";
  const cut = line.slice(0, 60);
  const lastSpace = cut.lastIndexOf(" ");
  return `${(lastSpace > 30 ? cut.slice(0, lastSpace) : cut).toWellFormed()}…`;
}

function hashOf(body: unknown): string {
  return createHash("sha256").update(JSON.stringify(body)).digest("hex");
}

async function findByKey(
  viewer: Viewer,
  key: string,
): Promise<{ id: string; conversationId: string; requestHash: string } | undefined> {
  const { rows } = await execute<{ id: string; conversationId: string; requestHash: string }>({
    name: "find-run-by-key",
    text: `SELECT id, "conversationId", "requestHash" FROM "Run" WHERE "userId" = $1 AND "idempotencyKey" = $2`,
    values: [viewer.userId, key],
  });
  return rows[0];
}

function answerNotFound(): AppError {
  return new AppError("not-found", "There is no such answer in this conversation.");
}

function runNotFound(): AppError {
  return new AppError("not-found", "There is no such run.");
}
