import { Temporal } from "temporal-polyfill";
import { ApiProblem } from "./testing-answers";
import { expandSeries, type FakeTime, withOffset } from "./testing-recurrence";

export interface FakeEvent {
  kind?: string;
  id: string;
  status: "confirmed" | "tentative" | "cancelled";
  etag?: string;
  summary?: string;
  description?: string;
  location?: string;
  start?: FakeTime;
  end?: FakeTime;
  recurrence?: string[];
  recurringEventId?: string;
  originalStartTime?: FakeTime;
  attendees?: { email?: string; displayName?: string; responseStatus?: string; self?: boolean }[];
  transparency?: string;
  iCalUID?: string;
  htmlLink?: string;
  created?: string;
  updated?: string;
  sequence?: number;
  [name: string]: unknown;
}

export type FakeRole = "freeBusyReader" | "reader" | "writer" | "owner";

interface Entry {
  event: FakeEvent;
  revision: number;
  /** An occurrence that went with its series. */
  isSeriesGone: boolean;
}

export interface FakeCalendar {
  id: string;
  summary: string;
  timeZone: string;
  color: string;
  roles: Map<string, FakeRole>;
  primaryOf: string | null;
  /** Counts the changes. Sync tokens are made of it. */
  revision: number;
  /** Sync tokens of an older revision answer 410. */
  oldestRevision: number;
  /** Everything that was ever written: single events, series, exceptions, and what of these is cancelled. */
  events: Map<string, FakeEvent>;
  /** The revision of each of them. */
  changedAt: Map<string, number>;
  horizon: Date;
  single: Map<string, Entry>;
  singleRevision: number;
}

const horizonYears = 5;

export function newCalendar(
  parts: Pick<FakeCalendar, "id" | "summary" | "timeZone" | "color" | "primaryOf">,
  now: Date,
): FakeCalendar {
  const horizon = new Date(now);
  horizon.setUTCFullYear(now.getUTCFullYear() + horizonYears);
  return {
    ...parts,
    roles: new Map(),
    revision: 1,
    oldestRevision: 0,
    events: new Map(),
    changedAt: new Map(),
    horizon,
    single: new Map(),
    singleRevision: 0,
  };
}

/** Stores a state of an event. Every change gives it a new etag. */
export function putEvent(calendar: FakeCalendar, event: FakeEvent, now: Date): FakeEvent {
  calendar.revision += 1;
  const before = calendar.events.get(event.id);
  const kept: FakeEvent = {
    ...event,
    kind: "calendar#event",
    etag: `"${calendar.revision}${now.getTime()}"`,
    iCalUID: event.iCalUID ?? `${event.id}@sample.google`,
    htmlLink: `https://calendar.google.example/event?eid=${encodeURIComponent(event.id)}`,
    created: before?.created ?? now.toISOString(),
    updated: now.toISOString(),
    sequence: before ? (before.sequence ?? 0) + 1 : 0,
    eventType: event.eventType ?? "default",
  };
  if (kept.start && kept.end) {
    kept.start = writeTime(kept.start, calendar.timeZone, kept.recurrence !== undefined);
    kept.end = writeTime(kept.end, calendar.timeZone, kept.recurrence !== undefined);
    if ((kept.start.date === undefined) !== (kept.end.date === undefined))
      throw new ApiProblem(400, "invalid", "Start and end times must either both be date or both be dateTime.");
    if (startMs(kept.end) < startMs(kept.start))
      throw new ApiProblem(400, "timeRangeEmpty", "The specified time range is empty.");
  }
  calendar.events.set(kept.id, kept);
  calendar.changedAt.set(kept.id, calendar.revision);
  return kept;
}

