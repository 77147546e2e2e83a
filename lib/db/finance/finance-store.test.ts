import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SourceTransaction } from "@/lib/contracts/adapter";
import type { Viewer } from "@/lib/contracts/viewer";
import { pool } from "../client";
import { testDatabase, testUser } from "../testing";
import { financeStore, type SourceChange } from "./finance-store";
import { commitImport } from "./import-file";
import { account, listAll, money, sync, testConnection, transaction } from "./testing-money";

let database: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

async function setUp(): Promise<{ viewer: Viewer; connectionId: string }> {
  const viewer = await testUser();
  return { viewer, connectionId: await testConnection(viewer) };
}

/** As a person does on the Money page. */
async function write(transactionId: string, change: { note?: string; category?: string }) {
  await pool().query(
    `UPDATE "FinancialTransaction" SET note = COALESCE($2, note), category = COALESCE($3, category),
       "categoryBy" = CASE WHEN $3::text IS NULL THEN "categoryBy" ELSE 'person' END WHERE id = $1`,
    [transactionId, change.note ?? null, change.category ?? null],
  );
}

describe("a synchronisation", () => {
  it("keeps what came, sorted by the rules, with its cursor", async () => {
    const { viewer, connectionId } = await setUp();
    const store = financeStore(viewer, connectionId);
    expect(await store.cursor()).toBeNull();
    const transactions = [
      transaction(),
      transaction({ id: "t2", at: "2026-11-04T23:30:00Z", merchant: "Somebody", amount: money(-100) }),
    ];
    expect(await sync(viewer, connectionId, { transactions, cursor: "c1" })).toEqual({ written: 2, removed: 0 });
    expect(await store.cursor()).toBe("c1");
    expect(await listAll(viewer)).toMatchObject([
      { date: "2026-11-04", at: "2026-11-04T23:30:00.000Z", company: "Somebody", category: "Other", kind: "expense" },
      { date: "2026-11-03", at: null, amountMinor: -450, company: "Starbucks", category: "Coffee", kind: "expense" },
    ]);
  });

  it("puts an instant on the day it was where the person is", async () => {
    const { viewer, connectionId } = await setUp();
    const change = { accounts: [account()], removed: [], cursor: null };
    const store = financeStore(viewer, connectionId, { timeZone: "America/Toronto" });
    await store.commit({ ...change, transactions: [transaction({ at: "2026-11-04T02:30:00Z" })] });
    expect(await listAll(viewer)).toMatchObject([{ date: "2026-11-03", at: "2026-11-04T02:30:00.000Z" }]);
  });

  it("changes nothing when it says the same again", async () => {
    const { viewer, connectionId } = await setUp();
    const transactions = [transaction(), transaction({ id: "t2" })];
    await sync(viewer, connectionId, { transactions });
    const before = await listAll(viewer);
    expect(await sync(viewer, connectionId, { transactions })).toEqual({ written: 0, removed: 0 });
    expect(await listAll(viewer)).toEqual(before);
  });

  it("takes nothing back from somebody who read the same and was quicker", async () => {
    const { viewer, connectionId } = await setUp();
    await sync(viewer, connectionId, { cursor: "c1" });
    const [slow, quick] = [financeStore(viewer, connectionId), financeStore(viewer, connectionId)];
    expect(await Promise.all([slow.cursor(), quick.cursor()])).toEqual(["c1", "c1"]);
    const change = (id: string, cursor: string) => ({
      ...{ accounts: [account()], transactions: [transaction({ id, description: id })], removed: [], cursor },
    });
    await quick.commit(change("quick", "c3"));
    await expect(slow.commit(change("slow", "c2"))).rejects.toMatchObject({ code: "conflict" });
    expect(await slow.cursor()).toBe("c3");
    expect((await listAll(viewer)).map(({ description }) => description)).toEqual(["quick"]);
  });

  it("holds together with its cursor or not at all", async () => {
    const { viewer, connectionId } = await setUp();
    await sync(viewer, connectionId, { cursor: "c1" });
    const broken = transaction({ id: "t9", at: "2026-02-31" });
    await expect(sync(viewer, connectionId, { transactions: [transaction(), broken], cursor: "c2" })).rejects.toThrow();
    expect(await listAll(viewer)).toEqual([]);
    expect(await financeStore(viewer, connectionId).cursor()).toBe("c1");
  });

  it("keeps two equal purchases of one day as two", async () => {
    const { viewer, connectionId } = await setUp();
    await sync(viewer, connectionId, { transactions: [transaction({ id: "a" }), transaction({ id: "b" })] });
    expect(await listAll(viewer)).toHaveLength(2);
  });

  it("keeps the money of an account that nobody described", async () => {
    const { viewer, connectionId } = await setUp();
    await sync(viewer, connectionId, { transactions: [transaction({ accountId: "unknown" })] });
    expect(await listAll(viewer)).toMatchObject([{ accountName: "Unnamed account", currency: "CAD" }]);
  });

  it("leaves note and category of a person alone when the source changes its mind", async () => {
    const { viewer, connectionId } = await setUp();
    await sync(viewer, connectionId, { transactions: [transaction()] });
    const [row] = await listAll(viewer);
    await write(row?.id ?? "", { note: "with Ann", category: "Dates" });
    await sync(viewer, connectionId, { transactions: [transaction({ merchant: "UBER TRIP", amount: money(-460) })] });
    expect(await listAll(viewer)).toMatchObject([
      {
        id: row?.id,
        merchant: "UBER TRIP",
        amountMinor: -460,
        note: "with Ann",
        category: "Dates",
        company: "Starbucks",
      },
    ]);
  });

  it("keeps 5,000 transactions in a fraction of the time a source takes to send them", async () => {
    const { viewer, connectionId } = await setUp();
    const transactions = Array.from({ length: 5000 }, (_, n) =>
      transaction({ id: `t${n}`, amount: money(-n), merchant: `MERCHANT ${n % 300} TORONTO ON` }),
    );
    const startedAt = performance.now();
    await sync(viewer, connectionId, { transactions });
    // About 0.5 s on a quiet machine.
    expect(performance.now() - startedAt).toBeLessThan(9_000);
    expect(await listAll(viewer)).toHaveLength(5000);
  });
});

