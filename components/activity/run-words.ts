import { formatDuration } from "@/components/chat/describe-run";
import { formatSpan } from "@/components/chat/format-span";
import type { RunListItem, RunStatus, Usage } from "@/lib/contracts/run";

export const statusWords: Record<RunStatus, string> = {
  queued: "Queued",
  running: "At work",
  waiting: "Waiting",
  done: "Done",
  failed: "Failed",
  stopped: "Stopped",
  dead: "Given up",
  budget_exhausted: "Over a limit",
};

export const kindWords: Record<RunListItem["kind"], string> = { chat: "Answers", build: "Builds" };

export function totalTokens({ inputTokens, outputTokens }: Usage): number {
  return inputTokens + outputTokens;
}

const counts = new Intl.NumberFormat("en");
const short = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

/** `1,234`. */
export function formatCount(count: number): string {
  return counts.format(count);
}

/** `940`, `12.4K`, `1.2M`: for where the order of magnitude is what matters. */
export function formatShort(count: number): string {
  return count < 10_000 ? counts.format(count) : short.format(count);
}

/** Millionths of a dollar as `$0.42`, small amounts with as many places as they need; `–` when no price is known. */
export function formatCost(costMicros: number): string {
  if (costMicros <= 0) return "–";
  const dollars = costMicros / 1_000_000;
  if (dollars >= 0.1) return `$${dollars.toFixed(2)}`;
  return dollars < 0.0001
    ? "<$0.0001"
    : `$${Number(dollars.toPrecision(2))
        .toFixed(4)
        .replace(/0{1,2}$/, "")}`;
}

/** How long after something: exact within the hour, in whole hours and days after it. */
export function formatSince(sinceMs: number): string {
  return sinceMs < 3_600_000 ? formatDuration(sinceMs) : formatSpan(sinceMs);
}

/** `1 step`, `3 steps`. */
export function countOf(count: number, one: string): string {
  return `${formatCount(count)} ${one}${count === 1 ? "" : "s"}`;
}
