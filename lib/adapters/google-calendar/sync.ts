import type { calendar_v3 } from "googleapis/build/src/apis/calendar/index.js";
import { z } from "zod";
import type { AdapterIo, CalendarStore, SourceCalendar, SourceEvent, SyncReport } from "../../contracts/adapter";
import type { Skipped } from "../../contracts/connection";
import { logger } from "../../logger";
import { callCalendar } from "./client";
import { GoogleError } from "./google-error";
import { type MapContext, toSourceCalendar, toSourceEvent } from "./map";

type GoogleEvent = calendar_v3.Schema$Event;

const log = logger.child({ room: "adapters", adapter: "google-calendar" });
/** Part of what a sync token belongs to: the same in every request (`singleEvents`: series come as their occurrences). */
const query = { singleEvents: true, maxResults: 2500 } as const;
const queryVersion = 1;
const maxPages = 1000;

const dayMs = 86_400_000;
const pastMs = 366 * dayMs;
const futureMs = 2 * 366 * dayMs;
/**
 * Occurrences of an endless series reach Google's own horizon, decades ahead, and come into a window by the mere passing of
 * time, which no incremental answer tells. So a full sync asks for one year back and two ahead, and is done again each week.
 * That also heals what no incremental answer names: a deleted series whose occurrences are all far away.
 */
const renewAfterMs = 7 * dayMs;

/** What is kept with a calendar. Opaque to everybody else. */
const cursorSchema = z.object({
  version: z.literal(queryVersion),
  token: z.string().min(1),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  fullAt: z.iso.datetime(),
  /** Events that are there and could not be read: an incremental answer names them only when they change. */
  unread: z.array(z.string()).default([]),
});
type Cursor = z.output<typeof cursorSchema>;
type Window = Pick<Cursor, "from" | "to">;

/**
 * Brings the store up to date: the list of calendars, then each of them. A calendar that fails does not keep the others from
 * being brought up to date.
 * @throws AppError the first failure, after the rest was done; at once where it concerns all of them
 */
export async function syncCalendar(io: AdapterIo, store: CalendarStore): Promise<SyncReport> {
  const calendars = await listCalendars(io);
  const zones = new Map(calendars.map(({ id, timeZone }) => [id, timeZone]));
  const report: SyncReport = { isComplete: true, written: 0, removed: 0 };
  const failures: GoogleError[] = [];
  let unreadable = 0;
  for (const { id, cursor } of await store.saveCalendars(calendars)) {
    io.signal.throwIfAborted();
    try {
      const { unread, ...change } = await fetchChange(io, { calendarId: id, timeZone: zones.get(id) ?? "UTC" }, cursor);
      unreadable += unread;
      const { written, removed } = await store.commit(change);
      report.written += written;
      report.removed += removed;
    } catch (error) {
      if (!(error instanceof GoogleError) || isAboutAll(error)) throw error;
      // Listed but not to be read: the next list says whether it is gone.
      const isGone = error.code === "not-found" || error.code === "forbidden";
      log.warn(
        { status: error.status, reason: error.reason, isGone },
        "One calendar was left out of a synchronisation",
      );
      if (!isGone) failures.push(error);
    }
  }
  if (failures[0]) throw failures[0];
  return { ...report, ...tellSkipped(unreadable) };
}

function tellSkipped(count: number): { skipped?: Skipped } {
  return count === 0 ? {} : { skipped: { count, reasons: ["no time or an unusable id"] } };
}

function isAboutAll(error: GoogleError): boolean {
  return ["auth-expired", "rate-limited", "refused"].includes(error.code) || error.status === null;
}

async function listCalendars(io: AdapterIo): Promise<SourceCalendar[]> {
  const found = new Map<string, SourceCalendar>();
  let skipped = 0;
  for await (const page of pages((pageToken) =>
    callCalendar(io, (api, options) => api.calendarList.list({ maxResults: 250, pageToken }, options)),
  )) {
    for (const entry of page.items) {
      const calendar = toSourceCalendar(entry);
      if (calendar) found.set(calendar.id, calendar);
      else skipped += 1;
    }
  }
  if (skipped > 0) log.info({ skipped, reason: "free-busy-only" }, "Calendars without readable events were left out");
  return [...found.values()];
}

type Change = Parameters<CalendarStore["commit"]>[0] & {
  /** How many events of the calendar could not be read, these and earlier ones. */
  unread: number;
};
/** More are counted no further. */
const maxUnread = 100;

async function fetchChange(io: AdapterIo, context: MapContext, text: string | null): Promise<Change> {
  const cursor = readCursor(text, io.now());
  if (cursor) {
    const found = await fetchSince(io, context, cursor);
    if (found) return toChange(context, found, { ...cursor, isFull: false });
  }
  const now = io.now();
  const window = {
    from: new Date(now.getTime() - pastMs).toISOString(),
    to: new Date(now.getTime() + futureMs).toISOString(),
  };
  const found = await fetchEvents(io, context, { timeMin: window.from, timeMax: window.to });
  return toChange(context, found, { ...window, isFull: true, fullAt: now.toISOString(), unread: [] });
}

/** @returns null where the calendar has to be read as a whole */
async function fetchSince(io: AdapterIo, context: MapContext, cursor: Cursor): Promise<Found | null> {
  try {
    const found = await fetchEvents(io, context, { syncToken: cursor.token });
    return (await isSeriesTouched(io, context, [...found.events.values()])) ? null : found;
  } catch (error) {
    // 410: the token is too old. 400: it is of no use with this query. Both end with the next token.
    if (error instanceof GoogleError && (error.status === 410 || error.status === 400)) return null;
    throw error;
  }
}

