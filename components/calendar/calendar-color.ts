import type { CalendarView } from "@/lib/contracts/calendar";

/** For calendars that bring none: apart from each other in both appearances. */
const own = ["#0b7a53", "#8a5a00", "#3a5fb0", "#a3386c", "#5b6b1f", "#6a4bb0"];

/** The colour of each calendar, as six hex digits: nothing else of a source reaches a style. */
export function colorsOf(calendars: readonly CalendarView[]): Map<string, string> {
  return new Map(
    calendars.map(({ id, color }, index) => [
      id,
      color !== null && /^#[0-9a-f]{6}$/i.test(color) ? color : (own[index % own.length] ?? "#0b7a53"),
    ]),
  );
}
