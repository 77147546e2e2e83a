import type { CalendarStore, SourceCalendar, SourceEvent } from "@/lib/contracts/adapter";
import { AppError } from "@/lib/contracts/errors";
import { newId } from "@/lib/contracts/id";
import type { Viewer } from "@/lib/contracts/viewer";
import { execute, inTransaction, type Queryable } from "../statement";
import { toStorableJson } from "../storable-json";

/**
 * Where a calendar adapter puts what it found, for one connection of the viewer. What one call says holds together or not at
 * all, so that nobody ever sees an empty calendar while a full synchronisation is under way.
 */
export function calendarStore(viewer: Viewer, connectionId: string): CalendarStore {
  return {
    cursor: (calendarId) => findCursor(viewer, connectionId, calendarId),
    saveCalendars: (calendars) => saveCalendars(viewer, connectionId, calendars),
    commit: (change) => commit(viewer, connectionId, change),
  };
}

/** Puts one event as its source gave it back after a change, so that it is seen at once. @returns our id */
export async function putEvent(viewer: Viewer, calendarId: string, event: SourceEvent): Promise<string> {
  return inTransaction(async (client) => {
    await upsertEvents(client, viewer, calendarId, [event]);
    const { rows } = await client.query<{ id: string }>({
      name: "find-put-event",
      text: `SELECT id FROM "CalendarEvent" WHERE "userId" = $1 AND "calendarId" = $2 AND "sourceId" = $3`,
      values: [viewer.userId, calendarId, event.id],
    });
    if (!rows[0]) throw new AppError("not-found", "There is no such calendar.");
    return rows[0].id;
  });
}

/** Takes away one event that its source has deleted. */
export async function dropEvent(viewer: Viewer, calendarId: string, sourceId: string): Promise<void> {
  await execute({
    name: "drop-event",
    text: `DELETE FROM "CalendarEvent" WHERE "userId" = $1 AND "calendarId" = $2 AND "sourceId" = $3`,
    values: [viewer.userId, calendarId, sourceId],
  });
}

async function findCursor(viewer: Viewer, connectionId: string, sourceId: string): Promise<string | null> {
  const { rows } = await execute<{ cursor: string | null }>({
    name: "find-calendar-cursor",
    text: `SELECT s.cursor FROM "Calendar" k JOIN "SyncCursor" s ON s."connectionId" = k."connectionId" AND s.stream = k."sourceId"
           WHERE k."userId" = $1 AND k."connectionId" = $2 AND k."sourceId" = $3`,
    values: [viewer.userId, connectionId, sourceId],
  });
  return rows[0]?.cursor ?? null;
}

async function saveCalendars(viewer: Viewer, connectionId: string, calendars: readonly SourceCalendar[]) {
  return inTransaction(async (client) => {
    const rows = calendars.map((calendar) => ({ ...calendar, newId: newId("cal") }));
    await client.query({
      name: "save-calendars",
      text: `INSERT INTO "Calendar" (id, "userId", "connectionId", "sourceId", title, "timeZone", color, access, "isPrimary")
             SELECT r."newId", $1, c.id, r.id, r.title, r."timeZone", r.color, r.access, r."isPrimary"
             FROM jsonb_to_recordset($3::jsonb) AS r("newId" text, id text, title text, "timeZone" text, color text, access text, "isPrimary" boolean),
               "Connection" c WHERE c.id = $2 AND c."userId" = $1
             ON CONFLICT ("connectionId", "sourceId") DO UPDATE SET title = excluded.title, "timeZone" = excluded."timeZone",
               color = excluded.color, access = excluded.access, "isPrimary" = excluded."isPrimary"`,
      values: [viewer.userId, connectionId, toStorableJson(rows)],
    });
    const ids = calendars.map(({ id }) => id);
    await client.query({
      name: "drop-calendars",
      text: `WITH gone AS (DELETE FROM "Calendar" WHERE "userId" = $1 AND "connectionId" = $2 AND "sourceId" <> ALL($3::text[]) RETURNING "sourceId")
             DELETE FROM "SyncCursor" s USING gone WHERE s."connectionId" = $2 AND s.stream = gone."sourceId"`,
      values: [viewer.userId, connectionId, ids],
    });
    const found = await client.query<{ id: string; cursor: string | null }>({
      name: "list-cursors",
      text: `SELECT k."sourceId" AS id, s.cursor FROM "Calendar" k LEFT JOIN "SyncCursor" s ON s."connectionId" = k."connectionId" AND s.stream = k."sourceId"
             WHERE k."userId" = $1 AND k."connectionId" = $2 ORDER BY k."isPrimary" DESC, k."sourceId"`,
      values: [viewer.userId, connectionId],
    });
    return found.rows;
  });
}

