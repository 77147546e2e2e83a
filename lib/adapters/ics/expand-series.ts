import type { SourceEvent } from "../../contracts/adapter";
import type { Series, SeriesContext } from "./expand-feed";
import { type FeedTime, readProperties, readRaw, readText, readTime, toDuration, toTime } from "./read-property";
import { dayMs } from "./recurrence/calendar-day";
import { expandRule } from "./recurrence/expand-rule";
import { parseRule } from "./recurrence/parse-rule";
import type { FeedComponent } from "./split-feed";
import { describeEvent } from "./describe-event";
import { utcZone, type Zone } from "./zones/zone";

/** Occurrences of one series: three a day for three years. */
const maxOccurrences = 3300;

interface Occurrence {
  start: number;
  end: number;
  isDay: boolean;
  zone: Zone;
}

/** A series, or a single event, as the events it stands for, under ids made of UID and RECURRENCE-ID. */
export function expandSeries(series: Series, context: SeriesContext): SourceEvent[] {
  const isOverride = (part: FeedComponent) => readTime(part, "RECURRENCE-ID") !== null;
  const overrides = new Map<string, FeedComponent>();
  for (const part of newestLast(series.parts.filter(isOverride)))
    overrides.set(keyOf(readTime(part, "RECURRENCE-ID"), context), part);
  const events: SourceEvent[] = [];
  const masters = mastersOf(series.parts.filter((part) => !isOverride(part)));
  masters.forEach((master, at) => {
    // Some feeds give one UID to all their events.
    const seriesId = at === 0 ? `ics:${series.id}` : `ics:${series.id}:${keyOf(readTime(master, "DTSTART"), context)}`;
    for (const event of expandMaster(master, { ...series, id: seriesId }, overrides, context)) events.push(event);
  });
  // What is left changes occurrences that the series does not have, or has no series in this feed.
  for (const [key, part] of overrides) {
    const occurrence = ownTimes(part, context);
    if (occurrence)
      events.push(
        toEvent(describeEvent(part), occurrence, {
          id: `ics:${series.id}:${key}`,
          seriesId: `ics:${series.id}`,
          uid: series.uid,
        }),
      );
  }
  return events;
}

function expandMaster(
  master: FeedComponent,
  series: Series,
  overrides: Map<string, FeedComponent>,
  context: SeriesContext,
): SourceEvent[] {
  const first = ownTimes(master, context);
  const start = readTime(master, "DTSTART");
  if (!first || !start) return [];
  const rules = readRaw(master, "RRULE");
  const extra = readProperties(master, "RDATE");
  if (rules.length === 0 && extra.length === 0)
    return [toEvent(describeEvent(master), first, { id: series.id, uid: series.uid })];
  const excluded = new Set(readExcluded(master, context));
  const days = durationDays(master, first);
  const lasts = (from: number) => endOf(first, from, days);
  const events: SourceEvent[] = [];
  const said = describeEvent(master);
  const found = new Map(ruleStarts(rules, start, first, context).map((at) => [at, lasts(at)]));
  for (const [at, end] of extraTimes(extra, first, context)) found.set(at, end ?? lasts(at));
  for (const [at, end] of [...found].sort(([one], [other]) => one - other)) {
    const key = keyOfStart(at, first);
    const override = overrides.get(key);
    overrides.delete(key);
    const isExcluded = excluded.has(key) || excluded.has(dayOf(at, first));
    const occurrence = override ? ownTimes(override, context) : { ...first, start: at, end };
    if ((isExcluded && !override) || !occurrence) continue;
    if (!override && (occurrence.end < context.window.from || at > context.window.to)) continue;
    events.push(
      toEvent(override ? describeEvent(override) : said, occurrence, {
        id: `${series.id}:${key}`,
        seriesId: series.id,
        uid: series.uid,
      }),
    );
  }
  return events;
}

/** Starts of all rules, as instants; midnights of UTC for days. A rule that cannot be followed leaves the first one. */
function ruleStarts(rules: string[], start: FeedTime, first: Occurrence, { window, budget }: SeriesContext): number[] {
  const { zone } = first;
  const span = first.end - first.start;
  const starts = rules.flatMap((text) => {
    const rule = parseRule(text);
    if (!rule) return [zone.toWall(first.start)];
    return expandRule(rule, {
      start: zone.toWall(first.start),
      until: readUntil(rule.until, start, zone),
      window: { from: window.from - span - dayMs, to: window.to + dayMs },
      maxStarts: maxOccurrences,
      budget,
    });
  });
  const own = rules.length === 0 ? [zone.toWall(first.start)] : [];
  return [...own, ...starts].map((wallMs) => zone.toInstant(wallMs));
}

/** The last start on the wall clock of the series. A day stands for all of it. */
function readUntil(text: string | null, start: FeedTime, zone: Zone): number | null {
  const until = text === null ? null : toTime(text, null);
  if (!until) return null;
  if (until.isDay) return until.wallMs + (start.isDay ? 0 : dayMs - 1);
  const wallMs = until.isUtc ? zone.toWall(until.wallMs) : until.wallMs;
  return start.isDay ? Math.floor(wallMs / dayMs) * dayMs : wallMs;
}