describe("a reading of all that the source has", () => {
  const all = ["a", "b", "c"].map((id, n) =>
    transaction({ id, at: `2026-11-0${n + 1}`, amount: money(-100 * (n + 1)) }),
  );
  const readAll = (viewer: Viewer, connectionId: string, change: Partial<SourceChange>) =>
    financeStore(viewer, connectionId).commit({
      ...{ accounts: [account()], transactions: all, removed: [], cursor: null, isFull: true },
      ...change,
    });
  const sourceIds = async (viewer: Viewer) => {
    const text = `SELECT "sourceId" FROM "FinancialTransaction" WHERE "userId" = $1 ORDER BY 1`;
    return (await pool().query(text, [viewer.userId])).rows.map(({ sourceId }) => sourceId);
  };

  it("takes away what is not there any more, from the oldest day on, and nothing that came by a file", async () => {
    const { viewer, connectionId } = await setUp();
    const imported = { accounts: [account()], transactions: [transaction({ id: "file" })], problems: [] };
    await commitImport(viewer, connectionId, { name: "x.csv", digest: "x", reading: imported });
    const more = [transaction({ id: "gone", at: "2026-11-02" }), transaction({ id: "old", at: "2025-01-01" })];
    await sync(viewer, connectionId, { transactions: [...all, ...more] });
    expect(await readAll(viewer, connectionId, {})).toEqual({ written: 0, removed: 1 });
    expect(await sourceIds(viewer)).toEqual(["a", "b", "c", "file", "old"]);
  });

  it("leaves what could not be read, and accounts that were not named", async () => {
    const { viewer, connectionId } = await setUp();
    const elsewhere = transaction({ id: "elsewhere", accountId: "acc-2", at: "2026-11-03" });
    await sync(viewer, connectionId, { transactions: [...all, elsewhere] });
    await readAll(viewer, connectionId, { transactions: all.slice(0, 1), unread: ["b"] });
    expect(await sourceIds(viewer)).toEqual(["a", "b", "elsewhere"]);
  });

  it("deletes nothing when nothing came", async () => {
    const { viewer, connectionId } = await setUp();
    await sync(viewer, connectionId, { transactions: all });
    expect(await readAll(viewer, connectionId, { transactions: [] })).toEqual({ written: 0, removed: 0 });
  });

  it("keeps what a person wrote on a pending one for its posted form", async () => {
    const { viewer, connectionId } = await setUp();
    await sync(viewer, connectionId, { transactions: [...all, transaction({ id: "p", pending: true })] });
    const pending = (await listAll(viewer)).find(({ isPending }) => isPending);
    await write(pending?.id ?? "", { note: "with Ann" });
    await readAll(viewer, connectionId, {});
    expect(await sourceIds(viewer)).toEqual(["a", "b", "c"]);
    await sync(viewer, connectionId, { transactions: [transaction({ id: "q", replacesId: "p" })] });
    expect(await listAll(viewer)).toContainEqual(expect.objectContaining({ id: pending?.id, note: "with Ann" }));
  });
});

