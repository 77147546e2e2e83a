import { ApiFailure, sendJson } from "@/components/api/send-json";
import type { EventView } from "@/lib/contracts/calendar";
import { draftOf, type EventDraft, toChange, toNewEvent } from "./event-draft";

/** Somebody changed it since the person saw it; nothing was done. */
interface MovedOn {
  kind: "moved-on";
  now: EventView;
}
export type Saved = { kind: "saved"; event: EventView | null } | MovedOn;
type Deleted = { kind: "deleted" } | MovedOn;

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
  return asSeen(seen, async (path, ifMatch) => {
    const { event } = await sendJson<{ event: EventView }>("PATCH", path, change, ifMatch);
    return { kind: "saved", event };
  });
}

/** Deletes an event, unless it is no longer as the person saw it. @throws ApiFailure */
export async function deleteEvent(seen: EventView): Promise<Deleted> {
  return asSeen(seen, async (path, ifMatch) => {
    await sendJson("DELETE", path, undefined, ifMatch);
    return { kind: "deleted" };
  });
}

/**
 * Does it to the state that the person saw and no other. One that is newer and looks the same to them, as after the answer of a
 * guest, counts as seen.
 */
async function asSeen<Done>(
  seen: EventView,
  act: (path: string, ifMatch: Record<string, string>) => Promise<Done>,
): Promise<Done | MovedOn> {
  const path = `/api/calendar/events/${seen.id}`;
  let { etag } = seen;
  for (let tries = 1; ; tries++) {
    try {
      return await act(path, etag === null ? {} : { "if-match": etag });
    } catch (cause) {
      if (!(cause instanceof ApiFailure && cause.code === "conflict")) throw cause;
      const { event: now } = await sendJson<{ event: EventView }>("GET", path);
      if (!looksSame(now, seen)) return { kind: "moved-on", now };
      if (now.etag === etag || tries === maxTries) throw cause;
      etag = now.etag;
    }
  }
}
const maxTries = 3;

const looksSame = (first: EventView, second: EventView) =>
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
