import { isSameMerchant, type MerchantMark, markMerchant } from "./same-merchant";

export interface Doublable {
  id: string;
  /** ISO date. */
  date: string;
  amountMinor: number;
  currency: string;
  merchant: string;
  company: string;
}

/** Banks post on different days: how far apart the dates of one purchase may be. */
const maxDays = 3;

interface Candidate {
  id: string;
  day: number;
  mark: MerchantMark;
}

/**
 * Finds which of the newer transactions are known already. Each is matched once, and the same day comes first: of a coffee
 * bought every day, none is taken for yesterday's. Two equal purchases have two equals or stay two.
 */
export function matchDoubles(
  older: readonly Doublable[],
  newer: readonly Doublable[],
): { olderId: string; newerId: string; daysApart: number }[] {
  const olderByAmount = groupByAmount(older);
  return [...groupByAmount(newer)].flatMap(([amount, candidates]) =>
    matchGroup(olderByAmount.get(amount) ?? [], candidates),
  );
}

function groupByAmount(transactions: readonly Doublable[]): Map<string, Candidate[]> {
  const groups = new Map<string, Candidate[]>();
  for (const { id, date, amountMinor, currency, merchant, company } of transactions) {
    const key = `${currency} ${amountMinor}`;
    const candidate = { id, day: Date.parse(date) / 86_400_000, mark: markMerchant(merchant, company) };
    const group = groups.get(key);
    if (group) group.push(candidate);
    else groups.set(key, [candidate]);
  }
  // The order in which they were given decides between equals.
  for (const group of groups.values()) group.sort((a, b) => a.day - b.day);
  return groups;
}

function matchGroup(older: readonly Candidate[], newer: readonly Candidate[]) {
  const pairs: { olderId: string; newerId: string; daysApart: number }[] = [];
  const taken = new Set<string>();
  for (let daysApart = 0; daysApart <= maxDays; daysApart += 1) {
    const byDay = new Map<number, Candidate[]>();
    for (const one of older) if (!taken.has(one.id)) byDay.set(one.day, [...(byDay.get(one.day) ?? []), one]);
    for (const one of newer) {
      if (taken.has(one.id)) continue;
      const days = daysApart === 0 ? [one.day] : [one.day - daysApart, one.day + daysApart];
      const match = days
        .flatMap((day) => byDay.get(day) ?? [])
        .find(({ id, mark }) => !taken.has(id) && isSameMerchant(mark, one.mark));
      if (!match) continue;
      taken.add(match.id).add(one.id);
      pairs.push({ olderId: match.id, newerId: one.id, daysApart });
    }
  }
  return pairs;
}