const maxLooks = 10;

/**
 * When a series ends earlier or goes, Google names the cancelled occurrences of some months only
 * (googleapis/google-api-ruby-client#860). So where more changed than one occurrence by itself, the named ones may stand for
 * others that are not, and nothing but a full synchronisation knows which.
 */
async function isSeriesTouched(io: AdapterIo, { calendarId }: MapContext, events: GoogleEvent[]): Promise<boolean> {
  const occurrences = events.filter(isOccurrence);
  const named = new Map(occurrences.map((event) => [event.recurringEventId ?? "", event]));
  const isMore = named.size < occurrences.length || named.size > maxLooks;
  if (isMore || occurrences.some(({ status }) => status === "cancelled")) return true;
  for (const [eventId, occurrence] of named) {
    const series = await callCalendar(io, (api, options) => api.events.get({ calendarId, eventId }, options)).catch(
      (error: unknown) => {
        if (error instanceof GoogleError && error.code === "not-found") return null;
        throw error;
      },
    );
    // An occurrence that was changed by itself is younger than its series.
    const isOwn = series?.status !== "cancelled" && (series?.updated ?? "") < (occurrence.updated ?? "");
    if (!series || !isOwn) return true;
  }
  return false;
}

function isOccurrence(event: GoogleEvent): boolean {
  return Boolean(event.recurringEventId) || /_(\d{8}|\d{8}T\d{6}Z)$/.test(event.id ?? "");
}

interface Found {
  events: Map<string, GoogleEvent>;
  timeZone: string | null;
  token: string;
}

/** All pages of one list. What comes twice counts as it came last: a calendar may change while it is read. */
async function fetchEvents(
  io: AdapterIo,
  { calendarId }: MapContext,
  range: { syncToken: string } | { timeMin: string; timeMax: string },
): Promise<Found> {
  const events = new Map<string, GoogleEvent>();
  let last: calendar_v3.Schema$Events = {};
  for await (const page of pages((pageToken) =>
    callCalendar(io, (api, options) => api.events.list({ ...query, ...range, calendarId, pageToken }, options)),
  )) {
    for (const event of page.items) if (event.id) events.set(event.id, event);
    last = page;
  }
  // Without it nobody knows whether that was all.
  if (!last.nextSyncToken) throw brokenAnswer("noSyncToken");
  return { events, timeZone: last.timeZone ?? null, token: last.nextSyncToken };
}

interface Page<T> {
  items?: T[];
  nextPageToken?: string | null;
}

/** Follows the page tokens to the end. A page may be empty and still not be the last. */
async function* pages<T, P extends Page<T>>(
  fetchPage: (pageToken: string | undefined) => Promise<P & Page<T>>,
): AsyncGenerator<P & { items: T[] }> {
  const seen = new Set<string>();
  for (let pageToken: string | undefined; seen.size <= maxPages; ) {
    const page = await fetchPage(pageToken);
    // Something in between that answers 200 with a page of its own must not look like an empty calendar.
    if (typeof page !== "object" || page === null || !Array.isArray(page.items)) throw brokenAnswer("noItems");
    yield { ...page, items: page.items };
    if (!page.nextPageToken) return;
    if (seen.has(page.nextPageToken)) break;
    pageToken = page.nextPageToken;
    seen.add(pageToken);
  }
  throw brokenAnswer("endlessPages");
}

function brokenAnswer(reason: string): GoogleError {
  return new GoogleError("unavailable", "Google Calendar gave an incomplete answer. Burgeon tries again later.", {
    status: 200,
    reason,
  });
}

function toChange(
  context: MapContext,
  found: Found,
  { isFull, from, to, fullAt, unread }: Window & Pick<Cursor, "fullAt" | "unread"> & { isFull: boolean },
): Change {
  const timeZone = found.timeZone ?? context.timeZone;
  const upserts: SourceEvent[] = [];
  const removed: string[] = [];
  const unreadable = new Set(unread.filter((id) => !found.events.has(id)));
  for (const [id, event] of found.events) {
    const mapped = event.status === "cancelled" ? null : toSourceEvent(event, { ...context, timeZone });
    if (mapped && isWithin(mapped, { from, to })) upserts.push(mapped);
    else removed.push(id);
    if (!mapped && event.status !== "cancelled") unreadable.add(id);
  }
  const { size } = unreadable;
  if (size > 0) log.warn({ unreadable: size }, "Events without a time or with an unusable id were left out");
  const kept = { fullAt, from, to, unread: [...unreadable].slice(0, maxUnread) };
  const cursor: Cursor = { version: queryVersion, token: found.token, ...kept };
  const { calendarId } = context;
  return { unread: size, calendarId, isFull, upserts, removed: isFull ? [] : removed, cursor: JSON.stringify(cursor) };
}

/** Incremental answers know no window: a change to a series brings all of its occurrences. A day of margin for zones. */
function isWithin({ start, end }: SourceEvent, { from, to }: Window): boolean {
  const at = (time: SourceEvent["start"]) => Date.parse("date" in time ? time.date : time.at);
  return at(end) > Date.parse(from) - dayMs && at(start) < Date.parse(to) + dayMs;
}

/** @returns null when there is none, it is of another query, or it is time for a new window */
function readCursor(text: string | null, now: Date): Cursor | null {
  if (text === null) return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Not one of ours: a full sync makes a new one.
    return null;
  }
  const cursor = cursorSchema.safeParse(value);
  if (!cursor.success) return null;
  const ageMs = now.getTime() - Date.parse(cursor.data.fullAt);
  return ageMs >= 0 && ageMs < renewAfterMs ? cursor.data : null;
}
