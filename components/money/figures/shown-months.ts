import type { CashFlow } from "@/lib/contracts/finance";

type Month = CashFlow["currencies"][number]["months"][number];

/**
 * The months from the first in which anything happened, and their averages: months before that are not months without
 * spending, nobody knows them.
 */
export function shownMonths(months: readonly Month[]) {
  const first = months.findIndex(({ count }) => count > 0);
  const shown = months.slice(Math.max(first, 0));
  const average = (of: (month: Month) => number) =>
    Math.round(shown.reduce((sum, month) => sum + of(month), 0) / Math.max(shown.length, 1));
  return {
    months: shown,
    averageInMinor: average(({ inMinor }) => inMinor),
    averageOutMinor: average(({ outMinor }) => outMinor),
  };
}

/** Each month's net, and what the months up to it come to together. */
export function withRunningTotal<Of extends { netMinor: number }>(
  months: readonly Of[],
): (Of & { runningMinor: number })[] {
  let runningMinor = 0;
  return months.map((month) => {
    runningMinor += month.netMinor;
    return { ...month, runningMinor };
  });
}
