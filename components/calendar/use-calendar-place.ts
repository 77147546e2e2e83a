"use client";

import { useSearchParams } from "next/navigation";
import { type CalendarAddress, calendarPath, readAddress } from "./calendar-address";
import type { CalendarViewName, Day } from "./calendar-days";
import { useIsPhone } from "./use-is-phone";

/** Where one is lives in the address; moving changes the address without asking the server for a page. */
export function useCalendarPlace(
  first: CalendarAddress,
  today: Day,
  isServerPhone: boolean,
): { view: CalendarViewName; day: Day; go: (next: Partial<CalendarAddress>) => void } {
  const query = useSearchParams();
  const isPhone = useIsPhone(isServerPhone);
  const address = query ? readAddress(query.get("view"), query.get("date")) : first;
  const view = address.view ?? (isPhone ? "day" : "week");
  const go = (next: Partial<CalendarAddress>) => {
    const wanted = { ...address, ...next };
    const path = calendarPath(wanted.day === today ? { ...wanted, day: null } : wanted);
    if (path !== `${window.location.pathname}${window.location.search}`) window.history.pushState(null, "", path);
  };
  return { view, day: address.day ?? today, go };
}
