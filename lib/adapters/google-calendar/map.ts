import type { calendar_v3 } from "googleapis/build/src/apis/calendar/index.js";
import { Temporal } from "temporal-polyfill";
import type { NewEvent, SourceCalendar, SourceEvent } from "../../contracts/adapter";
import { calendarEventSchema } from "../../contracts/canonical";
import { tidy, toHtmlText, toPlainText } from "./html-text";

type GoogleEvent = calendar_v3.Schema$Event;
type GoogleTime = calendar_v3.Schema$EventDateTime;
type GoogleCalendar = calendar_v3.Schema$CalendarListEntry;
type EventTime = SourceEvent["start"];

export interface MapContext {
  calendarId: string;
  /** Of the calendar: for times that name none, or one that nobody knows. */
  timeZone: string;
}

/** @returns null for one of which only the free and busy times may be seen: there is nothing to show of it */
export function toSourceCalendar(calendar: GoogleCalendar): SourceCalendar | null {
  const role = calendar.accessRole ?? "";
  if (!calendar.id || calendar.deleted || !["reader", "writerWithoutPrivateAccess", "writer", "owner"].includes(role))
    return null;
  return {
    id: calendar.id,
    title: tidy(calendar.summaryOverride || calendar.summary || "") || calendar.id,
    timeZone: knownZone(calendar.timeZone) ?? "UTC",
    color: /^#[0-9a-f]{6}$/i.test(calendar.backgroundColor ?? "") ? (calendar.backgroundColor ?? null) : null,
    access: role === "reader" ? "read" : "write",
    isPrimary: calendar.primary === true,
  };
}

/** @returns null for an event without a time or with an id that is too long to be kept */
export function toSourceEvent(event: GoogleEvent, context: MapContext): SourceEvent | null {
  const start = toEventTime(event.start, context.timeZone);
  if (!start) return null;
  const organizer = toContact(event.organizer);
  const parsed = calendarEventSchema.safeParse({
    id: event.id,
    title: readTitle(event),
    start,
    end: toEventTime(event.end, context.timeZone) ?? start,
    description: toPlainText(event.description ?? "") || undefined,
    location: tidy(event.location ?? "") || undefined,
    // Left out where there are too many, or where only the organizer may see them.
    attendees: (event.attendees ?? []).map(toContact).filter((contact) => contact !== undefined),
    ...(organizer ? { organizer } : {}),
    status: event.status === "tentative" || event.status === "cancelled" ? event.status : "confirmed",
    calendarId: context.calendarId,
    etag: event.etag ?? undefined,
    seriesId: event.recurringEventId ?? undefined,
    recurrence: event.recurrence ?? undefined,
    iCalUid: event.iCalUID ?? undefined,
    isBusy: isBusy(event),
    url: /^https:\/\//.test(event.htmlLink ?? "") ? (event.htmlLink ?? undefined) : undefined,
  });
  return parsed.success ? parsed.data : null;
}

/** What a new event is at Google. */
export function toGoogleEvent(event: NewEvent): GoogleEvent {
  return {
    summary: tidy(event.title),
    start: toGoogleTime(event.start),
    end: toGoogleTime(event.end),
    ...(event.description === undefined ? {} : { description: toHtmlText(event.description) }),
    ...(event.location === undefined ? {} : { location: tidy(event.location) }),
    ...(event.attendees === undefined
      ? {}
      : { attendees: event.attendees.map(({ email, name }) => ({ email, ...(name ? { displayName: name } : {}) })) }),
  };
}

/**
 * What a change is as a PATCH. Times are merged field by field there: the form that is not meant must be taken away by name.
 * @param present guests as they are, so that their answers stay
 */
export function toGooglePatch(
  change: Partial<NewEvent>,
  present: readonly calendar_v3.Schema$EventAttendee[],
): GoogleEvent {
  const { title, start, end, description, location, attendees } = change;
  return {
    ...(title === undefined ? {} : { summary: tidy(title) }),
    ...(start === undefined ? {} : { start: { ...noTime, ...toGoogleTime(start) } }),
    ...(end === undefined ? {} : { end: { ...noTime, ...toGoogleTime(end) } }),
    ...(description === undefined ? {} : { description: toHtmlText(description) }),
    ...(location === undefined ? {} : { location: tidy(location) }),
    ...(attendees === undefined
      ? {}
      : {
          attendees: attendees.map(
            ({ email, name }) =>
              present.find((guest) => guest.email?.toLowerCase() === email.toLowerCase()) ?? {
                email,
                ...(name ? { displayName: name } : {}),
              },
          ),
        }),
  };
}
const noTime: GoogleTime = { date: null, dateTime: null, timeZone: null };

/** In whole seconds: Google drops the rest, and what was written is compared with what is there. */
function toGoogleTime(time: EventTime): GoogleTime {
  if ("date" in time) return { date: time.date };
  const dateTime = `${new Date(time.at).toISOString().slice(0, "2026-01-01T00:00:00".length)}Z`;
  return { dateTime, timeZone: time.timeZone };
}

/** All-day dates stay dates, whatever the zone; everything else becomes an instant with its zone. */
function toEventTime(time: GoogleTime | undefined, calendarZone: string): EventTime | null {
  if (time?.date) return { date: time.date };
  if (!time?.dateTime) return null;
  const timeZone = knownZone(time.timeZone) ?? calendarZone;
  const at = toInstant(time.dateTime, timeZone);
  return at === null ? null : { at, timeZone };
}

/** An offset decides where there is one. Without, the wall clock of the zone does: in a gap later, in an overlap earlier. */
function toInstant(dateTime: string, timeZone: string): string | null {
  if (/(z|[+-]\d{2}:?\d{2})$/i.test(dateTime)) {
    const ms = Date.parse(dateTime);
    return Number.isNaN(ms) ? null : new Date(ms).toISOString();
  }
  try {
    const zoned = Temporal.PlainDateTime.from(dateTime).toZonedDateTime(timeZone, { disambiguation: "compatible" });
    return new Date(zoned.epochMilliseconds).toISOString();
  } catch {
    // No time that there is: the event has none.
    return null;
  }
}

const zones = new Map<string, boolean>();

/** The zone if this machine knows it: names come and go, and Google may be ahead. */
function knownZone(timeZone: string | null | undefined): string | null {
  if (!timeZone) return null;
  let isKnown = zones.get(timeZone);
  if (isKnown === undefined) {
    try {
      new Intl.DateTimeFormat("en", { timeZone });
      isKnown = true;
    } catch {
      isKnown = false;
    }
    if (zones.size < 1000) zones.set(timeZone, isKnown);
  }
  return isKnown ? timeZone : null;
}

function readTitle(event: GoogleEvent): string {
  const isHidden = event.visibility === "private" || event.visibility === "confidential";
  return tidy(event.summary ?? "") || (isHidden ? "Busy" : "(No title)");
}

/** One that the person declined leaves their time free, as in Google's own free/busy answer. */
function isBusy(event: GoogleEvent): boolean {
  const own = event.attendees?.find((guest) => guest.self);
  return event.transparency !== "transparent" && own?.responseStatus !== "declined";
}

function toContact(person: { displayName?: string | null; email?: string | null } | null | undefined) {
  const name = tidy(person?.displayName ?? "");
  const email = tidy(person?.email ?? "");
  return name || email ? { ...(name ? { name } : {}), ...(email ? { email } : {}) } : undefined;
}
