import type { CalendarDate, Instant } from "./canonical";
import { ModuleError } from "./module-error";

const dayMs = 86_400_000;

/** Numbers below are seconds, above milliseconds: as seconds it is the year 5138, as milliseconds March 1973. */
const firstMilliseconds = 100_000_000_000;

/** `2026-03-08T19:30:00.5Z`, also with an offset, without seconds, with a blank, or without separators (`20260308T193000.000Z`). */
const instantPattern =
  /^(\d{4})-?(\d{2})-?(\d{2})[T ](\d{2}):?(\d{2})(?::?(\d{2})(?:[.,](\d{1,9}))?)?\s*(?:(Z|UTC|GMT)|([+-])(\d{2}):?(\d{2})?)$/i;

/**
 * An instant in the one form every source is mapped to: UTC with milliseconds, `2026-03-08T19:30:00.000Z`.
 * Takes seconds or milliseconds since 1970, and texts with a zone. A text without a zone means nothing until one says
 * where: `ctx.time.parseLocal(text, zone)`.
 */
export function toInstant(value: string | number): Instant {
  if (typeof value === "number") return fromEpoch(value, value);
  const text = value.trim();
  if (/^-?\d{9,16}(\.\d+)?$/.test(text)) return fromEpoch(Number(text), value);
  const match = instantPattern.exec(text);
  if (!match) throw new ModuleError("schema", `"${value}" is not an instant with a zone.`);
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0));
  const millisecond = Number((match[7] ?? "").padEnd(3, "0").slice(0, 3));
  const at = Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second, millisecond);
  const isSameDay = new Date(at).toISOString().slice(0, 10) === `${match[1]}-${match[2]}-${match[3]}`;
  const isClock = (minute ?? 0) < 60 && (second ?? 0) < 60;
  if (!isSameDay || !isClock) throw new ModuleError("schema", `"${value}" is not an instant of the calendar.`);
  const offsetMinutes = (match[9] === "-" ? -1 : 1) * (Number(match[10] ?? 0) * 60 + Number(match[11] ?? 0));
  return new Date(at - offsetMinutes * 60_000).toISOString();
}

/** The day with which a text begins, `2026-03-08`, exactly as it is written there: no zone shifts it. */
export function toCalendarDate(text: string): CalendarDate {
  const match = /^\s*(\d{4})-?(\d{2})-?(\d{2})(?!\d)/.exec(text);
  const date = match && `${match[1]}-${match[2]}-${match[3]}`;
  if (!date || toCalendar(Date.parse(`${date}T00:00:00Z`)) !== date)
    throw new ModuleError("schema", `"${text}" does not begin with a day such as 2026-03-08.`);
  return date;
}

/** The day so many days later (or earlier, when negative). */
export function addDays(date: CalendarDate, days: number): CalendarDate {
  const result = toCalendar(Date.parse(`${toCalendarDate(date)}T00:00:00Z`) + days * dayMs);
  if (result === undefined) throw new ModuleError("schema", `${days} days from ${date} is no day of the calendar.`);
  return result;
}

/** Whole days from the first to the second day. */
export function daysBetween(from: CalendarDate, to: CalendarDate): number {
  return (Date.parse(`${toCalendarDate(to)}T00:00:00Z`) - Date.parse(`${toCalendarDate(from)}T00:00:00Z`)) / dayMs;
}

function toCalendar(ms: number): CalendarDate | undefined {
  return Number.isNaN(new Date(ms).getTime()) ? undefined : new Date(ms).toISOString().slice(0, 10);
}

function fromEpoch(epoch: number, given: string | number): Instant {
  const at = new Date(Math.abs(epoch) < firstMilliseconds ? Math.round(epoch * 1000) : epoch);
  if (Number.isNaN(at.getTime())) throw new ModuleError("schema", `"${given}" is not an instant.`);
  return at.toISOString();
}
