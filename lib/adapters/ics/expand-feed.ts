import { createHash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import type { SourceEvent } from "../../contracts/adapter";
import { expandSeries } from "./expand-series";
import { readRaw, readText, readTime, readProperties } from "./read-property";
import type { Budget } from "./recurrence/expand-rule";
import { dayMs } from "./recurrence/calendar-day";
import type { FeedComponent } from "./split-feed";
import { createZoneFinder, findIanaName } from "./zones/find-zone";
import { ianaZone, utcZone, type Zone } from "./zones/zone";

export interface Feed {
  title: string;
  timeZone: string;
  color: string | null;
  events: SourceEvent[];
  /** Entries that could not be read: they have no beginning. */
  skipped: number;
  /** Occurrences that were left out, because there are too many. */
  leftOut: number;
}

/** How far occurrences are computed; single events are taken whenever they are. */
const backMs = 366 * dayMs;
const aheadMs = 2 * 366 * dayMs;
/** What all rules of a feed together may look at and give: a few seconds at most. */
const limits = { steps: 2_000_000, starts: 200_000 };
const workMs = 50;

/**
 * The events of a feed with every occurrence of its series from a year back to two years ahead. Where there are more than
 * `maxEvents`, those nearest to now are kept.
 * @param homeZone of times that name none, where the feed does not say
 */
export async function expandFeed(
  root: FeedComponent,
  options: { now: Date; homeZone: string; maxEvents: number; signal: AbortSignal },
): Promise<Feed> {
  const calendars = root.children.filter(({ name }) => name === "VCALENDAR");
  const parts = calendars.flatMap(({ children }) => children);
  const definitions = parts.filter(({ name }) => name === "VTIMEZONE");
  const timeZone = findCalendarZone(calendars, definitions) ?? options.homeZone;
  const calendarZone = timeZone === "UTC" ? utcZone : ianaZone(timeZone);
  const findZone = createZoneFinder(definitions, timeZone);
  const series = groupSeries(parts.filter(({ name }) => name === "VEVENT"));
  const now = options.now.getTime();
  const window = { from: now - backMs, to: now + aheadMs };
  const budget: Budget = { ...limits };
  const events: SourceEvent[] = [];
  let skipped = 0;
  let pausedAt = performance.now();
  for (const one of series) {
    // The worker has other things to do meanwhile.
    if (performance.now() - pausedAt > workMs) {
      await setImmediate();
      pausedAt = performance.now();
    }
    options.signal.throwIfAborted();
    const found = expandSeries(one, { findZone, calendarZone, window, budget });
    if (found.length === 0 && !one.parts.some((part) => readTime(part, "DTSTART"))) skipped += one.parts.length;
    for (const event of found) events.push(event);
  }
  const kept = nearest(events, now, options.maxEvents);
  return {
    title: titleOf(calendars),
    timeZone,
    color: colorOf(calendars),
    events: kept,
    skipped,
    leftOut: events.length - kept.length,
  };
}

export interface Series {
  /** Stands for the UID, which may be long or missing. */
  id: string;
  uid: string | null;
  parts: FeedComponent[];
}

/** Entries with one UID are a series and its exceptions. Entries without one are single events by what they say. */
function groupSeries(entries: readonly FeedComponent[]): Series[] {
  const groups = new Map<string, Series>();
  for (const entry of entries) {
    const uid = readText(entry, "UID", 1000);
    const what = [...readRaw(entry, "DTSTART"), readText(entry, "SUMMARY")];
    const key = JSON.stringify(uid === "" ? ["no uid", ...what] : ["uid", uid]);
    const group = groups.get(key) ?? { id: digest(key), uid: uid || null, parts: [] };
    group.parts.push(entry);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}

function titleOf(calendars: readonly FeedComponent[]): string {
  const titles = calendars.map(
    (calendar) => readText(calendar, "X-WR-CALNAME", 200) || readText(calendar, "NAME", 200),
  );
  return titles.find(Boolean) ?? "";
}

function findCalendarZone(calendars: readonly FeedComponent[], definitions: readonly FeedComponent[]): string | null {
  const named = calendars.flatMap((calendar) => [
    readText(calendar, "X-WR-TIMEZONE"),
    readText(calendar, "TIMEZONE-ID"),
  ]);
  const defined = definitions.flatMap((zone) => [readText(zone, "TZID"), readText(zone, "X-LIC-LOCATION")]);
  for (const name of [...named, ...defined]) {
    const zone = name === "" ? null : findIanaName(name);
    if (zone !== null) return zone;
  }
  return null;
}

function colorOf(calendars: readonly FeedComponent[]): string | null {
  const written = calendars.flatMap((calendar) => [
    ...readProperties(calendar, "X-APPLE-CALENDAR-COLOR"),
    ...readProperties(calendar, "COLOR"),
  ]);
  const color = written.map(({ values: [value] }) => /^#[0-9a-f]{6}/i.exec(String(value))?.[0]).find(Boolean);
  return color?.toLowerCase() ?? null;
}

function nearest(events: SourceEvent[], now: number, maxEvents: number): SourceEvent[] {
  if (events.length <= maxEvents) return events;
  const away = ({ start }: SourceEvent) => Math.abs(Date.parse("at" in start ? start.at : start.date) - now);
  return [...events].sort((one, other) => away(one) - away(other)).slice(0, maxEvents);
}

export interface SeriesContext {
  findZone: (tzid: string) => Zone | null;
  calendarZone: Zone;
  /** Instants. */
  window: { from: number; to: number };
  budget: Budget;
}
