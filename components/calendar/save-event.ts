import { ApiFailure, sendJson } from "@/components/api/send-json";
import type { EventView } from "@/lib/contracts/calendar";
import { draftOf, type EventDraft, toChange, toNewEvent } from "./event-draft";

export type Saved =
  | { kind: "saved"; event: EventView | null }
  /** Somebody changed it since the form was opened; nothing was saved. */
  | { kind: "moved-on"; now: EventView };

/** Creates an event. The same draft sent again, after an answer was lost, makes no second one. */
export async function createEvent(draft: EventDraft, formKey: string): Promise<Saved> {
  const body = toNewEvent(draft);
  const idempotencyKey = `${formKey}-${digest(JSON.stringify(body))}`;
  const { event } = await sendJson<{ event: EventView }>("POST", "/api/calendar/events", { ...body, idempotencyKey });
  return { kind: "saved", event };
}

/** Changes an event, unless it is no longer as the person saw it. @throws ApiFailure */
export async function changeEvent(draft: EventDraft, seen: EventView, personZone: string): Promise<Saved> {
  const change = toChange(draft, draftOf(seen, personZone));
  if (Object.keys(change).length === 0) return { kind: "saved", event: null };
  const path = `/api/calendar/events/${seen.id}`;
  const read = async () => (await sendJson<{ event: EventView }>("GET", path)).event;
  // What Burgeon has learnt since is a change of somebody else, too.
  const now = await read();
  if (!isSame(now, seen)) return { kind: "moved-on", now };
  try {
    const { event } = await sendJson<{ event: EventView }>("PATCH", path, change);
    return { kind: "saved", event };
  } catch (cause) {
    if (cause instanceof ApiFailure && cause.code === "conflict") return { kind: "moved-on", now: await read() };
    throw cause;
  }
}

const isSame = (first: EventView, second: EventView) =>
  (["title", "start", "end", "location", "description", "attendees", "status"] as const).every(
    (key) => JSON.stringify(first[key]) === JSON.stringify(second[key]),
  );

/** Not a secret, only the same for the same text: the browser's own digests are not there over plain HTTP. */
function digest(text: string): string {
  let [high, low] = [0x811c9dc5, 0x1000193];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    high = Math.imul(high ^ code, 0x01000193) >>> 0;
    low = Math.imul(low ^ (code + high), 0x85ebca6b) >>> 0;
  }
  return `${high.toString(36)}${low.toString(36)}`;
}
