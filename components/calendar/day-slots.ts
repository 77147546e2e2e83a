import { Temporal } from "temporal-polyfill";
import type { Day } from "./calendar-days";

/**
 * The hours at the side of a time grid. On most days these are 0 to 23. When the clocks go forward, that day lacks an hour; when
 * they go back, it has one twice, and both stand there. Days beside it show a gap where they have no such hour.
 */
export interface Slot {
  hour: number;
  /** 0, or 1 for the second time that this hour comes on that day. */
  turn: number;
}

/** For each hour of a day the offsets from UTC under which it comes, in order. Hours that the clock skips are not there. */
type DayHours = ReadonlyMap<number, readonly number[]>;

export interface DayGrid {
  slots: Slot[];
  /** For each day the slots it does not have. */
  gaps: Map<Day, number[]>;
  /** How far down an instant of that day stands, in minutes of the grid. @param isEnd it is where something ends */
  minuteOf(day: Day, at: string | number, isEnd?: boolean): number;
}

const stepMs = 15 * 60_000;
const dayMs = 24 * 60 * 60_000;

export function makeDayGrid(days: readonly Day[], timeZone: string): DayGrid {
  const hours = new Map(days.map((day) => [day, hoursOf(day, timeZone)]));
  const slots: Slot[] = [];
  for (let hour = 0; hour < 24; hour++) {
    const turns = Math.max(0, ...[...hours.values()].map((ofDay) => ofDay.get(hour)?.length ?? 0));
    for (let turn = 0; turn < turns; turn++) slots.push({ hour, turn });
  }
  const indexOf = (hour: number, turn: number) => slots.findIndex((slot) => slot.hour === hour && slot.turn === turn);
  const gaps = new Map(
    days.map((day) => [
      day,
      slots.flatMap(({ hour, turn }, index) => (turn < (hours.get(day)?.get(hour)?.length ?? 0) ? [] : [index])),
    ]),
  );
  return {
    slots,
    gaps,
    minuteOf(day, at, isEnd = false) {
      const ms = typeof at === "number" ? at : Date.parse(at);
      const { from, to } = spanOf(day, timeZone);
      if (ms <= from) return 0;
      if (ms >= to) return slots.length * 60;
      // What ends at 3:00 ends with the hour before it, also when the clock jumps there.
      const zoned = zonedOf(isEnd ? ms - 1 : ms, timeZone);
      const offsets = hours.get(day)?.get(zoned.hour) ?? [];
      const index = indexOf(zoned.hour, Math.max(0, offsets.indexOf(zoned.offsetNanoseconds)));
      const minute = zoned.minute + (zoned.second + zoned.millisecond / 1000) / 60;
      return Math.max(0, index) * 60 + (isEnd ? minute + 1 / 60_000 : minute);
    },
  };
}

/** From its first instant to the first of the next day. */
export function spanOf(day: Day, timeZone: string): { from: number; to: number } {
  const date = Temporal.PlainDate.from(day);
  const at = (plain: Temporal.PlainDate) => plain.toZonedDateTime(timeZone).epochMilliseconds;
  return { from: at(date), to: at(date.add({ days: 1 })) };
}

function hoursOf(day: Day, timeZone: string): DayHours {
  const { from, to } = spanOf(day, timeZone);
  const hours = new Map<number, number[]>();
  const isPlain = to - from === dayMs && offsetOf(from, timeZone) === offsetOf(to - 1, timeZone);
  if (isPlain) for (let hour = 0; hour < 24; hour++) hours.set(hour, [offsetOf(from, timeZone)]);
  for (let ms = from; ms < to && !isPlain; ms += stepMs) {
    const { hour, offsetNanoseconds } = zonedOf(ms, timeZone);
    const offsets = hours.get(hour) ?? [];
    if (!offsets.includes(offsetNanoseconds)) hours.set(hour, [...offsets, offsetNanoseconds]);
  }
  return hours;
}

const zonedOf = (ms: number, timeZone: string) =>
  Temporal.Instant.fromEpochMilliseconds(Math.floor(ms)).toZonedDateTimeISO(timeZone);
const offsetOf = (ms: number, timeZone: string) => zonedOf(ms, timeZone).offsetNanoseconds;
