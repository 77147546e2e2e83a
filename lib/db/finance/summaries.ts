import type { CashFlow, CurrencyTotal, Provenance, Summary, TransactionFilter } from "@/lib/contracts/finance";
import type { Viewer } from "@/lib/contracts/viewer";
import { addTotals, type Cell, foldSummary, type GroupedCell } from "@/lib/finance/fold-summary";
import { monthsBetween } from "@/lib/finance/period";
import { execute } from "../statement";
import { readFreshness } from "./accounts";
import { conditionOf } from "./transaction-filter";
import { toExactInteger } from "./transaction-row";

/** By which a row is grouped; months and years are made of days first, because days are fewer than rows. */
const keyOf = {
  category: "t.category",
  company: "t.company",
  account: `t."accountId"`,
  kind: "t.kind",
  month: "t.date",
  year: "t.date",
} as const satisfies Record<Summary["groupBy"], string>;

/**
 * Sums over everything that fits, never over a page: by category, company, account, kind, month or year, each by currency.
 * Transfers count only where they are asked for by their kind.
 * @param options.limit how many groups are listed; what the others come to is told with them
 */
export async function summarize(
  viewer: Viewer,
  groupBy: Summary["groupBy"],
  filter: TransactionFilter = {},
  options: { limit?: number } = {},
): Promise<Summary> {
  const [cells, freshness] = await Promise.all([
    readCells(viewer, groupBy, filter),
    readFreshness(viewer, filter.accountId),
  ]);
  const keyed = cells.map((cell) => {
    const account = freshness.rootOf.get(cell.accountId);
    if (groupBy !== "account") return { ...cell, label: cell.key };
    return { ...cell, key: account?.id ?? cell.key, label: account?.name ?? cell.key };
  });
  const isByTime = groupBy === "month" || groupBy === "year";
  const folded = foldSummary(keyed, { isByTime, limit: options.limit ?? (isByTime ? 1000 : 100) });
  return { groupBy, ...folded, provenance: provenanceOf(cells, freshness) };
}

/** What everything that fits comes to, by currency. */
export async function totalTransactions(
  viewer: Viewer,
  filter: TransactionFilter = {},
): Promise<{ count: number; totals: CurrencyTotal[]; provenance: Provenance }> {
  const { count, totals, provenance } = await summarize(viewer, "account", filter);
  return { count, totals, provenance };
}

/** Month by month between two days, by currency, the most used one first; months without a transaction are zero. */
export async function listCashFlow(
  viewer: Viewer,
  period: { from: string; to: string },
  filter: Omit<TransactionFilter, "from" | "to"> = {},
): Promise<CashFlow> {
  const { groups, totals, provenance } = await summarize(viewer, "month", { ...filter, ...period });
  const months = monthsBetween(period.from, period.to);
  const currencies = totals.map(({ currency, inMinor, outMinor }) => ({
    currency,
    months: months.map((month) => {
      const found = groups.find(({ key }) => key === month)?.totals.find((total) => total.currency === currency);
      const { count = 0, inMinor: came = 0, outMinor: went = 0, netMinor = 0 } = found ?? {};
      return { month, count, inMinor: came, outMinor: went, netMinor };
    }),
    averageInMinor: Math.round(inMinor / months.length),
    averageOutMinor: Math.round(outMinor / months.length),
  }));
  return { currencies, provenance };
}

function provenanceOf(
  cells: readonly (Cell & { transfers: number })[],
  { syncedAt, excluded, rootOf }: Awaited<ReturnType<typeof readFreshness>>,
): Provenance {
  const roots = new Set(cells.map(({ accountId }) => rootOf.get(accountId)?.id ?? accountId));
  const counted = addTotals(cells).reduce((sum, { count }) => sum + count, 0);
  const transfersLeftOut = cells.reduce((sum, { transfers }) => sum + transfers, 0);
  return { transactionCount: counted, accountCount: roots.size, syncedAt, transfersLeftOut, excluded };
}

type CellRow = Record<"count" | "transfers" | "inMinor" | "outMinor", string | null> &
  Record<"key" | "currency" | "accountId", string>;

async function readCells(
  viewer: Viewer,
  groupBy: Summary["groupBy"],
  filter: TransactionFilter,
): Promise<(GroupedCell & { transfers: number })[]> {
  const { where, values } = conditionOf(viewer, filter);
  const cells = `SELECT ${keyOf[groupBy]} AS key, t.currency, t."accountId", ${sumsOf(filter.kind === "transfer")}
    FROM "FinancialTransaction" t WHERE ${where} GROUP BY 1, 2, 3`;
  const format = groupBy === "month" ? "YYYY-MM" : "YYYY";
  const { rows } = await execute<CellRow>({
    // See `conditionOf`.
    name: "",
    text:
      keyOf[groupBy] === "t.date"
        ? `SELECT to_char(d.key, '${format}') AS key, d.currency, d."accountId", sum(d.count) AS count, sum(d.transfers) AS transfers,
             sum(d."inMinor") AS "inMinor", sum(d."outMinor") AS "outMinor" FROM (${cells}) d GROUP BY 1, 2, 3`
        : cells,
    values,
  });
  return rows.map((row) => ({
    ...{ key: row.key, label: row.key, currency: row.currency, accountId: row.accountId },
    count: toExactInteger(row.count),
    transfers: toExactInteger(row.transfers),
    inMinor: toExactInteger(row.inMinor),
    outMinor: toExactInteger(row.outMinor),
  }));
}

/** Every row that is not a transfer is either in or out; a refund takes from what went out. */
function sumsOf(isOfTransfers: boolean): string {
  const isIn = isOfTransfers
    ? `t."amountMinor" > 0`
    : `t.kind = 'income' OR (t.kind = 'interest' AND t."amountMinor" > 0)`;
  const isOut = isOfTransfers
    ? `t."amountMinor" <= 0`
    : `t.kind IN ('expense', 'fee', 'refund') OR (t.kind = 'interest' AND t."amountMinor" <= 0)`;
  const isCounted = isOfTransfers ? "true" : "t.kind <> 'transfer'";
  return `count(*) FILTER (WHERE ${isCounted}) AS count, count(*) FILTER (WHERE NOT (${isCounted})) AS transfers,
    sum(t."amountMinor") FILTER (WHERE ${isIn}) AS "inMinor", -sum(t."amountMinor") FILTER (WHERE ${isOut}) AS "outMinor"`;
}
