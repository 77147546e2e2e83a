import type { EventView } from "@/lib/contracts/calendar";
import { addDays, dayIn } from "@/lib/contracts/day";
import { type Day } from "./calendar-days";
import type { Slot } from "./day-slots";

/** Writes times and days of one zone in the way of one locale: the same on the server and in the browser. */
export interface Clock {
  locale: string;
  timeZone: string;
  /** "10:00" or "10:00 AM". */
  time(at: string | number): string;
  /** "10:00 – 10:30" or "10:00 – 10:30 AM", within a day. */
  times(from: string | number, to: string | number): string;
  /** At the side of the grid: "10:00" or "10 AM". */
  hour(slot: Slot): string;
  /** "Mon". */
  weekday(day: Day): string;
  /** "Monday, 30 November 2026". */
  longDay(day: Day): string;
  /** "Mon, 30 Nov". */
  shortDay(day: Day): string;
  /** "November 2026", over two months "November – December 2026". */
  months(first: Day, last: Day): string;
}

export function makeClock(locale: string, timeZone: string): Clock {
  const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options);
  const isHalfDay = format({ hour: "numeric" }).resolvedOptions().hour12 === true;
  const full = { hour: isHalfDay ? "numeric" : "2-digit", minute: "2-digit" } as const;
  const time = format({ ...full, timeZone });
  const hour = format({ ...(isHalfDay ? { hour: "numeric" } : full), timeZone: "UTC" });
  // A day is no instant: it is written as the noon of UTC that has its date.
  const dayFormat = (options: Intl.DateTimeFormatOptions) => format({ ...options, timeZone: "UTC" });
  const weekday = dayFormat({ weekday: "short" });
  const long = dayFormat({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
  const short = dayFormat({ weekday: "short", day: "numeric", month: "short" });
  const months = dayFormat({ month: "long", year: "numeric" });
  const noon = (day: Day) => new Date(`${day}T12:00:00Z`);
  return {
    locale,
    timeZone,
    time: (at) => plainSpaces(time.format(new Date(at))),
    times: (from, to) => plainSpaces(time.formatRange(new Date(from), new Date(to))),
    hour: (slot) => plainSpaces(hour.format(new Date(Date.UTC(2026, 0, 1, slot.hour)))),
    weekday: (day) => weekday.format(noon(day)),
    longDay: (day) => long.format(noon(day)),
    shortDay: (day) => short.format(noon(day)),
    months: (first, last) => plainSpaces(months.formatRange(noon(first), noon(last))),
  };
}

/** "10:00 – 10:30", of an event that lasts longer with its days. */
export function describeHours({ start, end }: EventView, clock: Clock): string {
  if (!("at" in start) || !("at" in end)) return "Whole day";
  const [first, last] = [dayIn(start.at, clock.timeZone), dayIn(end.at, clock.timeZone)];
  if (start.at === end.at) return clock.time(start.at);
  if (first === last) return clock.times(start.at, end.at);
  return `${clock.time(start.at)} – ${clock.shortDay(last)} ${clock.time(end.at)}`;
}

/** "Tue, 3 Nov, 10:00 – 10:30"; "Tue, 3 Nov, whole day". */
export function describeTimes(event: EventView, clock: Clock): string {
  const { start, end } = event;
  if ("at" in start) return `${clock.shortDay(dayIn(start.at, clock.timeZone))}, ${describeHours(event, clock)}`;
  const last = "date" in end ? addDays(end.date, -1) : start.date;
  if (last <= start.date) return `${clock.shortDay(start.date)}, whole day`;
  return `${clock.shortDay(start.date)} – ${clock.shortDay(last)}, whole days`;
}

/** The same in the zone that the event itself names; null when that is the same time on the clock. */
export function describeOwnZone(event: EventView, clock: Clock): string | null {
  const { start } = event;
  if (!("at" in start) || isSameZone(start.timeZone, clock.timeZone, Date.parse(start.at))) return null;
  return `${describeTimes(event, makeClock(clock.locale, start.timeZone))} ${start.timeZone}`;
}

/** The two show the same time at that moment and in half a year. */
export function isSameZone(first: string, second: string, at: number): boolean {
  if (first === second) return true;
  const later = at + 182 * 24 * 60 * 60_000;
  return [at, later].every((moment) => wallTime(moment, first) === wallTime(moment, second));
}

function wallTime(at: number, timeZone: string): string {
  const options = { timeZone, dateStyle: "short", timeStyle: "short" } as const;
  return new Intl.DateTimeFormat("en", options).format(new Date(at));
}

/** Versions of Unicode's data differ in their spaces; a page is the same on both sides. */
const plainSpaces = (text: string) => text.replace(/[\u00a0\u2009\u202f]/g, " ");
