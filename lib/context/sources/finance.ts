import type { FinanceContext, Section } from "@/lib/contracts/context";
import { addDays } from "@/lib/contracts/day";
import { listAccounts } from "@/lib/db/finance/accounts";
import { summarize, totalTransactions } from "@/lib/db/finance/summaries";
import { listTransactions } from "@/lib/db/finance/transactions";
import { describeProvenance } from "@/lib/finance/provenance";
import { missingSection, type Scope } from "./section";

export const financeTitle = "your accounts";
const topCategories = 5;
const maxRecent = 20;

/** The month under way: sums over all of it, never over a page, by currency and never across. */
export async function readFinance({ viewer, timeZone, today, now }: Scope): Promise<Section<FinanceContext>> {
  const period = { from: `${today.slice(0, 7)}-01`, to: today };
  const [accounts, month, pending, recent] = await Promise.all([
    listAccounts(viewer),
    summarize(viewer, "category", period, { limit: topCategories }),
    totalTransactions(viewer, { isPending: true }),
    listTransactions(viewer, { from: addDays(today, -1), to: today }, { limit: maxRecent }),
  ]);
  if (accounts.length === 0)
    return missingSection(financeTitle, "No account is connected.", "Connect a bank or import a file on Connections.");
  const { provenance } = month;
  const isBehind = provenance.excluded.length > 0;
  return {
    state: isBehind ? "stale" : "fresh",
    asOf: provenance.syncedAt,
    source: accounts.length === 1 ? "1 account" : `${accounts.length} accounts`,
    problem: isBehind ? `${provenance.excluded.map(({ title }) => title).join(", ")} is not up to date.` : null,
    hint: isBehind ? "Look at Connections." : null,
    data: {
      period,
      totals: month.totals,
      topCategories: month.groups
        .map(({ label, totals }) => ({ category: label, totals: totals.map(({ share: _share, ...total }) => total) }))
        .filter(({ totals }) => totals.some(({ outMinor }) => outMinor > 0)),
      pending: { count: pending.count, totals: pending.totals },
      recent: recent.transactions,
      provenance,
      basis: describeProvenance(provenance, { timeZone, now }),
    },
  };
}
