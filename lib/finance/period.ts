import { addDays } from "@/lib/contracts/day";
import { AppError } from "@/lib/contracts/errors";

export const periodWords = [
  "today",
  "this_week",
  "last_week",
  "this_month",
  "last_month",
  "last_30_days",
  "last_90_days",
  "last_12_months",
  "this_year",
  "last_year",
  "all",
] as const;
export type PeriodWord = (typeof periodWords)[number];

/** Days with both ends included; an end that is null is open. */
export interface Period {
  from: string | null;
  to: string | null;
}

/**
 * The days that a word means, seen from a day. Weeks begin on Monday. Months and years that are under way end today.
 * @param today ISO date, in the zone of the person
 */
export function periodOf(word: PeriodWord, today: string): Period {
  const [year, month] = [Number(today.slice(0, 4)), Number(today.slice(5, 7))];
  const monday = addDays(today, -((new Date(`${today}T00:00:00Z`).getUTCDay() + 6) % 7));
  switch (word) {
    case "today":
      return { from: today, to: today };
    case "this_week":
      return { from: monday, to: today };
    case "last_week":
      return { from: addDays(monday, -7), to: addDays(monday, -1) };
    case "this_month":
      return { from: dayOf(year, month, 1), to: today };
    case "last_month":
      return { from: dayOf(year, month - 1, 1), to: dayOf(year, month, 0) };
    case "last_30_days":
      return { from: addDays(today, -29), to: today };
    case "last_90_days":
      return { from: addDays(today, -89), to: today };
    case "last_12_months":
      return { from: dayOf(year, month - 11, 1), to: today };
    case "this_year":
      return { from: dayOf(year, 1, 1), to: today };
    case "last_year":
      return { from: dayOf(year - 1, 1, 1), to: dayOf(year - 1, 12, 31) };
    case "all":
      return { from: null, to: null };
  }
}

/**
 * From a word, from dates, or from both: dates win where they are given.
 * @throws AppError invalid when it ends before it begins
 */
export function resolvePeriod(
  asked: { period?: PeriodWord; from?: string; to?: string },
  today: string,
  fallback: PeriodWord,
): Period {
  const hasDates = asked.from !== undefined || asked.to !== undefined;
  const period = hasDates ? { from: null, to: null } : periodOf(asked.period ?? fallback, today);
  const resolved = { from: asked.from ?? period.from, to: asked.to ?? period.to };
  if (resolved.from && resolved.to && resolved.from > resolved.to)
    throw new AppError("invalid", `The period ends (${resolved.to}) before it begins (${resolved.from}).`);
  return resolved;
}

/** The months from one day to another, both included: `2026-11`, `2026-12`, … */
export function monthsBetween(from: string, to: string): string[] {
  const months: string[] = [];
  for (let month = from.slice(0, 7); month <= to.slice(0, 7); month = nextMonth(month)) months.push(month);
  return months;
}

function nextMonth(month: string): string {
  return dayOf(Number(month.slice(0, 4)), Number(month.slice(5, 7)) + 1, 1).slice(0, 7);
}

/** Months and days may run over: month 0 is December before, day 0 the last of the month before. */
function dayOf(year: number, month: number, day: number): string {
  return new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10);
}
