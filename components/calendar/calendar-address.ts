import { type CalendarViewName, calendarViews, type Day, isDay } from "./calendar-days";

/** What the address says; null where it says nothing, and the default holds. */
export interface CalendarAddress {
  view: CalendarViewName | null;
  day: Day | null;
}

export function readAddress(view: string | null | undefined, day: string | null | undefined): CalendarAddress {
  return { view: calendarViews.find((one) => one === view) ?? null, day: day && isDay(day) ? day : null };
}

export function calendarPath({ view, day }: CalendarAddress): string {
  const query = new URLSearchParams();
  if (view) query.set("view", view);
  if (day) query.set("date", day);
  return query.size > 0 ? `/calendar?${query}` : "/calendar";
}
