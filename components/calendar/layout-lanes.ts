import { addDays } from "@/lib/contracts/day";
import { type Day } from "./calendar-days";

export interface DaySpan {
  id: string;
  from: Day;
  /** Exclusive. */
  to: Day;
}

export interface PlacedSpan {
  id: string;
  /** Columns of the shown days, the last one exclusive. */
  firstColumn: number;
  endColumn: number;
  lane: number;
  /** It began before, or goes on after what is shown. */
  isCutBefore: boolean;
  isCutAfter: boolean;
}

/** Puts what lasts whole days into lanes above the grid: the longest first, each into the first lane that is free. */
export function layoutLanes(spans: readonly DaySpan[], days: readonly Day[]): PlacedSpan[] {
  const [firstDay, lastDay] = [days[0], days.at(-1)];
  if (firstDay === undefined || lastDay === undefined) return [];
  const placed: PlacedSpan[] = [];
  const shown = spans
    .flatMap((span) => {
      const columns = days.flatMap((day, index) => (span.from <= day && day < span.to ? [index] : []));
      const [first, last] = [columns[0], columns.at(-1)];
      return first === undefined || last === undefined ? [] : [{ span, first, end: last + 1 }];
    })
    .sort((one, other) => one.first - other.first || other.end - one.end || (one.span.id < other.span.id ? -1 : 1));
  for (const { span, first, end } of shown) {
    let lane = 0;
    while (placed.some((other) => other.lane === lane && other.firstColumn < end && first < other.endColumn)) lane++;
    placed.push({
      ...{ id: span.id, firstColumn: first, endColumn: end, lane },
      isCutBefore: span.from < firstDay,
      isCutAfter: span.to > addDays(lastDay, 1),
    });
  }
  return placed;
}
