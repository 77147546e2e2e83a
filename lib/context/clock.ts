import { Temporal } from "temporal-polyfill";
import type { EventView } from "@/lib/contracts/calendar";
import { dayIn, shortDay } from "@/lib/contracts/day";

/** "09:40" on the person's clock. */
export function clockIn(at: Date | string, timeZone: string): string {
  return zonedAt(at, timeZone).toPlainTime().toString({ smallestUnit: "minute" });
}

/** "Fri 27 Nov, 09:40" on the person's clock. */
export function momentIn(at: Date, timeZone: string): string {
  return `${shortDay(dayIn(at, timeZone))}, ${clockIn(at, timeZone)}`;
}

/** A place's own clock; its zone is named where the reader's clock shows another time. */
export function clockThere(at: Date | string, placeZone: string, readerZone: string): string {
  const clock = clockIn(at, placeZone);
  return clock === clockIn(at, readerZone) ? clock : `${clock} in ${placeZone}`;
}

/** "10:00–10:30" on the person's clock; what runs over midnight names the day. */
export function clockSpan(start: Date | string, end: Date | string, timeZone: string): string {
  const isSameDay = dayIn(start, timeZone) === dayIn(end, timeZone);
  return `${clockIn(start, timeZone)}–${isSameDay ? "" : `${shortDay(dayIn(end, timeZone))} `}${clockIn(end, timeZone)}`;
}

/** The instant of a wall clock time such as `2026-11-30T08:30`; one that the clocks skip is the one after it. */
export function readClock(local: string, timeZone: string): Date {
  return new Date(Temporal.PlainDateTime.from(local).toZonedDateTime(timeZone).epochMilliseconds);
}

const longFormat = new Intl.DateTimeFormat("en-GB", {
  weekday: "long",
  day: "numeric",
  month: "long",
  timeZone: "UTC",
});

/** "Friday 27 November" */
export function longDay(date: string): string {
  return longFormat.format(new Date(`${date}T00:00Z`));
}

/** When an event begins and ends, in milliseconds. A whole day is that day in the person's zone. */
export function spanOf(
  { start, end }: Pick<EventView, "start" | "end">,
  timeZone: string,
): { from: number; to: number; isWholeDay: boolean } {
  const ms = (time: EventView["start"]) =>
    "at" in time ? Date.parse(time.at) : Temporal.PlainDate.from(time.date).toZonedDateTime(timeZone).epochMilliseconds;
  return { from: ms(start), to: ms(end), isWholeDay: "date" in start };
}

function zonedAt(at: Date | string, timeZone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(new Date(at).getTime()).toZonedDateTimeISO(timeZone);
}