type Change = Parameters<CalendarStore["commit"]>[0];

async function commit(viewer: Viewer, connectionId: string, change: Change) {
  return inTransaction(async (client) => {
    const { rows } = await client.query<{ id: string }>({
      name: "lock-calendar",
      text: `SELECT id FROM "Calendar" WHERE "userId" = $1 AND "connectionId" = $2 AND "sourceId" = $3 FOR UPDATE`,
      values: [viewer.userId, connectionId, change.calendarId],
    });
    const calendarId = rows[0]?.id;
    if (calendarId === undefined) throw new AppError("not-found", "This calendar is no longer connected.");
    const kept = change.upserts.map(({ id }) => id);
    const gone = await client.query({
      name: "drop-events",
      text: `DELETE FROM "CalendarEvent" WHERE "userId" = $1 AND "calendarId" = $2
               AND CASE WHEN $3::boolean THEN "sourceId" <> ALL($4::text[]) ELSE "sourceId" = ANY($5::text[]) END`,
      values: [viewer.userId, calendarId, change.isFull, kept, change.removed],
    });
    await upsertEvents(client, viewer, calendarId, change.upserts);
    await client.query({
      name: "put-cursor",
      text: `INSERT INTO "SyncCursor" ("connectionId", stream, cursor, "syncedAt") VALUES ($1, $2, $3, clock_timestamp())
             ON CONFLICT ("connectionId", stream) DO UPDATE SET cursor = excluded.cursor, "syncedAt" = excluded."syncedAt"`,
      values: [connectionId, change.calendarId, change.cursor],
    });
    return { written: change.upserts.length, removed: gone.rowCount ?? 0 };
  });
}

async function upsertEvents(client: Queryable, viewer: Viewer, calendarId: string, events: readonly SourceEvent[]) {
  if (events.length === 0) return;
  await client.query({
    name: "upsert-events",
    text: `INSERT INTO "CalendarEvent" (id, "userId", "calendarId", "sourceId", title, "startAt", "endAt", "startDate", "endDate", "timeZone", status, "isBusy",
             description, location, attendees, organizer, etag, "seriesId", "iCalUid", url, "updatedAt")
           SELECT r.id, $1, k.id, r."sourceId", r.title, r."startAt", r."endAt", r."startDate", r."endDate", r."timeZone", r.status, r."isBusy",
             r.description, r.location, r.attendees, r.organizer, r.etag, r."seriesId", r."iCalUid", r.url, clock_timestamp()
           FROM "Calendar" k, jsonb_to_recordset($3::jsonb) AS r(id text, "sourceId" text, title text, "startAt" timestamptz, "endAt" timestamptz,
             "startDate" date, "endDate" date, "timeZone" text, status text, "isBusy" boolean, description text, location text, attendees jsonb,
             organizer jsonb, etag text, "seriesId" text, "iCalUid" text, url text)
           WHERE k.id = $2 AND k."userId" = $1
           ON CONFLICT ("calendarId", "sourceId") DO UPDATE SET title = excluded.title, "startAt" = excluded."startAt", "endAt" = excluded."endAt",
             "startDate" = excluded."startDate", "endDate" = excluded."endDate", "timeZone" = excluded."timeZone", status = excluded.status,
             "isBusy" = excluded."isBusy", description = excluded.description, location = excluded.location, attendees = excluded.attendees,
             organizer = excluded.organizer, etag = excluded.etag, "seriesId" = excluded."seriesId", "iCalUid" = excluded."iCalUid", url = excluded.url,
             "updatedAt" = excluded."updatedAt"`,
    values: [viewer.userId, calendarId, toStorableJson(lastOfEach(events).map(toRow))],
  });
}

/** A statement may not touch one row twice; the later word of a source counts. */
function lastOfEach(events: readonly SourceEvent[]): SourceEvent[] {
  return [...new Map(events.map((event) => [event.id, event])).values()];
}

function toRow(event: SourceEvent) {
  const { start, end } = event;
  const timed = "at" in start && "at" in end;
  return {
    id: newId("cev"),
    sourceId: event.id,
    title: event.title,
    startAt: timed ? start.at : null,
    endAt: timed ? end.at : null,
    startDate: "date" in start ? start.date : null,
    endDate: "date" in end ? end.date : null,
    timeZone: "at" in start ? start.timeZone : null,
    status: event.status,
    isBusy: event.isBusy ?? true,
    description: event.description ?? null,
    location: event.location ?? null,
    attendees: event.attendees,
    organizer: event.organizer ?? null,
    etag: event.etag ?? null,
    seriesId: event.seriesId ?? null,
    iCalUid: event.iCalUid ?? null,
    url: event.url ?? null,
  };
}
