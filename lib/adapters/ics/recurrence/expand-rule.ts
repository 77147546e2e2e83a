import { type CalendarDay, calendarDay, dayMs, dayNumber, weekOf } from "./calendar-day";
import type { Rule } from "./parse-rule";

const hourMs = 3_600_000;

/** How much may be looked at: rules that hardly ever fit, or fit all the time, end with it. */
export interface Budget {
  /** Days, or hours of rules that repeat by hours. */
  steps: number;
  /** Occurrences. */
  starts: number;
}

export interface Expansion {
  /** Start of the series on its wall clock. */
  start: number;
  /** Last start that still belongs to it, on the same clock; null: none. */
  until: number | null;
  /** Starts before and after these are not wanted, but counted. */
  window: { from: number; to: number };
  maxStarts: number;
  budget: Budget;
}

/**
 * The starts of a rule within a window, in order, on the wall clock of the series; `start` itself is always the first of a series.
 * Every day of a period is held against all parts of the rule, so there is no loop that waits for a day that never comes.
 */
export function expandRule(rule: Rule, expansion: Expansion): number[] {
  const { start, window, budget, maxStarts } = expansion;
  const full = withDefaults(rule, start);
  const last = Math.min(window.to, expansion.until ?? Number.POSITIVE_INFINITY);
  const starts: number[] = start >= window.from && start <= window.to ? [start] : [];
  let counted = 1;
  const first = rule.count === null ? Math.max(0, Math.floor(stepsTo(full, start, window.from)) - 1) : 0;
  for (let step = first; ; step++) {
    const period = periodAt(full, start, step);
    if (period.from * dayMs > last) return starts;
    budget.steps -= period.days;
    if (budget.steps < 0) return starts;
    for (const time of startsIn(full, period)) {
      if (time <= start) continue;
      counted += 1;
      if (time > last || (rule.count !== null && counted > rule.count) || starts.length >= maxStarts) return starts;
      if (time < window.from) continue;
      budget.starts -= 1;
      if (budget.starts < 0) return starts;
      starts.push(time);
    }
  }
}

interface Period {
  from: number;
  days: number;
  /** For rules that repeat by hours. */
  hour?: number;
}

/** What the rule leaves open, the start says. */
function withDefaults(rule: Rule, start: number): Rule {
  const day = calendarDay(Math.floor(start / dayMs));
  const time = new Date(start);
  const { frequency, weekNumbers, yearDays, monthDays, weekdays } = rule;
  const hasDays = weekNumbers.length + yearDays.length + monthDays.length + weekdays.length > 0;
  const isWeekdayOpen = frequency === "WEEKLY" ? weekdays.length === 0 : weekNumbers.length > 0 && !hasDayParts(rule);
  const isMonthDayOpen = !hasDays && (frequency === "MONTHLY" || frequency === "YEARLY");
  return {
    ...rule,
    months: frequency === "YEARLY" && !hasDays && rule.months.length === 0 ? [day.month] : rule.months,
    monthDays: isMonthDayOpen ? [day.day] : monthDays,
    weekdays: isWeekdayOpen ? [{ weekday: day.weekday, nth: 0 }] : weekdays,
    hours: rule.hours.length > 0 || frequency === "HOURLY" ? rule.hours : [time.getUTCHours()],
    minutes: rule.minutes.length > 0 ? rule.minutes : [time.getUTCMinutes()],
    seconds: rule.seconds.length > 0 ? rule.seconds : [time.getUTCSeconds()],
  };
}

function hasDayParts({ yearDays, monthDays, weekdays }: Rule): boolean {
  return yearDays.length + monthDays.length + weekdays.length > 0;
}

function periodAt({ frequency, interval, weekStart }: Rule, start: number, step: number): Period {
  const day = calendarDay(Math.floor(start / dayMs));
  const ahead = step * interval;
  if (frequency === "YEARLY") {
    const from = dayNumber(day.year + ahead, 1, 1);
    return { from, days: dayNumber(day.year + ahead + 1, 1, 1) - from };
  }
  if (frequency === "MONTHLY") {
    const from = dayNumber(day.year, day.month + ahead, 1);
    return { from, days: dayNumber(day.year, day.month + ahead + 1, 1) - from };
  }
  if (frequency === "WEEKLY") return { from: day.number - ((day.weekday - weekStart + 7) % 7) + 7 * ahead, days: 7 };
  if (frequency === "DAILY") return { from: day.number + ahead, days: 1 };
  const hour = Math.floor(start / hourMs) + ahead;
  return { from: Math.floor(hour / 24), days: 1, hour: ((hour % 24) + 24) % 24 };
}

/** About how many steps of the rule lie between two times, rather too few. */
function stepsTo({ frequency, interval }: Rule, start: number, to: number): number {
  const longest = { YEARLY: 366 * dayMs, MONTHLY: 31 * dayMs, WEEKLY: 7 * dayMs, DAILY: dayMs, HOURLY: hourMs }[
    frequency
  ];
  return (to - start) / longest / interval - 1;
}

function startsIn(rule: Rule, period: Period): number[] {
  const hours = period.hour === undefined ? rule.hours : isListed(rule.hours, period.hour) ? [period.hour] : [];
  const all: number[] = [];
  for (let number = period.from; number < period.from + period.days; number++) {
    if (!isDayOf(rule, calendarDay(number))) continue;
    for (const hour of hours)
      for (const minute of rule.minutes)
        for (const second of rule.seconds) all.push(number * dayMs + hour * hourMs + minute * 60_000 + second * 1000);
  }
  if (rule.setPositions.length === 0) return all;
  const chosen = rule.setPositions.map((position) => all.at(position > 0 ? position - 1 : position));
  return [...new Set(chosen.filter((time) => time !== undefined))].sort((one, other) => one - other);
}

function isDayOf(rule: Rule, day: CalendarDay): boolean {
  const { week, weeks } = rule.weekNumbers.length > 0 ? weekOf(day, rule.weekStart) : { week: 0, weeks: 0 };
  return (
    isListed(rule.months, day.month) &&
    isListed(rule.monthDays, day.day, day.daysInMonth) &&
    isListed(rule.yearDays, day.dayOfYear, day.daysInYear) &&
    isListed(rule.weekNumbers, week, weeks) &&
    (rule.weekdays.length === 0 || rule.weekdays.some((wanted) => isWeekday(rule, day, wanted)))
  );
}

/** "The second Monday" is one of the month, or of the year where the rule is yearly and names no months. */
function isWeekday(rule: Rule, day: CalendarDay, { weekday, nth }: Rule["weekdays"][number]): boolean {
  if (day.weekday !== weekday) return false;
  const isCounted = rule.frequency === "MONTHLY" || rule.frequency === "YEARLY";
  if (nth === 0 || !isCounted) return true;
  const isOfMonth = rule.frequency === "MONTHLY" || rule.months.length > 0;
  const [at, length] = isOfMonth ? [day.day, day.daysInMonth] : [day.dayOfYear, day.daysInYear];
  return nth > 0 ? Math.ceil(at / 7) === nth : Math.ceil((length - at + 1) / 7) === -nth;
}

/** An empty list allows everything; -1 is the last one. */
function isListed(list: readonly number[], value: number, length = 0): boolean {
  return list.length === 0 || list.includes(value) || (length > 0 && list.includes(value - length - 1));
}
