import {
  type ApprovalAnswer,
  type ApprovalItem,
  type ApprovalKind,
  type ApprovalStatus,
  toRequested,
} from "@/lib/contracts/approval";
import { type EventPayload, logVersion } from "@/lib/contracts/conversation";
import { AppError } from "@/lib/contracts/errors";
import { newId } from "@/lib/contracts/id";
import { asSystem, type Caller, type Viewer } from "@/lib/contracts/viewer";
import { type ApprovalRequest, type ApprovalRow, toItem } from "./approval-row";
import { appendAudit } from "./audit";
import { userIdOf } from "./caller";
import { wakeRuns } from "./claims";
import { LostRunError } from "./events";
import { insertGrant } from "./grants";
import { execute, inTransaction, type Queryable } from "./statement";
import { toStorableJson, toStorableText } from "./storable-json";

/** A question not answered within a day is no longer open. */
export const approvalLifetimeMs = 24 * 60 * 60_000;

const columns = `id, kind, round, "runId", "conversationId", "callId", tool, "argumentsHash", "worldHash", request,
  CASE WHEN status = 'pending' AND "expiresAt" <= clock_timestamp() THEN 'expired' ELSE status END AS status, note, "expiresAt",
  "createdAt", "decidedAt"`;

export interface NewApproval {
  conversationId: string;
  runId: string;
  fence: number;
  callId: string;
  kind?: ApprovalKind;
  /** Above 1: asked again because the world moved. What was answered before counts no more. */
  round?: number;
  tool: string;
  /** Hash of the canonical arguments: the decision is about exactly these. */
  argumentsHash: string;
  /** Hash of the state of the world that is shown with them. */
  worldHash?: string | null;
  request: ApprovalRequest;
}

/**
 * Stores the question and the event that shows it in one transaction, under the run's fence. Asking again for the same call,
 * kind and round gives the row that exists.
 * @throws LostRunError when the claim no longer holds
 */
export async function requestApproval(viewer: Viewer, asked: NewApproval): Promise<ApprovalRow> {
  return inTransaction(async (client) => {
    const held = await client.query({
      name: "hold-run",
      text: `SELECT 1 FROM "Run" WHERE id = $1 AND fence = $2 AND status = 'running' AND "userId" = $3 AND "conversationId" = $4 FOR UPDATE`,
      values: [asked.runId, asked.fence, viewer.userId, asked.conversationId],
    });
    if (held.rowCount === 0) throw new LostRunError(asked.runId);
    const created = await insertApproval(client, viewer, asked);
    if (!created) return getByCall(client, asked);
    if (created.round > 1) await supersede(client, created);
    await insertEvent(client, created, "approval-requested", toRequested(toItem(created)));
    return created;
  });
}

/** The latest question of this kind about one call of a run, or null. An unanswered one past its time is `expired`. */
export async function findApproval(
  caller: Caller,
  runId: string,
  callId: string,
  kind: ApprovalKind = "permission",
): Promise<ApprovalRow | null> {
  const { rows } = await execute<ApprovalRow>({
    name: "find-approval",
    text: `SELECT ${columns} FROM "Approval" WHERE "runId" = $1 AND "callId" = $2 AND kind = $4 AND ($3::text IS NULL OR "userId" = $3)
           ORDER BY round DESC LIMIT 1`,
    values: [runId, callId, userIdOf(caller), kind],
  });
  return rows[0] ?? null;
}

/** The viewer's questions: the open ones, newest first, or those that were decided last. */
export async function listApprovals(
  viewer: Viewer,
  { state, limit = 200 }: { state: "pending" | "decided"; limit?: number },
): Promise<ApprovalItem[]> {
  const isPending = state === "pending";
  const { rows } = await execute<ApprovalRow>({
    name: `list-approvals-${state}`,
    text: `SELECT ${columns} FROM "Approval" WHERE "userId" = $1
             AND ${isPending ? `status = 'pending' AND "expiresAt" > clock_timestamp()` : `(status <> 'pending' OR "expiresAt" <= clock_timestamp())`}
           ORDER BY "createdAt" DESC LIMIT $2`,
    values: [viewer.userId, Math.min(Math.max(limit, 1), 500)],
  });
  return rows.map(toItem);
}

/** How many questions wait for the viewer. */
export async function countPendingApprovals(viewer: Viewer): Promise<number> {
  const { rows } = await execute<{ count: number }>({
    name: "count-pending-approvals",
    text: `SELECT count(*)::int AS count FROM "Approval" WHERE "userId" = $1 AND status = 'pending' AND "expiresAt" > clock_timestamp()`,
    values: [viewer.userId],
  });
  return rows[0]?.count ?? 0;
}

/**
 * Decides an open question. The first decision wins, in whichever tab or program it was made; the run it belongs to goes on.
 * With `always`, the grant is given in the same transaction.
 * @throws AppError not-found for a stranger's; conflict when it was decided already or is too old; invalid for an answer that
 * does not fit the question
 */
