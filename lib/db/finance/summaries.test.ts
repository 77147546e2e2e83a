import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { summaryGroups, type TransactionFilter, type TransactionView } from "@/lib/contracts/finance";
import type { Viewer } from "@/lib/contracts/viewer";
import { pool } from "../client";
import { testDatabase, testUser } from "../testing";
import { listAccounts, setAccountHidden } from "./accounts";
import { setCategory } from "./categories";
import { listCashFlow, summarize, totalTransactions } from "./summaries";
import { account, listAll, money, sync, testConnection, transaction } from "./testing-money";

let database: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

/** By hand: in, out and count of each currency, from the rows themselves. */
function addUp(rows: readonly TransactionView[]) {
  const totals: Record<string, { inMinor: number; outMinor: number; count: number }> = {};
  for (const { kind, amountMinor, currency } of rows) {
    if (kind === "transfer") continue;
    totals[currency] ??= { inMinor: 0, outMinor: 0, count: 0 };
    const total = totals[currency];
    total.count += 1;
    if (kind === "income" || (kind === "interest" && amountMinor > 0)) total.inMinor += amountMinor;
    else total.outMinor -= amountMinor;
  }
  return totals;
}

const plain = (totals: readonly { currency: string; inMinor: number; outMinor: number; count: number }[]) =>
  Object.fromEntries(totals.map(({ currency, inMinor, outMinor, count }) => [currency, { inMinor, outMinor, count }]));

const merchants = [
  "STARBUCKS",
  "ACME PAYROLL",
  "AMAZON.CA",
  "INTERNET TRANSFER",
  "INTEREST PAID",
  "ATM FEE",
  "Somebody",
];
const bought = fc.record({
  merchant: fc.constantFrom(...merchants),
  amountMinor: fc.integer({ min: -100_000, max: 100_000 }),
  currency: fc.constantFrom("CAD", "JPY"),
  day: fc.integer({ min: 0, max: 800 }),
  accountId: fc.constantFrom("acc-1", "acc-2"),
});

describe("sums", () => {
  it("are what adding up by hand gives, by every group, for any rows and any filter", async () => {
    const filters: TransactionFilter[] = [
      {},
      { from: "2025-03-01", to: "2026-02-28" },
      { currency: "JPY" },
      { category: "Shopping" },
      { text: "star" },
    ];
    await fc.assert(
      fc.asyncProperty(fc.array(bought, { maxLength: 60 }), fc.constantFrom(...filters), async (all, filter) => {
        const viewer = await testUser();
        await sync(viewer, await testConnection(viewer), {
          accounts: [account(), account({ id: "acc-2", name: "Visa" })],
          transactions: all.map(({ merchant, amountMinor, currency, day, accountId }, n) => {
            const at = new Date(Date.UTC(2025, 0, 1 + day)).toISOString().slice(0, 10);
            return transaction({ id: `t${n}`, at, merchant, accountId, amount: money(amountMinor, currency) });
          }),
        });
        const rows = await listAll(viewer, filter);
        for (const groupBy of summaryGroups) {
          const summary = await summarize(viewer, groupBy, filter, { limit: 3 });
          expect(plain(summary.totals)).toEqual(addUp(rows));
          expect(summary.provenance.transfersLeftOut).toBe(rows.filter(({ kind }) => kind === "transfer").length);
          const keyOf = (row: TransactionView) =>
            groupBy === "month"
              ? row.date.slice(0, 7)
              : groupBy === "year"
                ? row.date.slice(0, 4)
                : groupBy === "account"
                  ? row.accountId
                  : row[groupBy];
          for (const { key, totals, count } of summary.groups) {
            const own = rows.filter((row) => keyOf(row) === key);
            expect(plain(totals)).toEqual(addUp(own));
            expect(count).toBe(own.filter(({ kind }) => kind !== "transfer").length);
          }
          const listed = summary.groups.reduce((sum, { count }) => sum + count, summary.others?.count ?? 0);
          expect(listed).toBe(summary.count);
        }
      }),
      { numRuns: 25 },
    );
  });

  it("let a refund reduce what was spent and leave transfers to those who ask for them", async () => {
    const viewer = await testUser();
    await sync(viewer, await testConnection(viewer), {
      transactions: [
        transaction({ id: "a", merchant: "AMZN Mktp CA*2X3", amount: money(-5000) }),
        transaction({ id: "b", merchant: "AMZN Mktp CA", amount: money(2000) }),
        transaction({ id: "c", merchant: "PAYMENT THANK YOU", amount: money(70_000) }),
        transaction({ id: "d", merchant: "ATM FEE", amount: money(-300) }),
      ],
    });
    const summary = await summarize(viewer, "category");
    expect(summary.groups).toMatchObject([
      { key: "Shopping", count: 2, totals: [{ outMinor: 3000, inMinor: 0, netMinor: -3000, share: 0.9091 }] },
      { key: "Banking", totals: [{ outMinor: 300, share: 0.0909 }] },
    ]);
    const transfers = await totalTransactions(viewer, { kind: "transfer" });
    expect(transfers).toMatchObject({ count: 1, totals: [{ inMinor: 70_000, outMinor: 0 }] });
  });

  it("count a hidden account and a double nowhere", async () => {
    const viewer = await testUser();
    await sync(viewer, await testConnection(viewer), {
      accounts: [account(), account({ id: "acc-2", name: "Visa" })],
      transactions: [transaction({ id: "a" }), transaction({ id: "b" }), transaction({ id: "c", accountId: "acc-2" })],
    });
    const [, visa] = await listAccounts(viewer);
    await setAccountHidden(viewer, visa?.id ?? "", true);
    const [kept, double] = await listAll(viewer);
    await pool().query(`UPDATE "FinancialTransaction" SET "mergedIntoId" = $1 WHERE id = $2`, [kept?.id, double?.id]);
    expect(await totalTransactions(viewer)).toMatchObject({ count: 1, provenance: { accountCount: 1 } });
  });

  it("follow what a person sorted by hand", async () => {
    const viewer = await testUser();
    await sync(viewer, await testConnection(viewer), { transactions: [transaction()] });
    const [row] = await listAll(viewer);
    await setCategory(viewer, row?.id ?? "", { category: "Transfer" });
    expect(await totalTransactions(viewer)).toMatchObject({ count: 0, totals: [] });
  });

  it("go month by month without a gap, with the average over all months", async () => {
    const viewer = await testUser();
    await sync(viewer, await testConnection(viewer), {
      transactions: [
        transaction({ id: "a", at: "2025-12-31", amount: money(-1000) }),
        transaction({ id: "b", at: "2026-02-01", amount: money(-500) }),
      ],
    });
    const flow = await listCashFlow(viewer, { from: "2025-12-01", to: "2026-03-31" });
    expect(flow.currencies).toHaveLength(1);
    expect(flow.currencies[0]).toMatchObject({ currency: "CAD", averageOutMinor: 375, averageInMinor: 0 });
    expect(flow.currencies[0]?.months.map(({ month, outMinor }) => [month, outMinor])).toEqual([
      ["2025-12", 1000],
      ["2026-01", 0],
      ["2026-02", 500],
      ["2026-03", 0],
    ]);
  });
});

