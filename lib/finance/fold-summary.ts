import type { CurrencyTotal, Summary } from "@/lib/contracts/finance";

/** Sums of one group, currency and account. */
export interface Cell {
  accountId: string;
  currency: string;
  count: number;
  inMinor: number;
  outMinor: number;
}
export interface GroupedCell extends Cell {
  key: string;
  label: string;
}

/** Adds up by currency, the most used currency first. */
export function addTotals(cells: readonly Omit<Cell, "accountId">[]): CurrencyTotal[] {
  const totals = new Map<string, CurrencyTotal>();
  for (const { currency, count, inMinor, outMinor } of cells) {
    const total = totals.get(currency) ?? { currency, count: 0, inMinor: 0, outMinor: 0, netMinor: 0 };
    total.count += count;
    total.inMinor += inMinor;
    total.outMinor += outMinor;
    total.netMinor = total.inMinor - total.outMinor;
    totals.set(currency, total);
  }
  return [...totals.values()]
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count || (a.currency < b.currency ? -1 : 1));
}

/** Groups with their shares, in order, and the rest of them in one. */
export function foldSummary(
  cells: readonly GroupedCell[],
  { isByTime, limit }: { isByTime: boolean; limit: number },
): Pick<Summary, "groups" | "others" | "count" | "totals"> {
  const totals = addTotals(cells);
  const byKey = new Map<string, GroupedCell[]>();
  for (const cell of cells) {
    const group = byKey.get(cell.key);
    if (group) group.push(cell);
    else byKey.set(cell.key, [cell]);
  }
  const groups = [...byKey].flatMap(([key, all]) => {
    const own = addTotals(all).map((total) => ({ ...total, share: shareOf(total, totals) }));
    const count = own.reduce((sum, total) => sum + total.count, 0);
    return count === 0 ? [] : [{ key, label: all[0]?.label ?? key, count, totals: own }];
  });
  groups.sort((a, b) => (isByTime ? compare(a.key, b.key) : compareSpending(a, b, totals)));
  const rest = groups.slice(limit);
  return {
    groups: groups.slice(0, limit),
    others:
      rest.length === 0
        ? null
        : {
            groupCount: rest.length,
            count: rest.reduce((sum, { count }) => sum + count, 0),
            totals: addTotals(rest.flatMap((group) => group.totals)),
          },
    count: totals.reduce((sum, { count }) => sum + count, 0),
    totals,
  };
}

function shareOf({ currency, outMinor }: CurrencyTotal, totals: readonly CurrencyTotal[]): number | null {
  const all = totals.find((total) => total.currency === currency)?.outMinor ?? 0;
  return all > 0 && outMinor >= 0 ? Math.round((outMinor / all) * 10_000) / 10_000 : null;
}

type Group = Summary["groups"][number];

/** By the currency that is used most; amounts of two currencies are never compared with one another. */
function compareSpending(a: Group, b: Group, totals: readonly CurrencyTotal[]): number {
  for (const { currency } of totals) {
    const [ours, theirs] = [a, b].map((group) => group.totals.find((total) => total.currency === currency));
    const difference = (theirs?.outMinor ?? 0) - (ours?.outMinor ?? 0) || (theirs?.inMinor ?? 0) - (ours?.inMinor ?? 0);
    if (difference !== 0) return difference;
  }
  return compare(a.key, b.key);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
