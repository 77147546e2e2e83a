import { logVersion } from "@/lib/contracts/conversation";
import type { BuildOutcome, BuildPlan, BuildRequest } from "@/lib/contracts/build";
import { AppError } from "@/lib/contracts/errors";
import { newId } from "@/lib/contracts/id";
import type { Viewer } from "@/lib/contracts/viewer";
import { LostRunError } from "./events";
import { titleOf } from "./runs";
import { execute, inTransaction, type Queryable } from "./statement";
import { toStorableJson, toStorableText } from "./storable-json";

export interface BuildRow {
  id: string;
  conversationId: string;
  runId: string;
  parentRunId: string | null;
  callId: string | null;
  request: BuildRequest;
  state: "planning" | "generating" | "checking" | "awaiting_review" | "failed" | "stopped";
  attempts: number;
  maxAttempts: number;
  plan: BuildPlan | null;
  result: BuildOutcome | null;
  createdAt: Date;
}

/** Where a build belongs: to a tool call of a run, or to a conversation of its own. */
export interface BuildOrigin {
  conversationId?: string;
  parentRunId?: string;
  callId?: string;
}

const columns = `id, "conversationId", "runId", "parentRunId", "callId", request, state, attempts, "maxAttempts", plan, result, "createdAt"`;

/** The build that answers this tool call already, if there is one. */
export async function findBuildOfCall(viewer: Viewer, parentRunId: string, callId: string): Promise<BuildRow | null> {
  const { rows } = await execute<BuildRow>({
    name: "find-build-of-call",
    text: `SELECT ${columns} FROM "Build" WHERE "parentRunId" = $1 AND "callId" = $2 AND "userId" = $3`,
    values: [parentRunId, callId, viewer.userId],
  });
  return rows[0] ?? null;
}

/** @throws AppError not-found */
export async function getBuild(viewer: Viewer, buildId: string): Promise<BuildRow> {
  const { rows } = await execute<BuildRow>({
    name: "get-build",
    text: `SELECT ${columns} FROM "Build" WHERE id = $1 AND "userId" = $2`,
    values: [buildId, viewer.userId],
  });
  if (!rows[0]) throw new AppError("not-found", "There is no such build.");
  return rows[0];
}

/**
 * Stores a build with the run that does its work, in the log of its conversation, and wakes a worker; all or nothing. The
 * same tool call twice finds the first build.
 * @throws AppError not-found for a conversation that is not the viewer's
 */
export async function createBuild(viewer: Viewer, request: BuildRequest, origin: BuildOrigin): Promise<BuildRow> {
  return inTransaction(async (client) => {
    const conversationId = await findOrCreateConversation(client, viewer, request, origin.conversationId);
    if (origin.parentRunId !== undefined) {
      const parent = await client.query({
        name: "find-parent-run",
        text: `SELECT 1 FROM "Run" WHERE id = $1 AND "userId" = $2`,
        values: [origin.parentRunId, viewer.userId],
      });
      if (parent.rowCount === 0) throw new AppError("not-found", "There is no such run.");
    }
    if (origin.parentRunId !== undefined && origin.callId !== undefined) {
      const existing = await client.query<BuildRow>({
        name: "find-build-of-call-locked",
        text: `SELECT ${columns} FROM "Build" WHERE "parentRunId" = $1 AND "callId" = $2 AND "userId" = $3`,
        values: [origin.parentRunId, origin.callId, viewer.userId],
      });
      if (existing.rows[0]) return existing.rows[0];
    }
    const buildId = newId("build");
    const runId = newId("run");
    await client.query({
      name: "create-build-run",
      text: `INSERT INTO "Run" (id, "conversationId", "userId", kind, status, input, "nextAt", "createdAt")
             VALUES ($1, $2, $3, 'build', 'queued', $4::jsonb, clock_timestamp(), clock_timestamp())`,
      values: [runId, conversationId, viewer.userId, toStorableJson({ buildId })],
    });
    const { rows } = await client.query<BuildRow>({
      name: "create-build",
      text: `INSERT INTO "Build" (id, "userId", "conversationId", "runId", "parentRunId", "callId", category, name, request, state, "updatedAt")
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb, 'planning', now()) RETURNING ${columns}`,
      values: [
        buildId,
        viewer.userId,
        conversationId,
        runId,
        origin.parentRunId ?? null,
        origin.callId ?? null,
        request.category ?? null,
        request.name ?? null,
        toStorableJson(request),
      ],
    });
    const build = rows[0];
    if (!build) throw new Error("a build was inserted and not returned");
    const started = {
      buildId,
      wish: request.wish,
      maxAttempts: build.maxAttempts,
      ...(origin.callId === undefined ? {} : { callId: origin.callId }),
    };
    await appendEvent(client, conversationId, runId, "build-started", started);
    await client.query({
      name: "wake-build",
      text: "SELECT pg_notify('burgeon_runs', $1), pg_notify('burgeon_events', $2)",
      values: [runId, conversationId],
    });
    return build;
  });
}

