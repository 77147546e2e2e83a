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
function countUse(events: readonly NewEvent[]): number[] | null {
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
