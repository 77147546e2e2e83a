import type { EventView } from "@/lib/contracts/calendar";
import { AppError } from "@/lib/contracts/errors";
import type { Viewer } from "@/lib/contracts/viewer";
import { execute } from "../statement";
import { toStorableText } from "../storable-json";
import { eventColumns, type EventPlace, type EventRow, eventTables, isShownSql, toEventView } from "./event-row";

/** From the first instant to before the last, and the days that this is in the person's zone. */
export interface Span {
  from: Date;
  to: Date;
  fromDate: string;
  /** Exclusive. */
  toDate: string;
}

const maxEvents = 2000;
/** Whole days stand before what begins at an instant of that day. */
const inOrder = `coalesce(e."startAt", e."startDate"::timestamp AT TIME ZONE 'UTC'), e."startAt" NULLS FIRST, e.title, e.id`;

/**
 * What touches the span, in the calendars the viewer shows, in order, each meeting once. Whole days count as the days they are, in
 * any zone.
 */
export async function listEvents(viewer: Viewer, span: Span, limit = maxEvents): Promise<EventView[]> {
  const { rows } = await execute<EventRow>({
    name: "list-events",
    text: `SELECT ${eventColumns} FROM ${eventTables}
           WHERE e."userId" = $1 AND ${isShownSql} AND ((e."startAt" < $3 AND (e."endAt" > $2 OR (e."endAt" = e."startAt" AND e."startAt" >= $2)))
             OR (e."startDate" < $5::date AND e."endDate" > $4::date))
           ORDER BY ${inOrder} LIMIT $6`,
    values: [viewer.userId, span.from, span.to, span.fromDate, span.toDate, Math.min(limit, maxEvents)],
  });
  return rows.map(toEventView);
}

/**
 * Events whose words fit, the nearest to now first. The last word may be a beginning.
 * @param isComingFirst what is over comes after everything that is not, however near
 */
export async function searchEvents(
  viewer: Viewer,
  query: string,
  limit: number,
  now: Date,
  { isComingFirst = false } = {},
): Promise<EventView[]> {
  const words = toStorableText(query).match(/[\p{L}\p{N}]+/gu) ?? [];
  if (words.length === 0) return [];
  const prefixes = words.map((word) => `${word}:*`).join(" & ");
  const { rows } = await execute<EventRow>({
    name: "search-events",
    text: `SELECT ${eventColumns} FROM ${eventTables}
           WHERE e."userId" = $1 AND ${isShownSql} AND e.search @@ to_tsquery('simple', $2)
           ORDER BY $5::boolean AND coalesce(e."endAt", e."endDate"::timestamp AT TIME ZONE 'UTC') <= $3::timestamptz,
             abs(extract(epoch FROM coalesce(e."startAt", e."startDate"::timestamp AT TIME ZONE 'UTC') - $3::timestamptz)), e.id LIMIT $4`,
    values: [viewer.userId, prefixes, now, Math.min(limit, 200), isComingFirst],
  });
  return rows.map(toEventView);
}

/** @throws AppError not-found when the viewer has no such event */
export async function getEventPlace(viewer: Viewer, eventId: string): Promise<EventPlace> {
  const { rows } = await execute<EventRow>({
    name: "get-event",
    text: `SELECT ${eventColumns} FROM ${eventTables} WHERE e."userId" = $1 AND e.id = $2 AND e.status <> 'cancelled'`,
    values: [viewer.userId, eventId],
  });
  const row = rows[0];
  if (!row) throw new AppError("not-found", "There is no such event; it may have been deleted.");
  return { event: toEventView(row), sourceId: row.sourceId, etag: row.etag };
}

/** Our id of an event of a source; null when it is not here. */
export async function findEventId(viewer: Viewer, calendarId: string, sourceId: string): Promise<string | null> {
  const { rows } = await execute<{ id: string }>({
    name: "find-event-id",
    text: `SELECT id FROM "CalendarEvent" WHERE "userId" = $1 AND "calendarId" = $2 AND "sourceId" = $3`,
    values: [viewer.userId, calendarId, sourceId],
  });
  return rows[0]?.id ?? null;
}
