import { type ConversationEvent, type NewEvent, logVersion } from "@/lib/contracts/conversation";
import { AppError } from "@/lib/contracts/errors";
import type { Caller, System } from "@/lib/contracts/viewer";
import { env } from "@/lib/env";
import { userIdOf } from "./caller";
import { execute } from "./statement";
import { toStorableJson } from "./storable-json";
import { requireReadable, upcast } from "./upcast";

/** How long a claim holds without a sign of life. Every append renews it. */
export function leaseMs(): number {
  return env().BURGEON_LEASE_MS;
}

/** Where events go. With `fence` they are written only while that claim of the run still holds. */
export interface LogTarget {
  conversationId: string;
  runId?: string;
  fence?: number;
}

/** Another worker holds the run, or the run has ended: whoever gets this stops at once and writes nothing more. */
export class LostRunError extends Error {
  constructor(runId: string) {
    super(`the claim on ${runId} is lost`);
    this.name = "LostRunError";
  }
}

// A log longer than this is not replayed but refused by memory long before.
const maxReplayed = 5_000_000;

// A notification holds less than 8000 bytes.
const maxNoticeBytes = 7000;

// These kinds are durable progress: a run that gets on is not a run that kills its workers.
const progressTypes: readonly string[] = ["step-finished", "tool-finished", "build-checked"];

// Locks run before conversation, like every other writer. NOTIFY is sent by the commit of this very statement; a single small
// event travels in it, so that those who look on need not ask for it (see tail.ts).
const appendSql = (counts: boolean) => `
WITH clock AS MATERIALIZED (SELECT date_trunc('milliseconds', clock_timestamp()) AS at
), held AS (
  UPDATE "Run" SET "leaseUntil" = clock_timestamp() + $7 * interval '1 ms', attempts = CASE WHEN $8 THEN 1 ELSE attempts END
  WHERE id = $2 AND fence = $3 AND status = 'running' AND "conversationId" = $1 AND ($4::text IS NULL OR "userId" = $4)
  RETURNING "stopRequestedAt", "userId"
), bumped AS (
  UPDATE "Conversation" SET "lastSeq" = "lastSeq" + cardinality($5::text[]),
    "updatedAt" = CASE WHEN "updatedAt" < clock_timestamp() - interval '2 s' THEN clock_timestamp() ELSE "updatedAt" END
  WHERE id = $1 AND ($4::text IS NULL OR "userId" = $4) AND ($3::int IS NULL OR EXISTS (SELECT 1 FROM held))
  RETURNING "lastSeq"
), inserted AS (
  INSERT INTO "Event" ("conversationId", seq, "runId", type, payload, version, "createdAt")
  SELECT $1, bumped."lastSeq" - cardinality($5::text[]) + e.position::int, $2, e.type, e.payload::jsonb, ${logVersion}, clock.at
  FROM bumped, clock, unnest($5::text[], $6::text[]) WITH ORDINALITY AS e(type, payload, position)
)${
  counts
    ? `, used AS (
  INSERT INTO "Usage" AS u ("userId", day, steps, "toolCalls", "inputTokens", "outputTokens", "costMicros")
  SELECT "userId", (clock_timestamp() AT TIME ZONE 'UTC')::date, $9, $10, $11, $12, $13 FROM held
  ON CONFLICT ("userId", day) DO UPDATE SET steps = u.steps + excluded.steps, "toolCalls" = u."toolCalls" + excluded."toolCalls",
    "inputTokens" = u."inputTokens" + excluded."inputTokens", "outputTokens" = u."outputTokens" + excluded."outputTokens",
    "costMicros" = u."costMicros" + excluded."costMicros"
  RETURNING ("inputTokens" + "outputTokens")::float8 AS tokens, "costMicros"::float8 AS "costMicros"
)`
    : ""
}
SELECT "lastSeq", EXISTS (SELECT 1 FROM held WHERE "stopRequestedAt" IS NOT NULL) AS stop, clock.at,
  ${counts ? `(SELECT tokens FROM used) AS tokens, (SELECT "costMicros" FROM used) AS "costMicros",` : ""}
  pg_notify('burgeon_events', CASE WHEN cardinality($5::text[]) = 1 AND $2::text IS NOT NULL AND octet_length(($6::text[])[1]) < ${maxNoticeBytes}
    THEN concat_ws(' ', $1, "lastSeq", to_char(clock.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), $2, ($5::text[])[1], ($6::text[])[1])
    ELSE $1 END)
FROM bumped, clock`;
const appendPlainSql = appendSql(false);
const appendCountingSql = appendSql(true);

/**
 * Appends to the conversation's log in one statement and tells those who tail it. With a fence the run's claim is checked
 * and its lease renewed in the same statement.
 * @returns the sequence numbers, in order
 * @throws LostRunError when the fence is stale; AppError not-found when the caller has no such conversation
 */
export async function appendEvents(caller: Caller, target: LogTarget, events: readonly NewEvent[]): Promise<number[]> {
  return (await appendChecked(caller, target, events)).seqs;
}

export interface Appended {
  seqs: number[];
  /** Somebody asked the run to stop. */
  stopRequested: boolean;
  /** The database's time, ISO 8601. */
  at: string;
  /** What the person has used today with these events; null when they count nothing. */
  today: { tokens: number; costMicros: number } | null;
}

