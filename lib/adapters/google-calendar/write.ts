import { createHash } from "node:crypto";
import type { calendar_v3 } from "googleapis/build/src/apis/calendar/index.js";
import type { AdapterIo, CalendarWriter, NewEvent, SourceEvent } from "../../contracts/adapter";
import { callCalendar } from "./client";
import { GoogleError } from "./google-error";
import { toGoogleEvent, toGooglePatch, toSourceEvent } from "./map";

type GoogleEvent = calendar_v3.Schema$Event;

/**
 * Guests are told of everything, as by Google's own pages when one says "Send". An event nobody was asked to has nobody to tell,
 * so this needs no choice; the approval names the guests before.
 */
const sendUpdates = "all";
const alphabet = "0123456789abcdefghijklmnopqrstuv";

export const writer: CalendarWriter = { eventId, get, create, update, remove };

/** `bgn` and the SHA-256 of the key in base32hex: Google takes 5 to 1024 of these characters. */
function eventId(idempotencyKey: string): string {
  const digest = createHash("sha256").update(idempotencyKey).digest("hex");
  let rest = BigInt(`0x${digest}`);
  let text = "";
  for (let at = 0; at < 52; at++, rest >>= 5n) text = alphabet[Number(rest & 31n)] + text;
  return `bgn${text}`;
}

async function get(io: AdapterIo, calendarId: string, id: string): Promise<SourceEvent | null> {
  const event = await find(io, calendarId, id);
  return event && event.status !== "cancelled" ? map(event, calendarId) : null;
}

async function create(io: AdapterIo, calendarId: string, id: string, event: NewEvent): Promise<SourceEvent> {
  // The mark tells an event that this made from one that has the same id by some other way.
  const marked = { ...toGoogleEvent(event), id, extendedProperties: { private: { burgeon: id } } };
  try {
    return map(
      await callCalendar(io, (api, options) =>
        api.events.insert({ calendarId, sendUpdates, requestBody: marked }, options),
      ),
      calendarId,
    );
  } catch (error) {
    if (!(error instanceof GoogleError) || error.status !== 409) throw error;
    return map(await getOwn(io, calendarId, id, error), calendarId);
  }
}

/** The id is taken: by an earlier attempt, whose answer was lost, or by an event that is deleted, which keeps its id. */
async function getOwn(io: AdapterIo, calendarId: string, id: string, taken: GoogleError): Promise<GoogleEvent> {
  const found = await find(io, calendarId, id);
  if (found?.status === "cancelled")
    throw conflict("This event was created already and deleted since. It was not created again.", taken);
  if (found?.extendedProperties?.private?.burgeon !== id)
    throw conflict("Google Calendar has another event under this event's id. Nothing was changed.", taken);
  return found;
}

async function update(
  io: AdapterIo,
  calendarId: string,
  id: string,
  change: Partial<NewEvent>,
  etag: string,
): Promise<SourceEvent> {
  // Guests are replaced as a whole, so those who stay are sent back with the answer they gave.
  const present = change.attendees ? await find(io, calendarId, id) : null;
  const patch = toGooglePatch(change, present?.attendees ?? []);
  try {
    const event = await callCalendar(
      io,
      (api, options) => api.events.patch({ calendarId, eventId: id, sendUpdates, requestBody: patch }, options),
      { "if-match": etag },
    );
    return map(event, calendarId);
  } catch (error) {
    if (!(error instanceof GoogleError) || error.status !== 412) throw error;
    const now = await find(io, calendarId, id);
    if (!now || now.status === "cancelled") throw gone(error);
    // An attempt whose answer was lost leaves an event that is newer than the etag and as it was wanted.
    if (holds(now, calendarId, change)) return map(now, calendarId);
    throw error;
  }
}

async function remove(io: AdapterIo, calendarId: string, id: string, etag: string): Promise<void> {
  try {
    await callCalendar(io, (api, options) => api.events.delete({ calendarId, eventId: id, sendUpdates }, options), {
      "if-match": etag,
    });
  } catch (error) {
    if (!(error instanceof GoogleError)) throw error;
    if (error.status === 404 || error.status === 410) return;
    if (error.status !== 412) throw error;
    const now = await find(io, calendarId, id);
    if (now && now.status !== "cancelled") throw error;
  }
}

/** Cancelled ones, too. @returns null when there is none */
async function find(io: AdapterIo, calendarId: string, id: string): Promise<GoogleEvent | null> {
  try {
    return await callCalendar(io, (api, options) => api.events.get({ calendarId, eventId: id }, options));
  } catch (error) {
    if (error instanceof GoogleError && (error.status === 404 || error.status === 410)) return null;
    throw error;
  }
}

function map(event: GoogleEvent, calendarId: string): SourceEvent {
  const mapped = toSourceEvent(event, { calendarId, timeZone: "UTC" });
  if (mapped) return mapped;
  throw new GoogleError("unavailable", "Google Calendar gave an answer that Burgeon cannot read.", {
    status: 200,
    reason: "noEvent",
  });
}

/** Whether the event is as the change wants it. */
function holds(now: GoogleEvent, calendarId: string, change: Partial<NewEvent>): boolean {
  const { attendees, ...rest } = change;
  const event = map(now, calendarId);
  // Through the same mapping, so that what Google does not keep makes no difference.
  const wanted = map({ ...toGoogleEvent({ ...event, attendees: undefined, ...rest }), id: event.id }, calendarId);
  const isSame = (["title", "start", "end", "description", "location"] as const).every(
    (name) => change[name] === undefined || JSON.stringify(wanted[name]) === JSON.stringify(event[name]),
  );
  // Google may count the person whose calendar it is among the guests.
  const self = now.attendees?.find((guest) => guest.self)?.email?.toLowerCase();
  const guests = (people: readonly { email?: string | null }[]) =>
    people
      .map(({ email }) => email?.toLowerCase())
      .filter((email) => email !== self)
      .sort()
      .join();
  return isSame && (attendees === undefined || guests(attendees) === guests(now.attendees ?? []));
}

function conflict(message: string, { status, reason }: GoogleError): GoogleError {
  return new GoogleError("conflict", message, { status, reason });
}

function gone({ status, reason }: GoogleError): GoogleError {
  return new GoogleError("not-found", "The event is not in Google Calendar any more. Nothing was changed.", {
    status,
    reason,
  });
}
