import type { EventView } from "@/lib/contracts/calendar";

/** The calendar can be written to, and the person allowed it. Over a calendar `k` and its connection `c`. */
export const isWritableSql = `k.access = 'write' AND c."isWriteAllowed" AND c.state = 'active'`;

/** What is read of an event; dates as text, so that no zone can shift them. */
export const eventColumns = `e.id, e."calendarId", k.title AS "calendarTitle", e."sourceId", e.title, e."startAt", e."endAt",
  e."startDate"::text AS "startDate", e."endDate"::text AS "endDate", e."timeZone", e.status, e."isBusy", e.description, e.location,
  e.attendees, e.organizer, e.etag, e."seriesId", e.url, ${isWritableSql} AS "isWritable"`;

export const eventTables = `"CalendarEvent" e JOIN "Calendar" k ON k.id = e."calendarId" JOIN "Connection" c ON c.id = k."connectionId"`;

export interface EventRow {
  id: string;
  calendarId: string;
  calendarTitle: string;
  sourceId: string;
  title: string;
  startAt: Date | null;
  endAt: Date | null;
  startDate: string | null;
  endDate: string | null;
  timeZone: string | null;
  status: EventView["status"];
  isBusy: boolean;
  description: string | null;
  location: string | null;
  attendees: EventView["attendees"];
  organizer: EventView["organizer"];
  etag: string | null;
  seriesId: string | null;
  url: string | null;
  isWritable: boolean;
}

/** An event with what a change at its source needs. */
export interface EventPlace {
  event: EventView;
  sourceId: string;
  etag: string | null;
}

export function toEventView(row: EventRow): EventView {
  const time = (at: Date | null, date: string | null): EventView["start"] => {
    if (at) return { at: at.toISOString(), timeZone: row.timeZone ?? "UTC" };
    if (date) return { date };
    throw new Error(`event ${row.id} has neither an instant nor a date`);
  };
  return {
    id: row.id,
    calendarId: row.calendarId,
    calendarTitle: row.calendarTitle,
    title: row.title,
    start: time(row.startAt, row.startDate),
    end: time(row.endAt, row.endDate),
    status: row.status,
    isBusy: row.isBusy,
    isWritable: row.isWritable,
    isRecurring: row.seriesId !== null,
    description: row.description,
    location: row.location,
    attendees: row.attendees,
    organizer: row.organizer,
    url: row.url,
  };
}
