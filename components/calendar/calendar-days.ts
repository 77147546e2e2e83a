import { Temporal } from "temporal-polyfill";
import { addDays } from "@/lib/contracts/day";

/** Days as `2026-11-27`: they compare as text, and no zone can shift them. */
export type Day = string;

export const calendarViews = ["week", "day", "agenda"] as const;
export type CalendarViewName = (typeof calendarViews)[number];

export const agendaDays = 28;

export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  try {
    return Temporal.PlainDate.from(text).toString() === text;
  } catch {
    return false;
  }
}

/** The days that a view shows. @param firstDay of a week, 1 (Monday) to 7 */
export function daysOf(view: CalendarViewName, day: Day, firstDay: number): Day[] {
  if (view === "day") return [day];
  if (view === "agenda") return range(day, agendaDays);
  const back = (Temporal.PlainDate.from(day).dayOfWeek - firstDay + 7) % 7;
  return range(addDays(day, -back), 7);
}

/** Where ← and → lead. */
export function stepFrom(view: CalendarViewName, day: Day, direction: 1 | -1): Day {
  return addDays(day, direction * { day: 1, week: 7, agenda: agendaDays }[view]);
}

function range(first: Day, count: number): Day[] {
  return Array.from({ length: count }, (_, index) => addDays(first, index));
}
