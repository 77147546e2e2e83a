import type { ConversationListItem } from "@/lib/contracts/conversation";
import type { Caller, Viewer } from "@/lib/contracts/viewer";
import { userIdOf } from "./caller";
import { conversationNotFound } from "./events";
import { execute } from "./statement";
import { toStorableText } from "./storable-json";

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

/**
 * Removes the conversation with its log and its runs. A worker at work in it loses its claim and stops.
 * @throws AppError not-found when the viewer has no such conversation
 */
export async function deleteConversation(viewer: Viewer, conversationId: string): Promise<void> {
  await change(
    "delete-conversation",
    `WITH gone AS (DELETE FROM "Conversation" WHERE id = $1 AND "userId" = $2 RETURNING id),
       unasked AS (DELETE FROM "Approval" WHERE "conversationId" IN (SELECT id FROM gone))
     SELECT pg_notify('burgeon_runs', ''), pg_notify('burgeon_events', id) FROM gone`,
    [conversationId, viewer.userId],
  );
}

async function search(viewer: Viewer, query: string, limit: number): Promise<ConversationRow[]> {
  const pattern = `%${toStorableText(query).replace(/[\\%_]/g, "\\$&")}%`;
  const { rows } = await execute<ConversationRow>({
    name: "search-conversations",
    text: `SELECT ${columns} FROM "Conversation" c
           WHERE c."userId" = $1 AND (c.title ILIKE $2 OR EXISTS (
             SELECT 1 FROM "Event" e WHERE e."conversationId" = c.id AND e.type IN ('message-sent', 'text-appended') AND e.payload->>'text' ILIKE $2))
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
