import type { DayUsage } from "@/lib/contracts/run";

const dayMs = 86_400_000;

/** One entry per day up to and with `today` (`YYYY-MM-DD`), oldest first; days without any use are zero. */
export function fillDays(usage: readonly DayUsage[], days: number, today: string): DayUsage[] {
  const known = new Map(usage.map((one) => [one.day, one]));
  const last = Date.parse(`${today}T00:00:00Z`);
  return Array.from({ length: days }, (_, index) => {
    const day = new Date(last - (days - 1 - index) * dayMs).toISOString().slice(0, 10);
    return known.get(day) ?? emptyDay(day);
  });
}

export function emptyDay(day: string): DayUsage {
  return { day, runs: 0, steps: 0, toolCalls: 0, inputTokens: 0, outputTokens: 0, costMicros: 0 };
}

/** How much of a limit is used: 0 to 1, and how that stands. */
export function measureUse(used: number, limit: number): { share: number; state: "fine" | "near" | "over" } {
  const share = limit > 0 ? used / limit : 1;
  return { share: Math.min(share, 1), state: share >= 1 ? "over" : share >= 0.8 ? "near" : "fine" };
}

/** `27 Nov`, whatever zone the reader is in: days of use are days in UTC. */
export function formatDay(day: string): string {
  return new Date(`${day}T00:00:00Z`).toLocaleDateString("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
}
