import type { NewEvent } from "@/lib/contracts/conversation";
import type { Caller } from "@/lib/contracts/viewer";
import { maxNoticeBytes } from "./notice";
import { toStorableJson } from "./storable-json";

/** What one caller adds to one conversation's log. */
export interface Addition {
  caller: Caller;
  conversationId: string;
  runId: string | null;
  /** Null: no claim is checked. */
  fence: number | null;
  events: readonly NewEvent[];
}

export interface Added {
  /** Sequence number of the last of the events. */
  lastSeq: number;
  /** Somebody asked the run to stop. */
  stop: boolean;
  at: Date;
  /** What the person has used today with these events; null when they count nothing. */
  tokens: number | null;
  costMicros: number | null;
}

// What both statements that add do alike (append.ts, append-one.ts).

/** SQL in an UPDATE of "Conversation" c: it was at work just now. Seldom, because the index has to follow. */
export const touchSql = `"updatedAt" = CASE WHEN c."updatedAt" < clock_timestamp() - interval '2 s' THEN clock_timestamp() ELSE c."updatedAt" END`;

/** SQL that adds to the day of each person. `rows` selects person, steps, tool calls, tokens in and out, cost, in the order of the persons. */
export function addUseSql(rows: string): string {
  return `
  INSERT INTO "Usage" AS u ("userId", day, steps, "toolCalls", "inputTokens", "outputTokens", "costMicros")
  SELECT "userId", (clock_timestamp() AT TIME ZONE 'UTC')::date, steps, calls, "tokensIn", "tokensOut", cost
  FROM (${rows}) AS more("userId", steps, calls, "tokensIn", "tokensOut", cost)
  ON CONFLICT ("userId", day) DO UPDATE SET steps = u.steps + excluded.steps, "toolCalls" = u."toolCalls" + excluded."toolCalls",
    "inputTokens" = u."inputTokens" + excluded."inputTokens", "outputTokens" = u."outputTokens" + excluded."outputTokens",
    "costMicros" = u."costMicros" + excluded."costMicros"
  RETURNING "userId", ("inputTokens" + "outputTokens")::float8 AS tokens, "costMicros"::float8 AS "costMicros"`;
}

// More events than these at once are asked for by those who look on.
const maxTold = 8;

// These kinds are durable progress: a run that gets on is not a run that kills its workers.
const progressTypes: readonly string[] = ["step-finished", "tool-finished", "build-checked"];

export function isProgress(events: readonly { type: string }[]): boolean {
  return events.some(({ type }) => progressTypes.includes(type));
}

/** An addition in the form in which it is written. */
export interface Prepared {
  types: string[];
  /** JSON, as the column takes it. */
  payloads: string[];
  isProgress: boolean;
  /** The events travel in the notice, and those who look on need not ask for them. */
  isTold: boolean;
  use: number[] | null;
}

export function prepare({ runId, events }: Addition): Prepared {
  const payloads = events.map(({ payload }) => toStorableJson(payload));
  return {
    types: events.map(({ type }) => type),
    payloads,
    isProgress: isProgress(events),
    isTold:
      runId !== null &&
      events.length <= maxTold &&
      payloads.every((payload) => Buffer.byteLength(payload) < maxNoticeBytes),
    use: countUse(events),
  };
}

/** Steps, tool calls, tokens in and out, cost: what these events add to the person's day; null when nothing. */
export function countUse(events: readonly NewEvent[]): number[] | null {
  const sum = [0, 0, 0, 0, 0];
  const addTo = (at: number, value = 0) => {
    sum[at] = (sum[at] ?? 0) + value;
  };
  let isAny = false;
  for (const { type, payload } of events) {
    if (type !== "step-finished" && type !== "context-compacted" && type !== "build-checked") continue;
    isAny ||= payload.usage !== undefined;
    if (type === "step-finished") {
      addTo(0, 1);
      addTo(1, payload.toolCalls.length);
    }
    addTo(2, payload.usage?.inputTokens);
    addTo(3, payload.usage?.outputTokens);
    if (type !== "build-checked") addTo(4, payload.costMicros);
  }
  return isAny ? sum : null;
}
