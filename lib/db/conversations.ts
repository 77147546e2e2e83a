import { type ConversationListItem, logVersion } from "@/lib/contracts/conversation";
import { AppError } from "@/lib/contracts/errors";
import { newId } from "@/lib/contracts/id";
import type { Caller, Viewer } from "@/lib/contracts/viewer";
import { userIdOf } from "./caller";
import { conversationNotFound } from "./events";
import { execute, inTransaction } from "./statement";
import { toStorableJson, toStorableText } from "./storable-json";

const columns = `c.id AS "conversationId", c.title, c.pinned, c."updatedAt",
  EXISTS (SELECT 1 FROM "Run" r WHERE r."conversationId" = c.id AND r."finishedAt" IS NULL) AS "isBusy"`;

interface ConversationRow {
  conversationId: string;
  title: string;
  pinned: boolean;
  updatedAt: Date;
  isBusy: boolean;
}

/**
 * The viewer's conversations: pinned first, then the most recently used. With `query`, those whose title or whose
 * messages contain it (any case).
 */
export async function listConversations(
  viewer: Viewer,
  options: { query?: string; limit?: number; before?: Date } = {},
): Promise<ConversationListItem[]> {
  const limit = Math.min(Math.max(options.limit ?? 50, 1), 200);
  const query = options.query?.trim();
  if (query) return (await search(viewer, query, limit)).map(toItem);
  const { rows } = await execute<ConversationRow>({
    name: "list-conversations",
    text: `(SELECT ${columns} FROM "Conversation" c WHERE c."userId" = $1 AND c.pinned AND $3::timestamptz IS NULL ORDER BY c."updatedAt" DESC LIMIT 200)
           UNION ALL
           (SELECT ${columns} FROM "Conversation" c WHERE c."userId" = $1 AND NOT c.pinned
              AND ($3::timestamptz IS NULL OR c."updatedAt" < $3) ORDER BY c."updatedAt" DESC LIMIT $2)`,
    values: [viewer.userId, limit, options.before ?? null],
  });
  return rows.map(toItem);
}

/** @throws AppError not-found when the caller has no such conversation */
export async function getConversation(
  caller: Caller,
  conversationId: string,
): Promise<ConversationListItem & { lastSeq: number }> {
  const { rows } = await execute<ConversationRow & { lastSeq: number }>({
    name: "get-conversation",
    text: `SELECT ${columns}, c."lastSeq" FROM "Conversation" c WHERE c.id = $1 AND ($2::text IS NULL OR c."userId" = $2)`,
    values: [conversationId, userIdOf(caller)],
  });
  if (!rows[0]) throw conversationNotFound();
  return { ...toItem(rows[0]), lastSeq: rows[0].lastSeq };
}

/** @throws AppError not-found when the viewer has no such conversation */
export async function renameConversation(viewer: Viewer, conversationId: string, title: string): Promise<void> {
  await change("rename-conversation", `UPDATE "Conversation" SET title = $3 WHERE id = $1 AND "userId" = $2`, [
    conversationId,
    viewer.userId,
    toStorableText(title),
  ]);
}

/** @throws AppError not-found when the viewer has no such conversation */
export async function pinConversation(viewer: Viewer, conversationId: string, pinned: boolean): Promise<void> {
  await change("pin-conversation", `UPDATE "Conversation" SET pinned = $3 WHERE id = $1 AND "userId" = $2`, [
    conversationId,
    viewer.userId,
    pinned,
  ]);
}

// Everything that was said or found in it goes, wherever it is kept: what its effects answered, what its builds were asked for and
// came up with. A version of a module that was built in it stays, and from then on is like one that was placed by hand: its files, its
// check and the decisions about it are its own, and whoever reads them knows versions without a build. So nothing of the build is
// kept; only "ask for changes" starts from less then: from the version's files and the reviewer's words.
// Rights that were given, what was filed away on purpose, and counts stay.
const deleteSql = `
WITH effects AS (DELETE FROM "Effect" WHERE "runId" IN (SELECT id FROM "Run" WHERE "conversationId" = $1)
), steps AS (DELETE FROM "BuildStep" WHERE "buildId" = ANY($3)
), built AS (UPDATE "ModuleVersion" SET "buildId" = NULL WHERE "buildId" = ANY($3) AND "userId" = $2
), builds AS (DELETE FROM "Build" WHERE id = ANY($3)
), asked AS (DELETE FROM "Approval" WHERE "conversationId" = $1
), gone AS (DELETE FROM "Conversation" WHERE id = $1 AND "userId" = $2 RETURNING id)
SELECT pg_notify('burgeon_runs', ''), pg_notify('burgeon_events', id) FROM gone`;

