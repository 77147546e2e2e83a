import type { Word } from "../language/words";
import { type FoundDates, findDates } from "./find-dates";

/** A time of day, or from one to another, as `HH:MM`. Indices of the words it was read from, the last one excluded. */
export interface FoundTime {
  from: string;
  to: string | null;
  first: number;
  end: number;
}

/** Days and times that a message names, and the words that are neither. */
export interface When {
  date: FoundDates | null;
  time: FoundTime | null;
  /** How long, where it is said: "for 45 minutes". */
  minutes: number | null;
  /** What is left: the thing that it is about. */
  rest: readonly Word[];
}

const named: Readonly<Record<string, string>> = { noon: "12:00", midday: "12:00", midnight: "00:00" };
const minutesOf: Readonly<Record<string, number>> = { minute: 1, min: 1, hour: 60, h: 60, hr: 60 };
/** What stands before a day or a time and belongs to it. */
const before = new Set(["at", "on", "from", "for", "to", "until", "till", "by", "next", "this", "the", "of", ","]);

/**
 * Takes day, time and length out of what was said. A number alone is a time where it stands beside a day or after "at". One from
 * 1 to 6 without am, pm or a zero before it is in the afternoon, as people mean it for appointments; the person sees the time before it counts.
 */
export function findWhen(words: readonly Word[], today: Date | null): When {
  const date = findDates(words, today)[0] ?? null;
  const length = findLength(words);
  const taken = new Set<number>(length ? range(length.first, length.end) : []);
  const time = findTime(words, date, taken);
  for (const span of [date, time]) if (span) for (const index of range(span.first, span.end)) taken.add(index);
  // "on", "at" and the like go with what they stand before, one after the other.
  for (let index = words.length - 1; index >= 0; index--)
    if (taken.has(index + 1) && before.has(words[index]?.lower ?? "")) taken.add(index);
  return { date, time, minutes: length?.minutes ?? null, rest: words.filter((_, index) => !taken.has(index)) };
}

function findLength(words: readonly Word[]): { minutes: number; first: number; end: number } | null {
  for (const [index, word] of words.entries()) {
    const joined = /^(\d{1,3})(min|m|h|hr)$/.exec(word.lower);
    const amount = word.lower === "half" ? 0.5 : /^(an?|one)$/.test(word.lower) ? 1 : Number(word.lower);
    const skip = word.lower === "half" && /^an?$/.test(words[index + 1]?.lower ?? "") ? 2 : 1;
    const unit = joined
      ? minutesOf[joined[2] === "m" ? "min" : (joined[2] ?? "")]
      : minutesOf[unitOf(words[index + skip])];
    const count = joined ? Number(joined[1]) : amount;
    if (unit === undefined || !(count > 0)) continue;
    const isFor = words[index - 1]?.lower === "for";
    return {
      minutes: Math.round(count * unit),
      first: isFor ? index - 1 : index,
      end: index + (joined ? 1 : skip + 1),
    };
  }
  return null;
}

const unitOf = (word: Word | undefined) => (word?.lower ?? "").replace(/-long$/, "").replace(/s$/, "");

function findTime(words: readonly Word[], date: FoundDates | null, taken: ReadonlySet<number>): FoundTime | null {
  for (let index = 0; index < words.length; index++) {
    const isOfDate = date !== null && index >= date.first && index < date.end;
    if (isOfDate || taken.has(index)) continue;
    const lower = words[index - 1]?.lower ?? "";
    const isExpected = /^(at|from|until|till|to|around)$/.test(lower) || index === date?.end;
    const start = readClock(words, index, isExpected);
    if (!start) continue;
    const joiner = words[start.end]?.lower ?? "";
    const stop = /^(to|until|till|-|–|—)$/.test(joiner) ? readClock(words, start.end + 1, true) : null;
    if (!stop) return { from: start.clock, to: null, first: index, end: start.end };
    return { ...fitTogether(start, stop), first: index, end: stop.end };
  }
  return null;
}

/** "9 to 5" is eight hours and "22:00 to 6:30" a night: where half of the day is not said, it is the one that is nearer. */
function fitTogether(start: Clock, stop: Clock): { from: string; to: string } {
  const isGuessed = stop.isOpen && (start.half === "pm" || /^(?:0[1-6]|1[3-8])/.test(stop.clock));
  if (isGuessed) return { from: start.clock, to: nearest(stop.clock, (clock) => minutesFrom(start.clock, clock)) };
  const isHalfLater = start.isOpen && stop.half !== undefined;
  const from = isHalfLater ? nearest(start.clock, (clock) => minutesFrom(clock, stop.clock)) : start.clock;
  return { from, to: stop.clock };
}

function nearest(clock: string, distance: (clock: string) => number): string {
  const other = `${String((Number(clock.slice(0, 2)) + 12) % 24).padStart(2, "0")}${clock.slice(2)}`;
  return distance(other) < distance(clock) ? other : clock;
}

function minutesFrom(from: string, to: string): number {
  const [first, last] = [from, to].map((clock) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3)));
  return ((last ?? 0) - (first ?? 0) + 24 * 60) % (24 * 60) || 24 * 60;
}

interface Clock {
  clock: string;
  end: number;
  half: string | undefined;
  /** Which half of the day is meant is not said. */
  isOpen: boolean;
}

function readClock(words: readonly Word[], index: number, isExpected: boolean): Clock | null {
  const text = words[index]?.lower ?? "";
  const name = named[text];
  if (name) return { clock: name, end: index + 1, half: undefined, isOpen: false };
  const found = /^(\d{1,2})(?:[:.h](\d{2}))?(am|pm)?$/.exec(text);
  // "10:30" comes as "10", ":", "30".
  const [sign, minute] = [words[index + 1], words[index + 2]];
  const isSplit = found?.[2] === undefined && sign?.text === ":" && /^\d{2}(am|pm)?$/.test(minute?.lower ?? "");
  if (!found) return null;
  let end = index + (isSplit ? 3 : 1);
  const own = found[3] ?? /(am|pm)$/.exec(isSplit ? (minute?.lower ?? "") : "")?.[1];
  const next = (words[end]?.lower ?? "").replaceAll(".", "");
  const half = own ?? (/^(am|pm)$/.test(next) ? next : undefined);
  if (own === undefined && half !== undefined) end++;
  else if (next === "o'clock") end++;
  const minutes = found[2] ?? (isSplit ? (minute?.lower ?? "").slice(0, 2) : undefined);
  if (minutes === undefined && half === undefined && next !== "o'clock" && !isExpected) return null;
  const hour = Number(found[1]);
  const isOpen = half === undefined && hour >= 1 && hour <= 12 && !/^0/.test(found[1] ?? "");
  const clock = toClock(hour, Number(minutes ?? "0"), half, isOpen);
  return clock === null ? null : { clock, end, half, isOpen };
}

function toClock(hour: number, minute: number, half: string | undefined, isOpen: boolean): string | null {
  if (hour > 23 || minute > 59 || (half !== undefined && (hour < 1 || hour > 12))) return null;
  const isAfternoon = half === "pm" || (isOpen && hour <= 6);
  const full = half === undefined ? hour + (isAfternoon ? 12 : 0) : (hour % 12) + (half === "pm" ? 12 : 0);
  return `${String(full).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
}

function* range(first: number, end: number): Generator<number> {
  for (let index = first; index < end; index++) yield index;
}
