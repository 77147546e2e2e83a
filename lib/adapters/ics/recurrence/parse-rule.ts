export type Frequency = "YEARLY" | "MONTHLY" | "WEEKLY" | "DAILY" | "HOURLY";

/** A rule of RFC 5545, 3.3.10. Lists are empty where the rule says nothing. */
export interface Rule {
  frequency: Frequency;
  interval: number;
  count: number | null;
  /** As written: `20261231` or `20261231T090000Z`. */
  until: string | null;
  months: number[];
  weekNumbers: number[];
  yearDays: number[];
  monthDays: number[];
  /** 0 is Sunday. `nth` 0: every one of the period. */
  weekdays: { weekday: number; nth: number }[];
  hours: number[];
  minutes: number[];
  seconds: number[];
  setPositions: number[];
  weekStart: number;
}

const weekdayNames = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];
const frequencies: readonly string[] = ["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY"];
const maxInterval = 10_000;
const maxParts = 400;

/** Null for a rule that is damaged, and for one that repeats by minutes or seconds: that is no calendar of a person. */
export function parseRule(text: string): Rule | null {
  const parts = new Map<string, string>();
  for (const part of text.trim().toUpperCase().split(";").slice(0, 30)) {
    const [name = "", value = ""] = part.split("=");
    parts.set(name.trim(), value.trim());
  }
  const frequency = parts.get("FREQ") ?? "";
  if (!frequencies.includes(frequency)) return null;
  const list = (name: string, min: number, max: number) => readNumbers(parts.get(name), min, max);
  const signed = (name: string, max: number) => list(name, -max, max)?.filter((value) => value !== 0);
  const weekdays = readWeekdays(parts.get("BYDAY"));
  const [interval = 1] = list("INTERVAL", 1, maxInterval) ?? [];
  const [count] = list("COUNT", 1, 1_000_000) ?? [];
  const rule = {
    frequency: frequency as Frequency,
    interval,
    count: count ?? null,
    until: parts.get("UNTIL") || null,
    months: list("BYMONTH", 1, 12),
    weekNumbers: signed("BYWEEKNO", 53),
    yearDays: signed("BYYEARDAY", 366),
    monthDays: signed("BYMONTHDAY", 31),
    weekdays,
    hours: list("BYHOUR", 0, 23),
    minutes: list("BYMINUTE", 0, 59),
    seconds: list("BYSECOND", 0, 60),
    setPositions: signed("BYSETPOS", 366),
    weekStart: Math.max(weekdayNames.indexOf(parts.get("WKST") ?? "MO"), 0),
  };
  // A part that says nothing valid would widen the rule if it were left out.
  return Object.values(rule).includes(undefined) ? null : (rule as Rule);
}

/** Undefined where something else than such numbers is written. */
function readNumbers(text: string | undefined, min: number, max: number): number[] | undefined {
  if (text === undefined || text === "") return [];
  const numbers = text.split(",").slice(0, maxParts).map(Number);
  const isFine = numbers.every((value) => Number.isInteger(value) && value >= min && value <= max);
  return isFine ? [...new Set(numbers)].sort((one, other) => one - other) : undefined;
}

function readWeekdays(text: string | undefined): Rule["weekdays"] | undefined {
  if (text === undefined || text === "") return [];
  const found = text
    .split(",")
    .slice(0, maxParts)
    .map((part) => /^([-+]?\d{1,2})?(SU|MO|TU|WE|TH|FR|SA)$/.exec(part.trim()));
  if (found.includes(null)) return undefined;
  return found.map((match) => ({ weekday: weekdayNames.indexOf(match?.[2] ?? ""), nth: Number(match?.[1] ?? 0) }));
}
