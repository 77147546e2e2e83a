import type { EventView } from "@/lib/contracts/calendar";

const isWritable = (calendar: string, connection: string) =>
  `${calendar}.access = 'write' AND ${connection}."isWriteAllowed" AND ${connection}.state = 'active'`;
/** The calendar can be written to, and the person allowed it. Over a calendar `k` and its connection `c`. */
export const isWritableSql = isWritable("k", "c");

/** What is read of an event; dates as text, so that no zone can shift them. */
export const eventColumns = `e.id, e."calendarId", k.title AS "calendarTitle", e."sourceId", e.title, e."startAt", e."endAt",
  e."startDate"::text AS "startDate", e."endDate"::text AS "endDate", e."timeZone", e.status,
  e."isBusy" OR coalesce(copies."isBusy", false) AS "isBusy", e.description, e.location, e.attendees, e.organizer, e.etag, e."seriesId",
  e.url, ${isWritableSql} AS "isWritable", coalesce(copies."alsoIn", '[]') AS "alsoIn"`;

/** Of two copies the one that counts: where it may be changed, then the person's main calendar, then always the same one. */
const rank = (calendar: string, connection: string) =>
  `((${isWritable(calendar, connection)})::int, ${calendar}."isPrimary"::int, ${calendar}.id)`;

/**
 * Events with their copies: the same meeting (by its iCalendar id) at the same time in other calendars that are shown. One that
 * differs in its time is no copy. Time that one of them keeps busy is busy.
 */
export const eventTables = `"CalendarEvent" e JOIN "Calendar" k ON k.id = e."calendarId" JOIN "Connection" c ON c.id = k."connectionId"
  LEFT JOIN LATERAL (
    SELECT jsonb_agg(DISTINCT jsonb_build_object('calendarId', k2.id, 'calendarTitle', k2.title)) AS "alsoIn",
      bool_or(o."isBusy") AS "isBusy", bool_or(${rank("k2", "c2")} > ${rank("k", "c")}) AS "isSecond"
    FROM "CalendarEvent" o JOIN "Calendar" k2 ON k2.id = o."calendarId" JOIN "Connection" c2 ON c2.id = k2."connectionId"
    WHERE o."userId" = e."userId" AND o."iCalUid" = e."iCalUid" AND o."calendarId" <> e."calendarId"
      AND k2."isShown" AND o.status <> 'cancelled'
      AND ((o."startAt" = e."startAt" AND o."endAt" = e."endAt") OR (o."startDate" = e."startDate" AND o."endDate" = e."endDate"))
  ) copies ON e."iCalUid" IS NOT NULL`;

/** In calendars that are shown, each meeting once. */
export const isShownSql = `k."isShown" AND e.status <> 'cancelled' AND copies."isSecond" IS NOT TRUE`;

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
  alsoIn: EventView["alsoIn"];
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
    etag: row.etag,
    alsoIn: row.alsoIn,
  };
}