/** Like `appendEvents`, and says what else the database knows by then. Steps and tokens are counted in the same statement. */
export async function appendChecked(caller: Caller, target: LogTarget, events: readonly NewEvent[]): Promise<Appended> {
  if (events.length === 0) return { seqs: [], stopRequested: false, at: new Date().toISOString(), today: null };
  const used = countUse(events);
  const { rows } = await execute<AppendRow>({
    name: used ? "append-and-count" : "append-events",
    text: used ? appendCountingSql : appendPlainSql,
    values: [
      target.conversationId,
      target.runId ?? null,
      target.fence ?? null,
      userIdOf(caller),
      events.map((event) => event.type),
      events.map((event) => toStorableJson(event.payload)),
      leaseMs(),
      events.some((event) => progressTypes.includes(event.type)),
      ...(used ?? []),
    ],
  });
  const row = rows[0];
  if (!row) {
    if (target.runId !== undefined && target.fence !== undefined) throw new LostRunError(target.runId);
    throw conversationNotFound();
  }
  const first = row.lastSeq - events.length + 1;
  const { tokens, costMicros } = row;
  return {
    seqs: events.map((_, index) => first + index),
    stopRequested: row.stop,
    at: row.at.toISOString(),
    today: tokens === undefined || tokens === null ? null : { tokens, costMicros: costMicros ?? 0 },
  };
}

interface AppendRow {
  lastSeq: number;
  stop: boolean;
  at: Date;
  tokens?: number | null;
  costMicros?: number | null;
}

/** Steps, tool calls, tokens in and out, cost: what these events add to the person's day; null when nothing. */
function countUse(events: readonly NewEvent[]): [number, number, number, number, number] | null {
  const sum: [number, number, number, number, number] = [0, 0, 0, 0, 0];
  let isAny = false;
  for (const { type, payload } of events) {
    if (type !== "step-finished" && type !== "context-compacted" && type !== "build-checked") continue;
    isAny ||= payload.usage !== undefined;
    if (type === "step-finished") {
      sum[0] += 1;
      sum[1] += payload.toolCalls.length;
    }
    sum[2] += payload.usage?.inputTokens ?? 0;
    sum[3] += payload.usage?.outputTokens ?? 0;
    if (type !== "build-checked") sum[4] += payload.costMicros ?? 0;
  }
  return isAny ? sum : null;
}

const isIntact = `(e.digest IS NULL OR e.digest = hashtextextended(e.type || ' ' || e.payload::text, e.seq))`;

const readSql = (checks: boolean) => `
SELECT e.seq, e."runId", e.type, e.payload, e.version, e."createdAt"${checks ? `, ${isIntact} AS "isIntact"` : ""}
FROM "Conversation" c
LEFT JOIN LATERAL (
  SELECT * FROM "Event" e WHERE e."conversationId" = c.id AND e.seq > $2 ORDER BY e.seq LIMIT $3
) e ON true
WHERE c.id = $1 AND ($4::text IS NULL OR c."userId" = $4)
ORDER BY e.seq`;
const readPlainSql = readSql(false);
const readCheckedSql = readSql(true);

interface EventRow {
  seq: number | null;
  runId: string | null;
  type: string;
  payload: unknown;
  version: number;
  createdAt: Date;
  isIntact?: boolean;
}

/**
 * Events after a sequence number, in order, at most `limit`.
 * @throws AppError not-found when the caller has no such conversation
 */
export async function readEvents(
  caller: Caller,
  conversationId: string,
  after: number,
  limit = 1000,
): Promise<ConversationEvent[]> {
  const { rows } = await execute<EventRow>({
    name: "read-events",
    text: readPlainSql,
    values: [conversationId, after, limit, userIdOf(caller)],
  });
  if (rows.length === 0) throw conversationNotFound();
  return rows.filter((row) => row.seq !== null).map(toEvent);
}

/** The whole log, in order. */
export async function readAllEvents(caller: Caller, conversationId: string): Promise<ConversationEvent[]> {
  const events: ConversationEvent[] = [];
  for (;;) {
    const page = await readEvents(caller, conversationId, events.at(-1)?.seq ?? 0, 5000);
    events.push(...page);
    if (page.length < 5000) return events;
  }
}

/**
 * The whole log for the worker that goes on with a run: every event is as it was written and of a shape that is understood.
 * @throws UnreadableEventError otherwise
 */
export async function readReplayableEvents(system: System, conversationId: string): Promise<ConversationEvent[]> {
  const { rows } = await execute<EventRow>({
    name: "read-replayable-events",
    text: readCheckedSql,
    values: [conversationId, 0, maxReplayed, userIdOf(system)],
  });
  if (rows.length === 0) throw conversationNotFound();
  return rows
    .filter((row) => row.seq !== null)
    .map((row) => {
      const event = toEvent(row);
      requireReadable(event, row.version, row.isIntact !== false);
      return event;
    });
}

/** Events of one run after a sequence number, in order. A run the caller may not see has none. */
export async function readRunEvents(
  caller: Caller,
  runId: string,
  after = 0,
  limit = 100_000,
): Promise<ConversationEvent[]> {
  const { rows } = await execute<EventRow>({
    name: "read-run-events",
    text: `SELECT e.seq, e."runId", e.type, e.payload, e.version, e."createdAt" FROM "Event" e
           JOIN "Run" r ON r.id = e."runId" AND ($4::text IS NULL OR r."userId" = $4)
           WHERE e."runId" = $1 AND e.seq > $2 ORDER BY e.seq LIMIT $3`,
    values: [runId, after, limit, userIdOf(caller)],
  });
  return rows.map(toEvent);
}

export function conversationNotFound(): AppError {
  return new AppError("not-found", "There is no such conversation.");
}

// Payloads were checked by the types of their writers, in whatever version that was.
function toEvent(row: EventRow): ConversationEvent {
  return {
    seq: row.seq,
    runId: row.runId,
    type: row.type,
    payload: upcast(row.type, row.payload, row.version),
    at: row.createdAt.toISOString(),
  } as ConversationEvent;
}
