import { getAdapter } from "@/lib/adapters/registry";
import type { AdapterIo, CalendarWriter, NewEvent, SourceEvent } from "@/lib/contracts/adapter";
import type { EventChange, EventView, NewEventInput } from "@/lib/contracts/calendar";
import { AppError } from "@/lib/contracts/errors";
import type { Viewer } from "@/lib/contracts/viewer";
import { dropEvent, putEvent } from "@/lib/db/calendar/calendar-store";
import { type CalendarPlace, getCalendar, listCalendars } from "@/lib/db/calendar/calendars";
import type { EventPlace } from "@/lib/db/calendar/event-row";
import { getEventPlace } from "@/lib/db/calendar/events";
import { getTimeZone } from "@/lib/db/profile";
import { connectionIo } from "../io";
import { inZone, moveTimes, readTimes, type Times } from "./event-times";

/** The calendar that is meant: the named one, else the person's main one that can be written to. */
export async function chooseCalendar(viewer: Viewer, calendarId: string | undefined): Promise<CalendarPlace> {
  const calendar =
    calendarId === undefined
      ? (await listCalendars(viewer)).find(({ isWritable }) => isWritable)
      : await getCalendar(viewer, calendarId);
  if (!calendar)
    throw new AppError("invalid", "No connected calendar can be written to.", {
      hint: "Connect a calendar on Connections and allow Burgeon to change events.",
    });
  requireWritable(calendar);
  return calendar;
}

/**
 * What a change makes of an event's times. Without a zone the clock is the person's, on which they see every event; the event keeps
 * the zone it stands in.
 */
export async function timesAfter(viewer: Viewer, before: EventView, change: EventChange): Promise<Times> {
  if (change.start === undefined && change.end === undefined) return { start: before.start, end: before.end };
  if (change.start === undefined) throw new AppError("invalid", "Say when it starts as well.");
  const timeZone = change.timeZone ?? (await getTimeZone(viewer));
  const times =
    change.end === undefined
      ? moveTimes(before, change.start, timeZone)
      : readTimes(change.start, change.end, timeZone);
  return change.timeZone === undefined && "timeZone" in before.start ? inZone(times, before.start.timeZone) : times;
}

/** Creates an event at its source, and here. The same key again finds the event that is there. */
export async function createEvent(
  viewer: Viewer,
  input: NewEventInput,
  idempotencyKey: string,
  signal: AbortSignal,
): Promise<EventView> {
  const calendar = await chooseCalendar(viewer, input.calendarId);
  const times = readTimes(input.start, input.end, input.timeZone ?? (await getTimeZone(viewer)));
  const { writer, io } = reach(viewer, calendar, signal);
  const made = await writer.create(io, calendar.sourceId, writer.eventId(idempotencyKey), {
    ...times,
    ...textsOf(input),
    title: input.title,
  });
  return keep(viewer, calendar, made);
}

/**
 * Changes an event that nobody else has changed since `etag`. A change that is there already, as after an interruption, is done.
 * @throws AppError conflict when it was changed meanwhile, not-found when it is gone
 */
export async function updateEvent(
  viewer: Viewer,
  place: EventPlace,
  change: EventChange,
  signal: AbortSignal,
): Promise<EventView> {
  const calendar = await getCalendar(viewer, place.event.calendarId);
  requireWritable(calendar);
  const { writer, io } = reach(viewer, calendar, signal);
  const isMoved = change.start !== undefined || change.end !== undefined;
  const wanted: Partial<NewEvent> = {
    ...textsOf(change),
    ...(change.title === undefined ? {} : { title: change.title }),
    ...(isMoved ? await timesAfter(viewer, place.event, change) : {}),
  };
  try {
    const changed = await writer.update(io, calendar.sourceId, place.sourceId, wanted, place.etag ?? "");
    return await keep(viewer, calendar, changed);
  } catch (cause) {
    const { now, conflict } = await readNewer(viewer, calendar, place, signal, cause);
    if (now && isAlready(now, wanted)) return keep(viewer, calendar, now);
    throw conflict;
  }
}

/**
 * Deletes an event that nobody else has changed since. One that is gone already counts.
 * @throws AppError conflict when it was changed meanwhile
 */
