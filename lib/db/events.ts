import type { ConversationEvent, NewEvent } from "@/lib/contracts/conversation";
import { AppError } from "@/lib/contracts/errors";
import type { Caller, System } from "@/lib/contracts/viewer";
import { add } from "./append";
import { userIdOf } from "./caller";
import { isoTimeSql } from "./notice";
import { execute } from "./statement";
import { requireReadable, UnreadableEventError, upcast } from "./upcast";

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
  const { conversationId, runId = null, fence = null } = target;
  const added = await add({ caller, conversationId, runId, fence, events });
  if (!added) {
    if (runId !== null && fence !== null) throw new LostRunError(runId);
    throw conversationNotFound();
  }
  const { lastSeq, stop, at, tokens, costMicros } = added;
  return {
    seqs: events.map((_, index) => lastSeq - events.length + 1 + index),
    stopRequested: stop,
    at: at.toISOString(),
    today: tokens === null ? null : { tokens, costMicros: costMicros ?? 0 },
  };
}

const isIntact = `(e.digest IS NULL OR e.digest = hashtextextended(e.type || ' ' || e.payload::text, e.seq))`;

// As text in the form in which it is passed on: making a date of it and text again is the dearest part of reading a long log.
const at = `${isoTimeSql('e."createdAt"')} AS at`;

// No join: it would sort the rows a second time, with all that is in them.
const readSql = (checks: boolean) => `
SELECT e.seq, e."runId", e.type, e.payload, e.version, ${at}${checks ? `, ${isIntact} AS "isIntact"` : ""}
FROM "Event" e WHERE e."conversationId" = $1 AND e.seq > $2 AND EXISTS (SELECT FROM "Conversation" WHERE id = $1 AND ($4::text IS NULL OR "userId" = $4))
ORDER BY e.seq LIMIT $3`;
const readPlainSql = readSql(false);
const readCheckedSql = readSql(true);

interface EventRow {
  seq: number;
  runId: string | null;
  type: string;
  payload: unknown;
  version: number;
  at: string;
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
  if (rows.length === 0) await requireConversation(caller, conversationId);
  return rows.map(toEvent);
}

/** @throws AppError not-found when the caller has no such conversation */
async function requireConversation(caller: Caller, conversationId: string): Promise<void> {
  const { rowCount } = await execute({
    name: "require-conversation",
    text: `SELECT FROM "Conversation" WHERE id = $1 AND ($2::text IS NULL OR "userId" = $2)`,
    values: [conversationId, userIdOf(caller)],
  });
  if (rowCount === 0) throw conversationNotFound();
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
  return rows.map((row, index) => {
    const event = toEvent(row);
    if (event.seq !== index + 1) throw new UnreadableEventError(event.seq, "an event before it is missing");
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
    text: `SELECT e.seq, e."runId", e.type, e.payload, e.version, ${at} FROM "Event" e
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
    at: row.at,
  } as ConversationEvent;
}
