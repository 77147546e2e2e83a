import { Temporal } from "temporal-polyfill";
import type { EventTime } from "@/lib/contracts/calendar";
import { AppError } from "@/lib/contracts/errors";
import type { Span } from "@/lib/db/calendar/events";

/** Start and end as a source wants them: both instants or both days, the end after what belongs to it. */
export interface Times {
  start: EventTime;
  end: EventTime;
}

/**
 * From what a person says: wall clock times of a zone, or whole days with the last one included.
 * @throws AppError invalid when the end is not after the start, or the clock skips that time on that day
 */
export function readTimes(start: string, end: string, timeZone: string): Times {
  if (isDay(start) !== isDay(end))
    throw new AppError("invalid", "Start and end must both be times or both be whole days.");
  if (isDay(start)) {
    const last = Temporal.PlainDate.from(end);
    if (Temporal.PlainDate.compare(start, last) > 0) throw new AppError("invalid", "The last day is before the first.");
    return { start: { date: start }, end: { date: last.add({ days: 1 }).toString() } };
  }
  const [from, to] = [toZoned(start, timeZone), toZoned(end, timeZone)];
  if (Temporal.ZonedDateTime.compare(from, to) >= 0) throw new AppError("invalid", "The end must be after the start.");
  return { start: toTime(from), end: toTime(to) };
}

/** The same event at another start: as long as it was, also over a change of the clocks. */
export function moveTimes({ start, end }: Times, newStart: string, timeZone: string): Times {
  if ("date" in start && "date" in end && isDay(newStart)) {
    const days = Temporal.PlainDate.from(start.date).until(end.date);
    return { start: { date: newStart }, end: { date: Temporal.PlainDate.from(newStart).add(days).toString() } };
  }
  if ("at" in start && "at" in end && !isDay(newStart)) {
    const length = Temporal.Instant.from(start.at).until(end.at);
    const from = toZoned(newStart, timeZone);
    return { start: toTime(from), end: toTime(from.add(length)) };
  }
  throw new AppError("invalid", "Say both start and end when whole days become times, or times become whole days.");
}

/** The same instants, named in another zone. Whole days have none. */
export function inZone({ start, end }: Times, timeZone: string): Times {
  const named = (time: EventTime): EventTime => ("at" in time ? { at: time.at, timeZone } : time);
  return { start: named(start), end: named(end) };
}

/**
 * Times as a change says them: on the clock of their own zone, so that the event stays in it; on that of UTC where the clock shows
 * one of them twice.
 */
export function sayTimes(times: Times): { start: string; end: string; timeZone?: string } {
  const { start, end } = times;
  if ("date" in start && "date" in end)
    return { start: start.date, end: Temporal.PlainDate.from(end.date).subtract({ days: 1 }).toString() };
  if (!("at" in start) || !("at" in end)) throw new Error("an event has two times of one kind");
  const local = (at: string, timeZone: string) =>
    Temporal.Instant.from(at).toZonedDateTimeISO(timeZone).toPlainDateTime().toString({ smallestUnit: "second" });
  const isExact = [start, end].every(
    ({ at }) => toZoned(local(at, start.timeZone), start.timeZone).epochMilliseconds === Date.parse(at),
  );
  const timeZone = isExact ? start.timeZone : "UTC";
  return { start: local(start.at, timeZone), end: local(end.at, timeZone), timeZone };
}

/** The days from `fromDate` to before `toDate` in a zone, for `listEvents`. */
export function spanOfDays(fromDate: string, toDate: string, timeZone: string): Span {
  const at = (date: string) => new Date(Temporal.PlainDate.from(date).toZonedDateTime(timeZone).epochMilliseconds);
  return { from: at(fromDate), to: at(toDate), fromDate, toDate };
}

/** What an event takes, for looking for others at that time. A whole day is that day in the person's zone. */
export function spanOfTimes({ start, end }: Times, timeZone: string): Span {
  if ("date" in start && "date" in end) return spanOfDays(start.date, end.date, timeZone);
  if (!("at" in start) || !("at" in end)) throw new Error("an event has two times of one kind");
  const day = (at: string) => Temporal.Instant.from(at).toZonedDateTimeISO(timeZone).toPlainDate();
  return {
    from: new Date(start.at),
    to: new Date(end.at),
    fromDate: day(start.at).toString(),
    toDate: day(end.at).add({ days: 1 }).toString(),
  };
}

/**
 * For a person: `Tue 3 Nov 2026, 10:00–10:30 Europe/Berlin`; whole days as `Tue 3 Nov 2026` or `3 – Thu 5 Nov`.
 * @param timeZone whose clock it is told on
 */
export function describeTimes({ start, end }: Times, timeZone: string): string {
  if ("date" in start && "date" in end) {
    const last = Temporal.PlainDate.from(end.date).subtract({ days: 1 });
    const first = Temporal.PlainDate.from(start.date);
    return first.equals(last) ? `${day(first)}, whole day` : `${day(first)} – ${day(last)}, whole days`;
  }
  if (!("at" in start) || !("at" in end)) return "";
  const [from, to] = [start.at, end.at].map((at) => Temporal.Instant.from(at).toZonedDateTimeISO(timeZone));
  if (!from || !to) return "";
  const isSameDay = from.toPlainDate().equals(to.toPlainDate());
  return `${day(from.toPlainDate())}, ${clock(from)}–${isSameDay ? "" : `${day(to.toPlainDate())}, `}${clock(to)} ${timeZone}`;
}

const isDay = (text: string) => /^\d{4}-\d{2}-\d{2}$/.test(text);
const clock = (at: Temporal.ZonedDateTime) => at.toPlainTime().toString({ smallestUnit: "minute" });
const dayFormat = new Intl.DateTimeFormat("en-GB", {
  ...{ weekday: "short", day: "numeric", month: "short", year: "numeric" },
  timeZone: "UTC",
});
const day = (date: Temporal.PlainDate) =>
  dayFormat.format(new Date(`${date.toString()}T00:00Z`)).replace(/^(\w+),/, "$1");

function toZoned(local: string, timeZone: string): Temporal.ZonedDateTime {
  const plain = Temporal.PlainDateTime.from(local);
  const zoned = plain.toZonedDateTime(timeZone);
  if (!zoned.toPlainDateTime().equals(plain))
    throw new AppError(
      "invalid",
      `${local.replace("T", " ")} does not exist in ${timeZone}: the clocks go forward then.`,
    );
  return zoned;
}

function toTime(at: Temporal.ZonedDateTime): EventTime {
  return { at: at.toInstant().toString({ smallestUnit: "second" }), timeZone: at.timeZoneId };
}