/** Locks the conversation's row, so that two starts for the same call come one after the other. */
async function findOrCreateConversation(
  client: Queryable,
  viewer: Viewer,
  request: BuildRequest,
  known: string | undefined,
): Promise<string> {
  if (known !== undefined) {
    const { rowCount } = await client.query({
      name: "lock-conversation",
      text: `SELECT 1 FROM "Conversation" WHERE id = $1 AND "userId" = $2 FOR UPDATE`,
      values: [known, viewer.userId],
    });
    if (rowCount === 0) throw new AppError("not-found", "There is no such conversation.");
    return known;
  }
  const id = newId("conv");
  await client.query({
    name: "create-build-conversation",
    text: `INSERT INTO "Conversation" (id, "userId", title, "lastSeq", "createdAt", "updatedAt") VALUES ($1, $2, $3, 0, clock_timestamp(), clock_timestamp())`,
    values: [id, viewer.userId, toStorableText(titleOf(request.wish))],
  });
  await appendEvent(client, id, null, "message-sent", { text: request.wish, via: "browser" });
  return id;
}

async function appendEvent(
  client: Queryable,
  conversationId: string,
  runId: string | null,
  type: string,
  payload: unknown,
): Promise<void> {
  await client.query({
    name: "append-build-event",
    text: `WITH bumped AS (UPDATE "Conversation" SET "lastSeq" = "lastSeq" + 1, "updatedAt" = clock_timestamp() WHERE id = $1 RETURNING "lastSeq")
           INSERT INTO "Event" ("conversationId", seq, "runId", type, payload, version, "createdAt")
           SELECT $1, "lastSeq", $2, $3, $4::jsonb, ${logVersion}, clock_timestamp() FROM bumped`,
    values: [conversationId, runId, type, toStorableJson(payload)],
  });
}

export interface BuildChange {
  state?: BuildRow["state"];
  attempts?: number;
  plan?: BuildPlan;
  result?: BuildOutcome;
}

/** Changes a build while the claim on its run holds. @throws LostRunError when it does not */
export async function updateBuild(
  viewer: Viewer,
  build: { buildId: string; runId: string; fence: number },
  change: BuildChange,
): Promise<void> {
  const { rowCount } = await execute({
    name: "update-build",
    text: `UPDATE "Build" b SET state = COALESCE($5, state), attempts = COALESCE($6, attempts), plan = COALESCE($7::jsonb, plan),
             result = COALESCE($8::jsonb, result), category = COALESCE($9, category), name = COALESCE($10, name), "updatedAt" = now()
           WHERE b.id = $1 AND b."userId" = $2
             AND EXISTS (SELECT 1 FROM "Run" r WHERE r.id = $3 AND r.fence = $4 AND r.status = 'running' AND r."userId" = $2)`,
    values: [
      build.buildId,
      viewer.userId,
      build.runId,
      build.fence,
      change.state ?? null,
      change.attempts ?? null,
      change.plan ? toStorableJson(change.plan) : null,
      change.result ? toStorableJson(change.result) : null,
      change.plan?.category ?? null,
      change.plan?.name ?? null,
    ],
  });
  if (rowCount === 0) throw new LostRunError(build.runId);
}

/** What a finished step of a build gave; undefined when it was not finished. */
export async function findBuildStep(viewer: Viewer, buildId: string, key: string): Promise<unknown> {
  const { rows } = await execute<{ output: unknown }>({
    name: "find-build-step",
    text: `SELECT s.output FROM "BuildStep" s JOIN "Build" b ON b.id = s."buildId" WHERE s."buildId" = $1 AND s.key = $2 AND b."userId" = $3`,
    values: [buildId, key, viewer.userId],
  });
  return rows[0]?.output;
}

/**
 * Remembers a finished step, so that a restarted build does not do it again. Whoever was first counts. A build that goes with its
 * conversation at this moment is waited for: nothing of it is left behind.
 */
export async function saveBuildStep(viewer: Viewer, buildId: string, key: string, output: unknown): Promise<void> {
  await execute({
    name: "save-build-step",
    text: `INSERT INTO "BuildStep" ("buildId", key, output) SELECT id, $2, $3::jsonb FROM "Build" WHERE id = $1 AND "userId" = $4 FOR KEY SHARE
           ON CONFLICT DO NOTHING`,
    values: [buildId, key, toStorableJson(output), viewer.userId],
  });
}

/** The conversation in which this version was built, for the way back from its review; null when it is gone. */
export async function findBuildConversation(viewer: Viewer, buildId: string): Promise<string | null> {
  const { rows } = await execute<{ conversationId: string }>({
    name: "find-build-conversation",
    text: `SELECT c.id AS "conversationId" FROM "Build" b JOIN "Conversation" c ON c.id = b."conversationId" WHERE b.id = $1 AND b."userId" = $2`,
    values: [buildId, viewer.userId],
  });
  return rows[0]?.conversationId ?? null;
}