/**
 * Removes the conversation with its log, its runs, and what they and its builds left behind. A worker at work in it loses its claim
 * and stops.
 * @throws AppError not-found when the viewer has no such conversation
 */
export async function deleteConversation(viewer: Viewer, conversationId: string): Promise<void> {
  const values = [conversationId, viewer.userId];
  await inTransaction(async (client) => {
    const lock = async (table: "Run" | "Conversation" | "Build", column: string): Promise<string[]> => {
      const { rows } = await client.query<{ id: string }>({
        name: `lock-${table}-to-delete`,
        text: `SELECT id FROM "${table}" WHERE "${column}" = $1 AND "userId" = $2 ORDER BY id FOR UPDATE`,
        values,
      });
      return rows.map(({ id }) => id);
    };
    // In the order of every writer. Who adds an effect, a question or a step of a build holds one of these rows: what comes before
    // is seen by the statement below, and what comes after finds nothing to add to.
    await lock("Run", "conversationId");
    if ((await lock("Conversation", "id")).length === 0) throw conversationNotFound();
    const builds = await lock("Build", "conversationId");
    await client.query({ name: "delete-conversation", text: deleteSql, values: [...values, builds] });
  });
}

/**
 * Looks at another branch: the turn of this run, and below it what was looked at there last. What is sent next follows it.
 * @returns the sequence number of the event that says so
 * @throws AppError not-found when the viewer has no such conversation, or no such answer in it
 */
export async function chooseBranch(viewer: Viewer, conversationId: string, runId: string): Promise<number> {
  const { rows } = await execute<{ lastSeq: number }>({
    name: "choose-branch",
    text: `WITH bumped AS (
             UPDATE "Conversation" c SET "lastSeq" = c."lastSeq" + 1 FROM "Run" r
             WHERE c.id = $1 AND c."userId" = $2 AND r.id = $3 AND r."conversationId" = c.id AND r.kind = 'chat' RETURNING c."lastSeq"
           ), told AS (
             INSERT INTO "Event" ("conversationId", seq, type, payload, version, "createdAt")
             SELECT $1, "lastSeq", 'branch-chosen', $4::jsonb, ${logVersion}, clock_timestamp() FROM bumped)
           SELECT "lastSeq", pg_notify('burgeon_events', $1) FROM bumped`,
    values: [conversationId, viewer.userId, runId, toStorableJson({ runId })],
  });
  if (!rows[0]) throw new AppError("not-found", "There is no such answer in this conversation.");
  return rows[0].lastSeq;
}

/** What a new conversation takes over of another one's log, as `lib/conversation/copy-path.ts` finds it. */
export interface LogCopy {
  /** The turns, first to last. */
  runIds: readonly string[];
  /** The events in their new order. */
  seqs: readonly number[];
  /** The turn that each of them belongs to, as a place in `runIds`. */
  places: readonly number[];
}