function extraTimes(
  properties: ReturnType<typeof readProperties>,
  first: Occurrence,
  context: SeriesContext,
): [at: number, end: number | null][] {
  const all = properties.flatMap(({ values, parameters }) => values.map((value) => ({ value, tzid: parameters.tzid })));
  return all.slice(0, maxOccurrences).flatMap(({ value, tzid }): [number, number | null][] => {
    // A period is a start with an end or a duration.
    const [from, to] = Array.isArray(value) ? value : [value, undefined];
    const start = toTime(from, tzid);
    if (!start) return [];
    const at = first.isDay ? Math.floor(start.wallMs / dayMs) * dayMs : toInstant(start, context);
    const end = toTime(to, tzid);
    const duration = toDuration(to);
    return [[at, end ? toInstant(end, context) : duration ? at + duration.days * dayMs + duration.ms : null]];
  });
}

function readExcluded(master: FeedComponent, context: SeriesContext): string[] {
  const properties = readProperties(master, "EXDATE");
  const times = properties.flatMap(({ values, parameters }) => values.map((value) => toTime(value, parameters.tzid)));
  return times.map((time) => keyOf(time, context));
}

/** DTSTART with DTEND, DURATION, or what holds without either: a day, or no time at all. */
function ownTimes(part: FeedComponent, context: SeriesContext): Occurrence | null {
  const start = readTime(part, "DTSTART");
  if (!start) return null;
  const zone = zoneOf(start, context);
  const from = toInstant(start, context);
  const end = readTime(part, "DTEND");
  if (start.isDay) {
    const days = toDuration(readRaw(part, "DURATION")[0])?.days ?? 0;
    // Some feeds name the last day instead of the one after it.
    const to = end ? Math.floor(end.wallMs / dayMs) * dayMs : from + days * dayMs;
    return { start: from, end: Math.max(to, from + dayMs), isDay: true, zone: utcZone };
  }
  const duration = toDuration(readRaw(part, "DURATION")[0]);
  const to = end ? toInstant(end, context) : duration ? addDuration(from, duration, zone) : from;
  return { start: from, end: Math.max(to, from), isDay: false, zone };
}

/** With DURATION occurrences last as many days on the calendar, with DTEND as many seconds (RFC 5545, 3.8.5.3). */
function durationDays(master: FeedComponent, first: Occurrence): { days: number; ms: number } | null {
  const isNominal = !first.isDay && readTime(master, "DTEND") === null;
  return isNominal ? toDuration(readRaw(master, "DURATION")[0]) : null;
}

function endOf(first: Occurrence, at: number, duration: { days: number; ms: number } | null): number {
  return duration ? addDuration(at, duration, first.zone) : at + (first.end - first.start);
}

function addDuration(at: number, { days, ms }: { days: number; ms: number }, zone: Zone): number {
  return (days === 0 ? at : zone.toInstant(zone.toWall(at) + days * dayMs)) + ms;
}

function zoneOf(time: FeedTime, { findZone, calendarZone }: SeriesContext): Zone {
  if (time.isUtc) return { ...utcZone, name: calendarZone.name };
  // Floating times, and those of zones that nobody knows, are those of the calendar.
  return (time.tzid === null ? null : findZone(time.tzid)) ?? calendarZone;
}

function toInstant(time: FeedTime, context: SeriesContext): number {
  return time.isDay ? time.wallMs : zoneOf(time, context).toInstant(time.wallMs);
}

/** How RECURRENCE-ID and EXDATE find their occurrence, whatever zone they are written in. */
function keyOf(time: FeedTime | null, context: SeriesContext): string {
  if (!time) return "";
  return stamp(toInstant(time, context), time.isDay);
}

function keyOfStart(at: number, { isDay }: Occurrence): string {
  return stamp(at, isDay);
}

/** The day of an occurrence on its own clock: some feeds exclude a whole day of a series of times. */
function dayOf(at: number, { zone }: Occurrence): string {
  return stamp(zone.toWall(at), true);
}

function stamp(ms: number, isDay: boolean): string {
  const text = new Date(ms).toISOString();
  return isDay ? text.slice(0, 10) : text.replace(".000", "");
}

/** The master with the highest SEQUENCE; others are events of their own where they begin at another time. */
function mastersOf(parts: readonly FeedComponent[]): FeedComponent[] {
  const byStart = new Map<string, FeedComponent>();
  const sorted = newestLast(parts);
  const newest = sequenceOf(sorted.at(-1));
  for (const part of sorted) if (sequenceOf(part) === newest) byStart.set(readRaw(part, "DTSTART")[0] ?? "", part);
  return [...byStart.values()];
}

function newestLast(parts: readonly FeedComponent[]): FeedComponent[] {
  return [...parts].sort((one, other) => sequenceOf(one) - sequenceOf(other));
}

function sequenceOf(part: FeedComponent | undefined): number {
  const sequence = Number(readText(part, "SEQUENCE"));
  return Number.isInteger(sequence) ? sequence : 0;
}

function toEvent(
  said: ReturnType<typeof describeEvent>,
  { start, end, isDay, zone }: Occurrence,
  { id, seriesId, uid }: { id: string; seriesId?: string; uid: string | null },
): SourceEvent {
  const time = (ms: number) =>
    isDay ? { date: stamp(ms, true) } : { at: new Date(ms).toISOString(), timeZone: zone.name };
  return {
    id,
    start: time(start),
    end: time(end),
    ...said,
    ...(seriesId === undefined ? {} : { seriesId }),
    ...(uid === null ? {} : { iCalUid: uid.slice(0, 500) }),
  };
}