export async function decideApproval(
  viewer: Viewer,
  approvalId: string,
  answer: ApprovalAnswer,
): Promise<ApprovalItem> {
  const status = { allow: "allowed", deny: "denied", happened: "happened" } as const;
  return inTransaction(async (client) => {
    // Locks in the order run, approval, conversation, as the worker does.
    const { rows } = await client.query<ApprovalRow>({
      name: "decide-approval",
      text: `UPDATE "Approval" SET status = $3, note = $4, "decidedBy" = $2, "decidedVia" = $5, "decidedAt" = clock_timestamp()
             WHERE id = $1 AND "userId" = $2 AND status = 'pending' AND "expiresAt" > clock_timestamp() RETURNING ${columns}`,
      values: [
        approvalId,
        viewer.userId,
        status[answer.decision],
        answer.note ? toStorableText(answer.note) : null,
        viewer.via,
      ],
    });
    const decided = rows[0];
    if (!decided) throw await whyNot(client, viewer, approvalId);
    if (answer.decision === "happened" && decided.kind !== "outcome")
      throw new AppError("invalid", "This asks whether something may be done, not whether it happened.");
    const grantId = answer.always ? await insertGrant(client, viewer, decided, answer.always.only) : undefined;
    await insertEvent(client, decided, "approval-decided", {
      approvalId,
      callId: decided.callId,
      decision: status[answer.decision],
      ...(answer.note ? { note: answer.note } : {}),
      ...(grantId === undefined ? {} : { grantId }),
    });
    const detail = { tool: decided.tool, decision: answer.decision, ...(grantId === undefined ? {} : { grantId }) };
    await appendAudit(viewer, { action: "approval-decided", subject: approvalId, detail }, client);
    await wakeRuns(asSystem("worker"), approvalId, client);
    return toItem(decided);
  });
}

/** Marks an unanswered question as too old, once, with its event. */
export async function expireApproval(viewer: Viewer, approvalId: string): Promise<void> {
  await inTransaction(async (client) => {
    const { rows } = await client.query<ApprovalRow>({
      name: "expire-approval",
      text: `UPDATE "Approval" SET status = 'expired', "decidedAt" = clock_timestamp()
             WHERE id = $1 AND "userId" = $2 AND status = 'pending' AND "expiresAt" <= clock_timestamp() RETURNING ${columns}`,
      values: [approvalId, viewer.userId],
    });
    const expired = rows[0];
    if (!expired) return;
    const { callId } = expired;
    await insertEvent(client, expired, "approval-decided", { approvalId, callId, decision: "expired" });
  });
}

async function insertApproval(client: Queryable, viewer: Viewer, asked: NewApproval): Promise<ApprovalRow | undefined> {
  const { rows } = await client.query<ApprovalRow>({
    name: "insert-approval",
    text: `INSERT INTO "Approval" (id, "userId", "conversationId", "runId", "callId", kind, round, tool, "argumentsHash", "worldHash", request, status, "expiresAt", "createdAt")
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::jsonb, 'pending', clock_timestamp() + $12 * interval '1 ms', clock_timestamp())
           ON CONFLICT ("runId", "callId", kind, round) DO NOTHING RETURNING ${columns}`,
    values: [
      newId("appr"),
      viewer.userId,
      asked.conversationId,
      asked.runId,
      asked.callId,
      asked.kind ?? "permission",
      asked.round ?? 1,
      asked.tool,
      asked.argumentsHash,
      asked.worldHash ?? null,
      toStorableJson(asked.request),
      approvalLifetimeMs,
    ],
  });
  return rows[0];
}

/** An answer about a world that is no more gives no right. */
async function supersede(client: Queryable, newer: ApprovalRow): Promise<void> {
  await client.query({
    name: "supersede-approval",
    text: `UPDATE "Approval" SET status = 'superseded' WHERE "runId" = $1 AND "callId" = $2 AND kind = $3 AND round < $4`,
    values: [newer.runId, newer.callId, newer.kind, newer.round],
  });
}

async function insertEvent<T extends "approval-requested" | "approval-decided">(
  client: Queryable,
  approval: ApprovalRow,
  type: T,
  payload: EventPayload<T>,
): Promise<void> {
  await client.query({
    name: "insert-approval-event",
    text: `WITH bumped AS (UPDATE "Conversation" SET "lastSeq" = "lastSeq" + 1 WHERE id = $1 RETURNING "lastSeq"), told AS (
             INSERT INTO "Event" ("conversationId", seq, "runId", type, payload, version, "createdAt")
             SELECT $1, "lastSeq", $2, $3, $4::jsonb, ${logVersion}, clock_timestamp() FROM bumped)
           SELECT pg_notify('burgeon_events', $1) FROM bumped`,
    values: [approval.conversationId, approval.runId, type, toStorableJson(payload)],
  });
}

async function getByCall(client: Queryable, { runId, callId, kind, round }: NewApproval): Promise<ApprovalRow> {
  const { rows } = await client.query<ApprovalRow>({
    name: "approval-by-call",
    text: `SELECT ${columns} FROM "Approval" WHERE "runId" = $1 AND "callId" = $2 AND kind = $3 AND round = $4`,
    values: [runId, callId, kind ?? "permission", round ?? 1],
  });
  if (!rows[0]) throw new LostRunError(runId);
  return rows[0];
}

async function whyNot(client: Queryable, viewer: Viewer, approvalId: string): Promise<AppError> {
  const { rows } = await client.query<{ status: ApprovalStatus }>({
    name: "approval-status",
    text: `SELECT ${columns} FROM "Approval" WHERE id = $1 AND "userId" = $2`,
    values: [approvalId, viewer.userId],
  });
  const status = rows[0]?.status;
  if (!status) return new AppError("not-found", "There is no such approval.");
  if (status === "expired")
    return new AppError("conflict", "This approval has expired; nothing was done.", { hint: "Ask again in the chat." });
  if (status === "superseded")
    return new AppError("conflict", "This was asked again because something changed.", {
      hint: "Answer the new card.",
    });
  return new AppError("conflict", `This was already answered: ${status}.`);
}
