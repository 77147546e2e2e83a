import type { EventPayload } from "@/lib/contracts/conversation";
import { AppError } from "@/lib/contracts/errors";
import { newId } from "@/lib/contracts/id";
import { type Caller, type Viewer, asSystem } from "@/lib/contracts/viewer";
import { userIdOf } from "./caller";
import { wakeRuns } from "./claims";
import { LostRunError } from "./events";
import { execute, inTransaction, type Queryable } from "./statement";
import { toStorableJson, toStorableText } from "./storable-json";

/** A question not answered within a day is no longer open. */
export const approvalLifetimeMs = 24 * 60 * 60_000;

export type ApprovalStatus = "pending" | "allowed" | "denied" | "expired";

export interface ApprovalRequest {
  title: string;
  lines: { label: string; value: string }[];
  effect: "write" | "destroy";
  taintedBy?: string;
}

export interface ApprovalRow {
  id: string;
  runId: string;
  conversationId: string;
  callId: string;
  tool: string;
  argumentsHash: string;
  request: ApprovalRequest;
  status: ApprovalStatus;
  note: string | null;
  expiresAt: Date;
  createdAt: Date;
}

const columns = `id, "runId", "conversationId", "callId", tool, "argumentsHash", request,
  CASE WHEN status = 'pending' AND "expiresAt" <= clock_timestamp() THEN 'expired' ELSE status END AS status, note, "expiresAt", "createdAt"`;

export interface NewApproval {
  conversationId: string;
  runId: string;
  fence: number;
  callId: string;
  tool: string;
  /** Hash of the canonical arguments: the decision is about exactly these. */
  argumentsHash: string;
  request: ApprovalRequest;
}

/**
 * Stores the question and the event that shows it in one transaction, under the run's fence. Asking again for the same call
 * gives the row that exists.
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
    const { rows } = await client.query<ApprovalRow>({
      name: "insert-approval",
      text: `INSERT INTO "Approval" (id, "userId", "conversationId", "runId", "callId", tool, "argumentsHash", request, status, "expiresAt", "createdAt")
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, 'pending', clock_timestamp() + $9 * interval '1 ms', clock_timestamp())
             ON CONFLICT ("runId", "callId") DO NOTHING RETURNING ${columns}`,
      values: [
        newId("appr"),
        viewer.userId,
        asked.conversationId,
        asked.runId,
        asked.callId,
        asked.tool,
        asked.argumentsHash,
        toStorableJson(asked.request),
        approvalLifetimeMs,
      ],
    });
    const created = rows[0];
    if (!created) return getByCall(client, asked.runId, asked.callId);
    const { title, lines, effect, taintedBy } = asked.request;
    await insertEvent(client, created, "approval-requested", {
      approvalId: created.id,
      callId: created.callId,
      tool: created.tool,
      title,
      lines,
      effect,
      ...(taintedBy === undefined ? {} : { taintedBy }),
      expiresAt: created.expiresAt.toISOString(),
    });
    return created;
  });
}

/** The question asked for one call of a run, or null. An unanswered one past its time is `expired`. */
export async function findApproval(caller: Caller, runId: string, callId: string): Promise<ApprovalRow | null> {
  const { rows } = await execute<ApprovalRow>({
    name: "find-approval",
    text: `SELECT ${columns} FROM "Approval" WHERE "runId" = $1 AND "callId" = $2 AND ($3::text IS NULL OR "userId" = $3)`,
    values: [runId, callId, userIdOf(caller)],
  });
  return rows[0] ?? null;
}

/** Open questions of the viewer, newest first. */
export async function listPendingApprovals(viewer: Viewer): Promise<ApprovalRow[]> {
  const { rows } = await execute<ApprovalRow>({
    name: "list-pending-approvals",
    text: `SELECT ${columns} FROM "Approval" WHERE "userId" = $1 AND status = 'pending' AND "expiresAt" > clock_timestamp()
           ORDER BY "createdAt" DESC LIMIT 200`,
    values: [viewer.userId],
  });
  return rows;
}

/**
 * Decides an open question. The first decision wins, in whichever tab it was made; the run it belongs to goes on.
 * @throws AppError not-found for a stranger's; conflict when it was decided already or is too old
 */
export async function decideApproval(
  viewer: Viewer,
  approvalId: string,
  decision: "allow" | "deny",
  note?: string,
): Promise<ApprovalRow> {
  const status: ApprovalStatus = decision === "allow" ? "allowed" : "denied";
  return inTransaction(async (client) => {
    // Locks in the order run, approval, conversation, as the worker does.
    const { rows } = await client.query<ApprovalRow>({
      name: "decide-approval",
      text: `UPDATE "Approval" SET status = $3, note = $4, "decidedBy" = $2, "decidedAt" = clock_timestamp()
             WHERE id = $1 AND "userId" = $2 AND status = 'pending' AND "expiresAt" > clock_timestamp() RETURNING ${columns}`,
      values: [approvalId, viewer.userId, status, note ? toStorableText(note) : null],
    });
    const decided = rows[0];
    if (!decided) throw await whyNot(client, viewer, approvalId);
    await insertEvent(client, decided, "approval-decided", {
      approvalId,
      callId: decided.callId,
      decision: status,
      ...(note ? { note } : {}),
    });
    await wakeRuns(asSystem("worker"), approvalId, client);
    return decided;
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
    if (expired)
      await insertEvent(client, expired, "approval-decided", {
        approvalId,
        callId: expired.callId,
        decision: "expired",
      });
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
             INSERT INTO "Event" ("conversationId", seq, "runId", type, payload, "createdAt")
             SELECT $1, "lastSeq", $2, $3, $4::jsonb, clock_timestamp() FROM bumped)
           SELECT pg_notify('burgeon_events', $1) FROM bumped`,
    values: [approval.conversationId, approval.runId, type, toStorableJson(payload)],
  });
}

async function getByCall(client: Queryable, runId: string, callId: string): Promise<ApprovalRow> {
  const { rows } = await client.query<ApprovalRow>({
    name: "approval-by-call",
    text: `SELECT ${columns} FROM "Approval" WHERE "runId" = $1 AND "callId" = $2`,
    values: [runId, callId],
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
    return new AppError("conflict", "This approval has expired; nothing was done.", {
      hint: "Ask again in the chat.",
    });
  return new AppError("conflict", `This was already ${status}.`);
}