describe("where sums come from", () => {
  async function withTwoBanks(): Promise<{ viewer: Viewer; chaseId: string }> {
    const viewer = await testUser();
    const chaseId = await testConnection(viewer, { title: "Chase" });
    await sync(viewer, chaseId, { transactions: [transaction()] });
    await sync(viewer, await testConnection(viewer, { title: "CIBC" }), { transactions: [transaction()] });
    return { viewer, chaseId };
  }

  it("is told: how many, of which accounts, as of when, and who is missing", async () => {
    const { viewer, chaseId } = await withTwoBanks();
    expect((await totalTransactions(viewer)).provenance).toEqual({
      transactionCount: 2,
      accountCount: 2,
      syncedAt: expect.any(String),
      transfersLeftOut: 0,
      excluded: [],
    });
    await pool().query(
      `UPDATE "Connection" SET state = 'needs_reauth', "lastGoodAt" = '2026-09-03T10:00:00Z' WHERE id = $1`,
      [chaseId],
    );
    expect((await totalTransactions(viewer)).provenance.excluded).toEqual([
      { title: "Chase", since: "2026-09-03T10:00:00.000Z", reason: "sign-in-again" },
    ]);
  });

  it("says nothing of a bank that is only late, and does after a day", async () => {
    const { viewer, chaseId } = await withTwoBanks();
    const warn = (hours: number) =>
      pool().query(
        `UPDATE "Connection" SET warning = '{}', "lastGoodAt" = clock_timestamp() - make_interval(hours => $2) WHERE id = $1`,
        [chaseId, hours],
      );
    await warn(2);
    expect((await totalTransactions(viewer)).provenance.excluded).toEqual([]);
    await warn(25);
    expect((await totalTransactions(viewer)).provenance.excluded).toMatchObject([
      { title: "Chase", reason: "trouble" },
    ]);
  });

  it("names an account whose connection is gone and keeps counting its history", async () => {
    const { viewer, chaseId } = await withTwoBanks();
    await pool().query(`DELETE FROM "Connection" WHERE id = $1`, [chaseId]);
    const { count, provenance } = await totalTransactions(viewer);
    expect(count).toBe(2);
    expect(provenance.excluded).toMatchObject([{ title: "Chequing", reason: "disconnected" }]);
  });
});