describe("a pending transaction that is posted", () => {
  const pending = transaction({ id: "p", pending: true });
  const posted = transaction({ id: "q", at: "2026-11-05", amount: money(-520), replacesId: "p" });

  async function withNote() {
    const { viewer, connectionId } = await setUp();
    await sync(viewer, connectionId, { transactions: [pending] });
    const [row] = await listAll(viewer);
    await write(row?.id ?? "", { note: "with Ann", category: "Dates" });
    const expected = [
      { id: row?.id, note: "with Ann", category: "Dates", amountMinor: -520, date: "2026-11-05", isPending: false },
    ];
    return { viewer, connectionId, expected };
  }

  it("stays one row with its id, its note and its category", async () => {
    const { viewer, connectionId, expected } = await withNote();
    await sync(viewer, connectionId, { transactions: [posted], removed: ["p"] });
    expect(await listAll(viewer)).toMatchObject(expected);
    expect(await listAll(viewer)).toHaveLength(1);
  });

  it("does so when it is removed first and posted later", async () => {
    const { viewer, connectionId, expected } = await withNote();
    await sync(viewer, connectionId, { removed: ["p"] });
    expect(await listAll(viewer)).toEqual([]);
    await sync(viewer, connectionId, { transactions: [posted] });
    expect(await listAll(viewer)).toMatchObject(expected);
  });

  it("does so when its posted form came before without saying whose it is", async () => {
    const { viewer, connectionId, expected } = await withNote();
    const { replacesId: _, ...unlinked } = posted;
    await sync(viewer, connectionId, { transactions: [unlinked] });
    await sync(viewer, connectionId, { transactions: [posted] });
    const rows = await listAll(viewer);
    expect(rows).toHaveLength(1);
    expect(rows).toMatchObject([{ ...expected[0], id: expect.any(String) }]);
  });

  it("is one row whether or not the pending one comes in the same synchronisation", async () => {
    const { viewer, connectionId } = await setUp();
    for (const removed of [[], ["p"]]) {
      await sync(viewer, connectionId, { transactions: [posted, pending], removed });
      expect(await listAll(viewer)).toHaveLength(1);
      expect(await listAll(viewer)).toMatchObject([{ amountMinor: -520, isPending: false }]);
    }
  });
});

describe("the order of pages", () => {
  const steps = fc.array(
    fc.record({
      what: fc.constantFrom("buy", "post", "change", "remove"),
      which: fc.nat(6),
      amountMinor: fc.integer({ min: -5000, max: 5000 }),
    }),
    { minLength: 1, maxLength: 14 },
  );

  /** What a bank would send, step by step, and what stands there in the end. */
  function play(all: { what: string; which: number; amountMinor: number }[]) {
    const live = new Map<string, SourceTransaction>();
    const pages: { transactions: SourceTransaction[]; removed: string[] }[] = [];
    for (const [n, { what, which, amountMinor }] of all.entries()) {
      const target = [...live.values()][which];
      const page: (typeof pages)[number] = { transactions: [], removed: [] };
      if (what === "buy" || !target) {
        page.transactions.push(transaction({ id: `t${n}`, amount: money(amountMinor), pending: which % 2 === 0 }));
      } else if (what === "post" && target.pending) {
        page.transactions.push({ ...target, id: `t${n}`, pending: false, replacesId: target.id });
        page.removed.push(target.id);
      } else if (what === "change") {
        page.transactions.push({ ...target, amount: money(amountMinor) });
      } else page.removed.push(target.id);
      for (const id of page.removed) live.delete(id);
      for (const one of page.transactions) live.set(one.id, one);
      pages.push(page);
    }
    return { pages, live: [...live.values()] };
  }

  it("within one synchronisation and across several makes no difference", async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.nat(), fc.infiniteStream(fc.nat(100)), async (all, cut, random) => {
        const { pages, live } = play(all);
        const { viewer, connectionId } = await setUp();
        const size = (cut % pages.length) + 1;
        for (let from = 0; from < pages.length; from += size) {
          const batch = pages.slice(from, from + size);
          // The newest word for an id wins within a batch, as the adapter reads it; the order between ids is free.
          const newest = new Map(
            batch.flatMap(({ transactions }) => transactions.map((one) => [one.id, one] as const)),
          );
          const keyed = [...newest.values()].map((one) => ({ one, key: random.next().value }));
          keyed.sort((a, b) => a.key - b.key);
          const change = {
            transactions: keyed.map(({ one }) => one),
            removed: batch.flatMap(({ removed }) => removed),
          };
          await sync(viewer, connectionId, change);
          // Telling it twice, as after a crash, tells nothing new.
          expect((await sync(viewer, connectionId, change)).removed).toBe(0);
        }
        const shape = (amountMinor: number, isPending: boolean) => `${amountMinor} ${isPending}`;
        expect((await listAll(viewer)).map((row) => shape(row.amountMinor, row.isPending)).sort()).toEqual(
          live.map((one) => shape(one.amount.amountMinor, one.pending)).sort(),
        );
      }),
      { numRuns: 40 },
    );
  });
});
