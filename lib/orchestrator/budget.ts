import type { EventPayload } from "@/lib/contracts/conversation";
import type { BoundName, Budget, DayUsage } from "@/lib/contracts/run";

/** The bound of the person's day that is used up, or null. A run that is at work may take the last of the day's runs. */
export function findSpentDay(
  used: Pick<DayUsage, "runs"> & { tokens: number; costMicros: number },
  { day }: Pick<Budget, "day">,
): BoundName | null {
  if (used.runs > day.runs) return "dayRuns";
  if (used.tokens >= day.tokens) return "dayTokens";
  return used.costMicros >= day.costMicros ? "dayCostMicros" : null;
}

/** How a run ends at a bound: its name as the code, what it was in words, and what to do. */
export function describeBound(bound: BoundName, budget: Budget): EventPayload<"run-finished"> {
  const isDay = bound.startsWith("day");
  const limit = words[bound](budget);
  return {
    status: "budget_exhausted",
    error: {
      code: bound,
      message: isDay
        ? `Burgeon ended this run because today's limit of ${limit} is used up. What was reached is above.`
        : `Burgeon ended this run at its limit of ${limit}. What was reached is above.`,
      hint: isDay
        ? "The day ends at midnight UTC; you can raise the limit in Settings › Limits."
        : "Send another message to go on from here, or raise the limit in Settings › Limits.",
    },
  };
}

const count = (value: number) => value.toLocaleString("en");
const dollars = (micros: number) => `$${(micros / 1_000_000).toFixed(2)}`;

const words: Record<BoundName, (budget: Budget) => string> = {
  steps: ({ run }) => `${count(run.steps)} steps`,
  toolCalls: ({ run }) => `${count(run.toolCalls)} tool calls`,
  tokens: ({ run }) => `${count(run.tokens)} tokens`,
  costMicros: ({ run }) => dollars(run.costMicros),
  wallMs: ({ run }) => `${count(Math.round(run.wallMs / 60_000))} minutes`,
  dayRuns: ({ day }) => `${count(day.runs)} runs`,
  dayTokens: ({ day }) => `${count(day.tokens)} tokens`,
  dayCostMicros: ({ day }) => dollars(day.costMicros),
};
