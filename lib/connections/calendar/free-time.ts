import { Temporal } from "temporal-polyfill";
import type { EventTime, EventView } from "@/lib/contracts/calendar";
import { spanOfTimes } from "./event-times";

export interface FreeSlot {
  start: EventTime;
  end: EventTime;
  minutes: number;
}

/** A busy stretch in milliseconds. */
type Stretch = readonly [from: number, to: number];

/**
 * The times of these days, between two times of day, in which nothing is on, each at least so long; over changes of the clocks.
 * @param days ISO dates, in order
 * @param dayStart,dayEnd such as `09:00`
 */
export function findFreeTime(
  events: readonly Pick<EventView, "start" | "end" | "isBusy">[],
  request: { days: readonly string[]; dayStart: string; dayEnd: string; minutes: number; timeZone: string; now: Date },
): FreeSlot[] {
  const { timeZone, minutes } = request;
  const busy = merge(
    events
      .filter(({ isBusy }) => isBusy)
      .map((event) => spanOfTimes(event, timeZone))
      .map(({ from, to }) => [from.getTime(), to.getTime()] as const),
  );
  const at = (day: string, time: string) =>
    Temporal.PlainDate.from(day).toZonedDateTime({ timeZone, plainTime: time }).epochMilliseconds;
  const slots: FreeSlot[] = [];
  for (const day of request.days) {
    const open = Math.max(at(day, request.dayStart), ceilToQuarter(request.now.getTime()));
    for (const [from, to] of gaps(open, at(day, request.dayEnd), busy))
      if (to - from >= minutes * 60_000)
        slots.push({ start: time(from, timeZone), end: time(to, timeZone), minutes: Math.floor((to - from) / 60_000) });
  }
  return slots;
}

function gaps(open: number, close: number, busy: readonly Stretch[]): Stretch[] {
  const found: Stretch[] = [];
  let from = open;
  for (const [start, end] of busy) {
    if (end <= from || start >= close) continue;
    if (start > from) found.push([from, start]);
    from = Math.max(from, end);
  }
  if (from < close) found.push([from, close]);
  return found;
}

/** Overlapping ones as one, in order. */
function merge(stretches: readonly Stretch[]): Stretch[] {
  const merged: [number, number][] = [];
  for (const [from, to] of [...stretches].sort((first, second) => first[0] - second[0])) {
    const last = merged.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

const quarterMs = 15 * 60_000;
const ceilToQuarter = (ms: number) => Math.ceil(ms / quarterMs) * quarterMs;
const time = (ms: number, timeZone: string): EventTime => ({
  at: new Date(ms).toISOString().replace(".000Z", "Z"),
  timeZone,
});
