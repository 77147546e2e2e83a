import { Temporal } from "temporal-polyfill";

/** Turns wall clocks into instants and back. Wall clocks are milliseconds as if they were UTC. */
export interface Zone {
  /** IANA name that is shown with the event. */
  name: string;
  /** In the gap of spring the offset before it holds, in the doubled hour of autumn the first one (RFC 5545, 3.3.5). */
  toInstant(wallMs: number): number;
  toWall(instantMs: number): number;
}

export const utcZone: Zone = { name: "UTC", toInstant: (wallMs) => wallMs, toWall: (instantMs) => instantMs };

const dayMs = 86_400_000;

/** A zone of the platform's data. Offsets are kept by the day, as occurrences of many series fall on the same days. */
export function ianaZone(name: string): Zone {
  const ask = (wallMs: number) => {
    const wall = Temporal.Instant.fromEpochMilliseconds(wallMs).toZonedDateTimeISO("UTC").toPlainDateTime();
    return wall.toZonedDateTime(name, { disambiguation: "compatible" }).epochMilliseconds;
  };
  /** Null on days on which the clocks change. */
  const offsets = new Map<number, number | null>();
  const offsetOf = (day: number) => {
    const known = offsets.get(day);
    if (known !== undefined) return known;
    const [atStart, atEnd] = [day, day + 1].map((at) => at * dayMs - ask(at * dayMs));
    const offset = atStart === atEnd ? (atStart ?? null) : null;
    offsets.set(day, offset);
    return offset;
  };
  return {
    name,
    toInstant(wallMs) {
      const offset = offsetOf(Math.floor(wallMs / dayMs));
      return offset === null ? ask(wallMs) : wallMs - offset;
    },
    toWall(instantMs) {
      const there = Temporal.Instant.fromEpochMilliseconds(instantMs).toZonedDateTimeISO(name);
      return instantMs + there.offsetNanoseconds / 1e6;
    },
  };
}

/** A zone by its changes of clocks: from `at` on, `offsetMs` is added to UTC. */
export function zoneOfChanges(name: string, changes: { at: number; offsetMs: number }[], firstOffsetMs: number): Zone {
  const sorted = [...changes].sort((one, other) => one.at - other.at);
  const offsetAt = (instantMs: number) => {
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sorted[middle]?.at ?? Number.POSITIVE_INFINITY) <= instantMs) low = middle + 1;
      else high = middle;
    }
    return sorted[low - 1]?.offsetMs ?? firstOffsetMs;
  };
  return {
    name,
    toInstant(wallMs) {
      const before = offsetAt(wallMs - dayMs);
      const after = offsetAt(wallMs + dayMs);
      const isAfter = offsetAt(wallMs - before) !== before && offsetAt(wallMs - after) === after;
      return wallMs - (isAfter ? after : before);
    },
    toWall: (instantMs) => instantMs + offsetAt(instantMs),
  };
}