// Nothing that can still be answered, undone or paid for is copied: rights, undo and tokens stay where they were.
const branchSql = `
WITH source AS (SELECT id, title FROM "Conversation" WHERE id = $1 AND "userId" = $2
), turns AS (
  SELECT t.old, t.new, t.place::int - 1 AS place, r.status, r.error, r."createdAt", r."finishedAt"
  FROM unnest($4::text[], $5::text[]) WITH ORDINALITY AS t(old, new, place)
  JOIN source ON true JOIN "Run" r ON r.id = t.old AND r."conversationId" = source.id AND r.kind = 'chat'
), ready AS (
  SELECT source.title FROM source
  WHERE (SELECT count(*) FROM turns WHERE "finishedAt" IS NOT NULL) = cardinality($4::text[]) AND cardinality($4::text[]) > 0
), conversation AS (
  INSERT INTO "Conversation" (id, "userId", title, "lastSeq", "createdAt", "updatedAt")
  SELECT $3, $2, left(title, 190) || ' (branch)', cardinality($6::int[]), clock_timestamp(), clock_timestamp() FROM ready
  RETURNING id
), runs AS (
  INSERT INTO "Run" (id, "conversationId", "userId", kind, status, input, error, "nextAt", "createdAt", "finishedAt")
  SELECT new, $3, $2, 'chat', status, jsonb_build_object('copyOf', old), error, "createdAt", "createdAt", "finishedAt" FROM turns, conversation
), events AS (
  INSERT INTO "Event" ("conversationId", seq, "runId", type, payload, version, "createdAt")
  SELECT $3, m.position, turns.new, e.type, CASE e.type
      WHEN 'message-sent' THEN e.payload - 'parentRunId' - 'regenerates' - 'forkOf'
      WHEN 'step-finished' THEN e.payload - 'costMicros' || '{"usage":{"inputTokens":0,"outputTokens":0}}'::jsonb
      WHEN 'tool-finished' THEN e.payload - 'undo' - 'grantId'
      WHEN 'context-compacted' THEN e.payload - 'usage' - 'costMicros' || jsonb_build_object('throughRunId', through.new)
      ELSE e.payload END, e.version, e."createdAt"
  FROM conversation, unnest($6::int[], $7::int[]) WITH ORDINALITY AS m(seq, place, position)
  JOIN turns ON turns.place = m.place
  JOIN "Event" e ON e."conversationId" = $1 AND e.seq = m.seq
  LEFT JOIN turns through ON through.old = e.payload->>'throughRunId'
)
SELECT (SELECT count(*)::int FROM conversation) AS made, (SELECT count(*)::int FROM turns) AS found`;

/**
 * A new conversation that begins with these turns of another one, as if they had been said there.
 * @throws AppError not-found when the viewer has no such conversation, or no such answers in it; conflict while one of them is
 * not finished
 */
export async function branchConversation(viewer: Viewer, conversationId: string, copy: LogCopy): Promise<string> {
  const branchId = newId("conv");
  const runIds = copy.runIds.map(() => newId("run"));
  const { rows } = await execute<{ made: number; found: number }>({
    name: "branch-conversation",
    text: branchSql,
    values: [conversationId, viewer.userId, branchId, copy.runIds, runIds, copy.seqs, copy.places],
  });
  if (rows[0]?.made === 1) return branchId;
  if (copy.runIds.length === 0 || rows[0]?.found !== copy.runIds.length)
    throw new AppError("not-found", "There is no such answer in this conversation.");
  throw new AppError("conflict", "Burgeon is still at work on an answer of this branch, so it was not copied.", {
    hint: "Wait until it is done, or stop it; then branch again.",
  });
}

// An answer is stored in the pieces in which it came, and what is looked for may lie across two of them.
async function search(viewer: Viewer, query: string, limit: number): Promise<ConversationRow[]> {
  const pattern = `%${toStorableText(query).replace(/[\\%_]/g, "\\$&")}%`;
  const { rows } = await execute<ConversationRow>({
    name: "search-conversations",
    text: `SELECT ${columns} FROM "Conversation" c
           WHERE c."userId" = $1 AND (c.title ILIKE $2 OR EXISTS (
             SELECT 1 FROM "Event" e WHERE e."conversationId" = c.id AND e.type IN ('message-sent', 'text-appended')
             GROUP BY e."runId", e.type, e.payload->>'step', e.payload->>'attempt'
             HAVING string_agg(e.payload->>'text', '' ORDER BY e.seq) ILIKE $2))
           ORDER BY c."updatedAt" DESC LIMIT $3`,
    values: [viewer.userId, pattern, limit],
  });
  return rows;
}

async function change(name: string, text: string, values: unknown[]): Promise<void> {
  const { rowCount } = await execute({ name, text, values });
  if (rowCount === 0) throw conversationNotFound();
}

function toItem(row: ConversationRow): ConversationListItem {
  const { conversationId, title, pinned, isBusy } = row;
  return { conversationId, title, pinned, isBusy, updatedAt: row.updatedAt.toISOString() };
}
