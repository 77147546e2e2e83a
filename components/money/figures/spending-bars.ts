import type { CurrencyTotal, Summary } from "@/lib/contracts/finance";

export interface SpendingBar {
  key: string;
  label: string;
  outMinor: number;
  count: number;
  /** Of all that was spent in this currency, 0 to 1. */
  share: number | null;
}

export interface Spending {
  bars: SpendingBar[];
  /** What is spent in the groups that are not listed; null when all are. */
  others: { groups: number; outMinor: number } | null;
  total: CurrencyTotal | null;
}

/** What one currency's money went to, most first. Groups where nothing was spent, or more came back, are no bars. */
export function spendingBars(summary: Summary, currency: string, most = 12): Spending {
  const total = summary.totals.find((one) => one.currency === currency) ?? null;
  const found = summary.groups
    .flatMap(({ key, label, totals }) => {
      const own = totals.find((one) => one.currency === currency);
      return own && own.outMinor !== 0
        ? [{ key, label, outMinor: own.outMinor, count: own.count, share: own.share }]
        : [];
    })
    .sort((a, b) => b.outMinor - a.outMinor || (a.label < b.label ? -1 : 1));
  const bars = found.filter(({ outMinor }) => outMinor > 0).slice(0, most);
  const listed = bars.reduce((sum, { outMinor }) => sum + outMinor, 0);
  const left = (total?.outMinor ?? 0) - listed;
  const groups = found.length - bars.length + (summary.others?.groupCount ?? 0);
  return { bars, others: groups > 0 && left !== 0 ? { groups, outMinor: left } : null, total };
}
