import type { Word } from "../language/words";

/** A day or a span of days that a message names. Both ends are included, as ISO dates. */
export interface FoundDates {
  from: string;
  to: string;
  /** Words it was read from: indices, the last one excluded. */
  first: number;
  end: number;
  /** A day of the week was said, and today is one: it is today, or in a week. */
  isWeekdayOfToday?: boolean;
}

const months = "january february march april may june july august september october november december".split(" ");
const weekdays = "sunday monday tuesday wednesday thursday friday saturday".split(" ");
const dayMs = 86_400_000;

/** "Friday", "March" */
export function isDayName({ lower }: Word): boolean {
  return weekdays.includes(lower) || months.includes(lower);
}

/** All days a message names, in order. Without knowing today only written dates are read. */
export function findDates(words: readonly Word[], today: Date | null): FoundDates[] {
  const found: FoundDates[] = [];
  for (let index = 0; index < words.length; ) {
    const one = readWritten(words, index, today) ?? (today ? readRelative(words, index, today) : null);
    if (one) found.push(one);
    index = one ? one.end : index + 1;
  }
  return found;
}

function readWritten(words: readonly Word[], index: number, today: Date | null): FoundDates | null {
  const word = words[index];
  if (!word) return null;
  if (/^\d{4}-\d\d-\d\d$/.test(word.text)) return day(new Date(`${word.text}T00:00:00Z`), index, index + 1);
  const monthOf = (at: number) => {
    const lower = words[at]?.lower ?? "";
    const found = months.findIndex(
      (month) => month === lower || (lower.length >= 3 && lower.length <= 4 && month.startsWith(lower)),
    );
    return lower === "may" && !words[at]?.isCapital ? -1 : found;
  };
  const dayNumber = (at: number) =>
    Number(/^(\d{1,2})(?:st|nd|rd|th)?$/.exec(words[at]?.lower ?? "")?.[1] ?? Number.NaN);
  const yearAt = (at: number) => (/^(?:19|20)\d\d$/.test(words[at]?.text ?? "") ? Number(words[at]?.text) : null);
  const year = (at: number) => yearAt(at) ?? today?.getUTCFullYear() ?? null;
  // "3 May 2026", "3rd of May", "May 3, 2026"
  const skip = words[index + 1]?.lower === "of" ? 1 : 0;
  const [dayFirst, monthSecond] = [dayNumber(index), monthOf(index + 1 + skip)];
  if (dayFirst >= 1 && dayFirst <= 31 && monthSecond >= 0)
    return written(
      year(index + 2 + skip),
      monthSecond,
      dayFirst,
      index,
      index + 2 + skip + (yearAt(index + 2 + skip) === null ? 0 : 1),
    );
  const month = monthOf(index);
  if (month < 0) return null;
  const second = dayNumber(index + 1);
  if (second >= 1 && second <= 31) {
    const comma = words[index + 2]?.text === "," ? 1 : 0;
    const hasYear = yearAt(index + 2 + comma) !== null;
    return written(year(index + 2 + comma), month, second, index, index + 2 + (hasYear ? comma + 1 : 0));
  }
  const ownYear = year(index + 1);
  return ownYear === null
    ? null
    : span(utc(ownYear, month, 1), utc(ownYear, month + 1, 0), index, index + (yearAt(index + 1) === null ? 1 : 2));
}

function readRelative(words: readonly Word[], index: number, today: Date): FoundDates | null {
  const at = (offset: number) => words[index + offset]?.lower ?? "";
  const one = (days: number, length = 1) => day(new Date(today.getTime() + days * dayMs), index, index + length);
  if (at(0) === "today" || at(0) === "tonight") return one(0);
  if (at(0) === "yesterday") return one(-1);
  if (at(0) === "tomorrow") return one(1);
  const isNext = at(0) === "next";
  const isLast = /^(last|past|previous)$/.test(at(0));
  const isThis = /^(this|current)$/.test(at(0));
  const amount = Number(at(1));
  if ((isNext || isLast) && amount > 0 && amount < 1000 && /^(day|week|month)s?$/.test(at(2)))
    return ahead(amount, at(2), isNext, index, today);
  const weekday = weekdays.indexOf(isNext || isLast || isThis ? at(1) : at(0));
  if (weekday >= 0) {
    const days = (weekday - today.getUTCDay() + 7) % 7;
    if (isLast) return one((days || 7) - 7, 2);
    const found = one(isNext && days === 0 ? 7 : days, isNext || isThis ? 2 : 1);
    return found && days === 0 && !isNext ? { ...found, isWeekdayOfToday: true } : found;
  }
  const isBareWeekend = at(0) === "weekend" && isAlone(words, index);
  if (!isNext && !isLast && !isThis && !isBareWeekend) return null;
  const step = isNext ? 1 : isLast ? -1 : 0;
  const [y, m] = [today.getUTCFullYear(), today.getUTCMonth()];
  if (at(1) === "month") return span(utc(y, m + step, 1), utc(y, m + step + 1, 0), index, index + 2);
  if (at(1) === "year") return span(utc(y + step, 0, 1), utc(y + step, 11, 31), index, index + 2);
  // Weeks begin on Monday (ISO 8601).
  const monday = today.getTime() - ((today.getUTCDay() + 6) % 7) * dayMs + step * 7 * dayMs;
  if (at(1) === "week") return span(new Date(monday), new Date(monday + 6 * dayMs), index, index + 2);
  if (!isBareWeekend && at(1) !== "weekend") return null;
  const end = index + (isBareWeekend ? 1 : 2);
  return span(new Date(monday + 5 * dayMs), new Date(monday + 6 * dayMs), index, end);
}

/** "for the weekend", and not the first half of "the weekend trip". */
function isAlone(words: readonly Word[], index: number): boolean {
  const next = words[index + 1];
  const isOver = !next?.isWord || /^(?:in|at|on|for|and|with|to|from|please)$/.test(next.lower);
  return isOver && words[index - 1]?.lower === "the";
}

function ahead(amount: number, unit: string, isNext: boolean, index: number, today: Date): FoundDates {
  const days = amount * (unit.startsWith("week") ? 7 : unit.startsWith("month") ? 30 : 1);
  const other = new Date(today.getTime() + (isNext ? 1 : -1) * days * dayMs);
  return isNext ? span(today, other, index, index + 3) : span(other, today, index, index + 3);
}

function written(year: number | null, month: number, date: number, first: number, end: number): FoundDates | null {
  if (year === null) return null;
  const found = utc(year, month, date);
  return found.getUTCMonth() === month ? day(found, first, end) : null;
}

function utc(year: number, month: number, date: number): Date {
  return new Date(Date.UTC(year, month, date));
}

function day(date: Date, first: number, end: number): FoundDates | null {
  return Number.isNaN(date.getTime()) ? null : span(date, date, first, end);
}

function span(from: Date, to: Date, first: number, end: number): FoundDates {
  return { from: from.toISOString().slice(0, 10), to: to.toISOString().slice(0, 10), first, end };
}
