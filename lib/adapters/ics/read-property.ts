import ICAL from "ical.js";
import { dayMs } from "./recurrence/calendar-day";
import type { FeedComponent } from "./split-feed";

export interface FeedProperty {
  /** As jCal writes them (RFC 7265): `2026-11-27T09:00:00Z`, `PT1H`, text without escapes. */
  values: unknown[];
  /** Names in lower case. */
  parameters: Record<string, unknown>;
}

export interface FeedTime {
  /** Milliseconds as if the clock on the wall were UTC; midnight for days. */
  wallMs: number;
  isDay: boolean;
  isUtc: boolean;
  tzid: string | null;
}

/**
 * All properties of a name. One that is damaged is left out and costs nothing else.
 * @param readAs the property whose kind of value it is read as; `X-…` gives what stands there
 */
export function readProperties(component: FeedComponent | undefined, name: string, readAs = name): FeedProperty[] {
  return (component?.lines ?? []).flatMap((line) => {
    const next = line[name.length];
    const isNamed = (next === ":" || next === ";") && line.slice(0, name.length).toUpperCase() === name;
    return isNamed ? (parseLine(readAs + line.slice(name.length)) ?? []) : [];
  });
}

/** The first text of a name; empty when there is none. */
export function readText(component: FeedComponent | undefined, name: string, maxChars = 500): string {
  const [property] = readProperties(component, name, "SUMMARY");
  const text = property?.values[0];
  return typeof text === "string" ? text.trim().slice(0, maxChars) : "";
}

/** What stands behind the name, as it stands there: for rules. */
export function readRaw(component: FeedComponent | undefined, name: string): string[] {
  const values = readProperties(component, name, "X-RAW").map(({ values: [value] }) => value);
  return values.filter((value) => typeof value === "string");
}

/** The first time of a name that is one. */
export function readTime(component: FeedComponent | undefined, name: string): FeedTime | null {
  const [property] = readProperties(component, name);
  return property ? toTime(property.values[0], property.parameters.tzid) : null;
}

/** A date or a time, in the form of jCal or of iCalendar; null when it is neither. */
export function toTime(value: unknown, tzid: unknown): FeedTime | null {
  const match = /^(\d{4})-?(\d\d)-?(\d\d)(?:T(\d\d):?(\d\d):?(\d\d)?(Z)?)?$/i.exec(String(value));
  if (!match) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  const midnight = Date.UTC(year, month - 1, day);
  const date = new Date(midnight);
  const isReal = year >= 1000 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  // A second of 60 is a leap second, which no clock here has.
  const timeMs = ((hour * 60 + minute) * 60 + Math.min(second, 59)) * 1000;
  if (!isReal || minute > 59 || timeMs >= dayMs) return null;
  const zone = typeof tzid === "string" && tzid !== "" ? tzid : null;
  return { wallMs: midnight + timeMs, isDay: match[4] === undefined, isUtc: match[7] !== undefined, tzid: zone };
}

/** A duration such as `PT1H30M`: whole days apart from the rest, as a day has 23 hours when the clocks change. */
export function toDuration(value: unknown): { days: number; ms: number } | null {
  if (typeof value !== "string" || !/^\+?P[\dWDTHMS]{2,30}$/i.test(value)) return null;
  try {
    const { weeks, days, hours, minutes, seconds } = ICAL.Duration.fromString(value.toUpperCase());
    return { days: weeks * 7 + days, ms: ((hours * 60 + minutes) * 60 + seconds) * 1000 };
  } catch {
    return null;
  }
}

function parseLine(line: string): FeedProperty | null {
  try {
    const [, parameters, , ...values] = ICAL.parse.property(line) as [
      string,
      Record<string, unknown>,
      string,
      ...unknown[],
    ];
    return { values, parameters };
  } catch {
    return null;
  }
}