function writeTime(time: FakeTime, calendarZone: string, isSeries: boolean): FakeTime {
  if (time.date) return { date: Temporal.PlainDate.from(time.date).toString() };
  if (!time.dateTime) throw new ApiProblem(400, "required", "Missing start or end time.");
  if (isSeries && !time.timeZone) throw new ApiProblem(400, "required", "Missing time zone definition for start time.");
  const hasOffset = /(Z|[+-]\d{2}:?\d{2})$/i.test(time.dateTime);
  if (!hasOffset && !time.timeZone)
    throw new ApiProblem(400, "required", "Missing time zone definition for start time.");
  try {
    const at = hasOffset
      ? Temporal.Instant.from(time.dateTime)
      : Temporal.PlainDateTime.from(time.dateTime)
          .toZonedDateTime(time.timeZone ?? "UTC")
          .toInstant();
    const zone = Temporal.Now.zonedDateTimeISO(time.timeZone ?? calendarZone).timeZoneId;
    return { dateTime: withOffset(at, calendarZone), timeZone: zone };
  } catch {
    throw new ApiProblem(400, "invalid", "Invalid time or time zone.");
  }
}

export function startMs(time: FakeTime | undefined): number {
  return Date.parse(time?.dateTime ?? time?.date ?? "");
}

/** What `singleEvents=true` shows: single events, occurrences and exceptions, each with the revision that it last changed in. */
export function singleView(calendar: FakeCalendar): Map<string, Entry> {
  if (calendar.singleRevision === calendar.revision) return calendar.single;
  const { revision } = calendar;
  const before = calendar.single;
  const after = new Map<string, Entry>();
  for (const event of occurrencesOf(calendar)) {
    const old = before.get(event.id);
    const isSame = old !== undefined && JSON.stringify(old.event) === JSON.stringify(event);
    after.set(event.id, isSame ? old : { event, revision, isSeriesGone: false });
  }
  for (const [id, { event, revision: at, isSeriesGone }] of before) {
    if (after.has(id)) continue;
    const { recurringEventId, originalStartTime } = event;
    const gone: FakeEvent = { kind: "calendar#event", id, status: "cancelled", recurringEventId, originalStartTime };
    after.set(id, { event: gone, revision: isSeriesGone ? at : revision, isSeriesGone: true });
  }
  calendar.single = after;
  calendar.singleRevision = revision;
  return after;
}

function* occurrencesOf(calendar: FakeCalendar): Generator<FakeEvent> {
  for (const event of calendar.events.values()) {
    if (event.recurringEventId) {
      const isSeriesThere = calendar.events.get(event.recurringEventId)?.status !== "cancelled";
      if (isSeriesThere) yield event.status === "cancelled" ? toTombstone(event) : event;
    } else if (event.recurrence) {
      if (event.status !== "cancelled") yield* seriesOccurrences(calendar, event);
    } else yield event.status === "cancelled" ? toTombstone(event) : event;
  }
}

export function* seriesOccurrences(calendar: FakeCalendar, series: FakeEvent): Generator<FakeEvent> {
  const { start, end, recurrence, ...shared } = series;
  if (!start || !end || !recurrence) return;
  for (const occurrence of expandSeries({ start, end, recurrence }, calendar.horizon, calendar.timeZone)) {
    const id = `${series.id}_${occurrence.suffix}`;
    if (calendar.events.has(id)) continue;
    const { start: from, end: to } = occurrence;
    yield { ...shared, id, start: from, end: to, recurringEventId: series.id, originalStartTime: from };
  }
}

/** Only the id is sure of what is cancelled, for an exception also which occurrence it was. */
function toTombstone({ id, recurringEventId, originalStartTime }: FakeEvent): FakeEvent {
  const which = recurringEventId ? { recurringEventId, originalStartTime } : {};
  return { kind: "calendar#event", id, status: "cancelled", ...which };
}

/** A written event, or an occurrence that so far only follows from its series. */
export function findEvent(calendar: FakeCalendar, id: string): FakeEvent | undefined {
  const written = calendar.events.get(id);
  if (written) return written;
  const series = calendar.events.get(id.replace(/_\d{8}(T\d{6}Z)?$/, ""));
  if (!series?.recurrence || series.status === "cancelled") return undefined;
  return [...seriesOccurrences(calendar, series)].find((occurrence) => occurrence.id === id);
}