export async function removeEvent(viewer: Viewer, place: EventPlace, signal: AbortSignal): Promise<void> {
  const calendar = await getCalendar(viewer, place.event.calendarId);
  requireWritable(calendar);
  const { writer, io } = reach(viewer, calendar, signal);
  try {
    await writer.remove(io, calendar.sourceId, place.sourceId, place.etag ?? "");
  } catch (cause) {
    throw (await readNewer(viewer, calendar, place, signal, cause)).conflict;
  }
  await dropEvent(viewer, calendar.id, place.sourceId);
}

/** Looks at the source for how the event is now, and keeps that here. @throws AppError not-found when it is gone */
export async function refreshEvent(viewer: Viewer, eventId: string, signal: AbortSignal): Promise<EventPlace> {
  const place = await getEventPlace(viewer, eventId);
  const calendar = await getCalendar(viewer, place.event.calendarId);
  const { writer, io } = reach(viewer, calendar, signal);
  const now = await writer.get(io, calendar.sourceId, place.sourceId);
  if (!now) {
    await dropEvent(viewer, calendar.id, place.sourceId);
    throw new AppError("not-found", `"${place.event.title}" was deleted in ${calendar.title} meanwhile.`);
  }
  await putEvent(viewer, calendar.id, now);
  return getEventPlace(viewer, eventId);
}

/** After a refusal because of its version: how the event is now, kept here, so that whoever looks again sees it. @throws any other cause */
async function readNewer(
  viewer: Viewer,
  calendar: CalendarPlace,
  place: EventPlace,
  signal: AbortSignal,
  cause: unknown,
) {
  if (!(cause instanceof AppError && cause.code === "conflict")) throw cause;
  const { writer, io } = reach(viewer, calendar, signal);
  const now = await writer.get(io, calendar.sourceId, place.sourceId);
  if (now) await putEvent(viewer, calendar.id, now);
  const conflict = new AppError("conflict", "This event was changed meanwhile. Nothing was overwritten.", {
    cause,
    hint: "Look at how it is now, and then change or delete that.",
  });
  return { now, conflict };
}

function reach(
  viewer: Viewer,
  calendar: CalendarPlace,
  signal: AbortSignal,
): { writer: CalendarWriter; io: AdapterIo } {
  const adapter = getAdapter(calendar.adapter);
  if (!adapter.writer) throw new AppError("refused", `${adapter.manifest.title} can only be read.`);
  return { writer: adapter.writer, io: connectionIo(viewer, calendar.connectionId, adapter, signal) };
}

function requireWritable(calendar: CalendarPlace): void {
  if (calendar.isWritable) return;
  throw new AppError("refused", `Burgeon may only read the calendar ${calendar.title}.`, {
    hint: "Allow changes on Connections: sign in again with the right to change events.",
  });
}

function textsOf({ description, location, attendees }: EventChange): Partial<NewEvent> {
  return {
    ...(description === undefined ? {} : { description }),
    ...(location === undefined ? {} : { location }),
    ...(attendees === undefined ? {} : { attendees: attendees.map((email) => ({ email })) }),
  };
}

async function keep(viewer: Viewer, calendar: CalendarPlace, event: SourceEvent): Promise<EventView> {
  const id = await putEvent(viewer, calendar.id, event);
  return (await getEventPlace(viewer, id)).event;
}

function isAlready(now: SourceEvent, wanted: Partial<NewEvent>): boolean {
  const same = (first: unknown, second: unknown) => JSON.stringify(first) === JSON.stringify(second);
  return Object.entries(wanted).every(([key, value]) => {
    if (key === "attendees") {
      const mails = (list: { email?: string }[]) => list.map(({ email }) => email).sort();
      return same(mails(now.attendees), mails(wanted.attendees ?? []));
    }
    if (key === "start" || key === "end") return sameTime(now[key], value as SourceEvent["start"]);
    return same(now[key as "title"], value);
  });
}

function sameTime(first: SourceEvent["start"], second: SourceEvent["start"]): boolean {
  if ("at" in first && "at" in second) return Date.parse(first.at) === Date.parse(second.at);
  return "date" in first && "date" in second && first.date === second.date;
}
