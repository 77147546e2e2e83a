import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SourceAccount, SourceTransaction } from "@/lib/contracts/adapter";
import type { Viewer } from "@/lib/contracts/viewer";
import { pool } from "../client";
import { testDatabase, testUser } from "../testing";
import { listAccounts } from "./accounts";
import { setCategory, setNote } from "./categories";
import { listMergedTransactions, listMerges, splitMerge } from "./merge-log";
import { totalTransactions } from "./summaries";
import { account, listAll, money, sync, testConnection, transaction } from "./testing-money";

let database: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const chase = { institution: "Chase", mask: "1234" };
const day = (n: number) => `2026-10-${String(n).padStart(2, "0")}`;
/** The same purchase as another source tells it: with ids of its own. */
const again = (one: SourceTransaction, more: Partial<SourceTransaction> = {}): SourceTransaction => ({
  ...one,
  id: `new-${one.id}`,
  accountId: "acc-9",
  ...more,
});

async function linkTwice(
  first: SourceTransaction[],
  second: SourceTransaction[],
  accounts: [Partial<SourceAccount>, Partial<SourceAccount>] = [chase, chase],
  between: (viewer: Viewer) => Promise<unknown> = async () => undefined,
) {
  const viewer = await testUser();
  const oldId = await testConnection(viewer, { title: "Chase" });
  await sync(viewer, oldId, { accounts: [account(accounts[0])], transactions: first });
  await between(viewer);
  const newId = await testConnection(viewer, { title: "Chase" });
  const accountAgain = account({ ...accounts[1], id: "acc-9" });
  await sync(viewer, newId, { accounts: [accountAgain], transactions: second });
  return { viewer, oldId, newId, accountAgain };
}

describe("a bank that is linked anew", () => {
  const coffee = [1, 2, 3, 4, 5].map((n) => transaction({ id: `c${n}`, at: day(n) }));

  it("is the account it was, with its history counted once", async () => {
    const second = [
      ...coffee.slice(2).map((one) => again(one)),
      transaction({ id: "x", at: day(6), accountId: "acc-9" }),
    ];
    const { viewer } = await linkTwice(coffee, second);
    const rows = await listAll(viewer);
    expect(rows.map(({ date }) => date)).toEqual([6, 5, 4, 3, 2, 1].map(day));
    expect(new Set(rows.map(({ accountId }) => accountId)).size).toBe(1);
    expect(await listAccounts(viewer)).toMatchObject([{ mergedIds: [expect.any(String)] }]);
    expect(await totalTransactions(viewer)).toMatchObject({ count: 6, provenance: { accountCount: 1 } });
  });

  it("is so after its old connection was taken away", async () => {
    const { viewer } = await linkTwice(
      coffee,
      coffee.map((one) => again(one)),
      [chase, chase],
      async (who) => {
        await pool().query(`DELETE FROM "Connection" WHERE "userId" = $1`, [who.userId]);
      },
    );
    expect(await listAll(viewer)).toHaveLength(5);
    const [account] = await listAccounts(viewer);
    expect(account).toMatchObject({ connection: { title: "Chase", state: "active" } });
    expect((await totalTransactions(viewer)).provenance.excluded).toEqual([]);
  });

  it("keeps the note and category that a person gave", async () => {
    const { viewer } = await linkTwice([transaction()], [again(transaction())], [chase, chase], async (who) => {
      const [row] = await listAll(who);
      await setNote(who, row?.id ?? "", "with Ann");
      await setCategory(who, row?.id ?? "", { category: "Dates" });
    });
    expect(await listAll(viewer)).toMatchObject([{ note: "with Ann", category: "Dates" }]);
  });

  it("keeps two equal purchases two, and a third that only the new link knows", async () => {
    const two = [transaction({ id: "a" }), transaction({ id: "b" })];
    const { viewer } = await linkTwice(
      two,
      [...two, transaction({ id: "c" })].map((one) => again(one)),
    );
    expect(await listAll(viewer)).toHaveLength(3);
  });

  it("does not take today's coffee for yesterday's", async () => {
    const later = [6, 7, 8].map((n) => transaction({ id: `c${n}`, at: day(n) }));
    const { viewer } = await linkTwice(
      coffee,
      [...coffee, ...later].map((one) => again(one)),
    );
    expect(await listAll(viewer)).toHaveLength(8);
  });

  it("knows a purchase that was posted up to three days later, and no further", async () => {
    const one = transaction({ at: day(10) });
    const { viewer } = await linkTwice([one], [again(one, { at: day(13) })]);
    expect(await listAll(viewer)).toHaveLength(1);
    const { viewer: other } = await linkTwice([one], [again(one, { at: day(14) })]);
    expect(await listAll(other)).toHaveLength(2);
  });

  it("goes on recognising what comes page after page", async () => {
    const { viewer, newId, accountAgain } = await linkTwice(coffee, []);
    for (const one of coffee) await sync(viewer, newId, { accounts: [accountAgain], transactions: [again(one)] });
    expect(await listAll(viewer)).toHaveLength(5);
  });

  it("does not take the next coffee for one that it recognised before", async () => {
    const one = transaction({ id: "c1", at: day(1) });
    const { viewer, newId, accountAgain } = await linkTwice([one], [again(one)]);
    await sync(viewer, newId, { accounts: [accountAgain], transactions: [again(one, { id: "next", at: day(2) })] });
    expect(await listAll(viewer)).toHaveLength(2);
  });

  it.each([
    ["another bank", [chase, { ...chase, institution: "CIBC" }]],
    ["other last digits", [chase, { ...chase, mask: "9999" }]],
    ["another type", [chase, { ...chase, type: "savings" }]],
    ["no digits", [{ institution: "Chase" }, { institution: "Chase" }]],
    ["no institution, as in many files", [chase, { mask: "1234" }]],
    [
      "another lasting mark",
      [
        { ...chase, persistentId: "p1" },
        { ...chase, persistentId: "p2" },
      ],
    ],
    ["another currency", [chase, { ...chase, balance: money(1, "USD") }]],
  ] as const)("is an account of its own with %s", async (_what, [one, other]) => {
    const { viewer } = await linkTwice([transaction()], [again(transaction())], [one, other]);
    expect(await listAccounts(viewer)).toHaveLength(2);
    expect(await listAll(viewer)).toHaveLength(2);
  });

  it("is known by its lasting mark whatever it is called now", async () => {
    const { viewer } = await linkTwice(
      [transaction()],
      [again(transaction())],
      [
        { persistentId: "p", mask: "1" },
        { persistentId: "p", mask: "2", institution: "Renamed" },
      ],
    );
    expect(await listAll(viewer)).toHaveLength(1);
  });

  it("is left alone where two accounts could be meant", async () => {
    const viewer = await testUser();
    for (const adapter of ["plaid", "bank-file"])
      await sync(viewer, await testConnection(viewer, { adapter }), {
        accounts: [account({ ...chase, persistentId: adapter })],
      });
    await sync(viewer, await testConnection(viewer), { accounts: [account(chase)] });
    expect(await listAccounts(viewer)).toHaveLength(3);
  });

  it("never mixes two people", async () => {
    const { viewer } = await linkTwice([transaction()], []);
    const stranger = await testUser();
    await sync(stranger, await testConnection(stranger), { accounts: [account(chase)], transactions: [transaction()] });
    expect(await listAll(stranger)).toHaveLength(1);
    expect(await listAll(viewer)).toHaveLength(1);
    expect(await listMerges(stranger)).toEqual([]);
  });

  it("lets a double count again when the row it was merged into is removed", async () => {
    const { viewer, oldId } = await linkTwice([transaction()], [again(transaction())]);
    await sync(viewer, oldId, { accounts: [account(chase)], removed: ["t1"] });
    expect(await listAll(viewer)).toHaveLength(1);
  });
});

describe("a split", () => {
  it("puts back two accounts and every row as it was, and is not undone by the next synchronisation", async () => {
    const purchase = fc.record({
      day: fc.integer({ min: 1, max: 12 }),
      amountMinor: fc.constantFrom(-450, -900),
      merchant: fc.constantFrom("STARBUCKS", "SHELL"),
      pending: fc.boolean(),
    });
    const toTransactions = (
      all: { day: number; amountMinor: number; merchant: string; pending: boolean }[],
      accountId: string,
    ) =>
      all.map(({ day: n, amountMinor, merchant, pending }, at) =>
        transaction({ id: `${accountId}-${at}`, accountId, at: day(n), amount: money(amountMinor), merchant, pending }),
      );
    // What two accounts that have nothing to do with one another show.
    const shape = async (viewer: Viewer) =>
      (await listAll(viewer)).map(({ id: _, accountId: __, ruleId: ___, ...row }) => JSON.stringify(row)).sort();
    await fc.assert(
      fc.asyncProperty(
        fc.array(purchase, { maxLength: 12 }),
        fc.array(purchase, { maxLength: 12 }),
        async (one, two) => {
          const [first, second] = [toTransactions(one, "acc-1"), toTransactions(two, "acc-9")];
          const apart = await linkTwice(first, second, [chase, { ...chase, mask: "9999" }]);
          const { viewer, newId, accountAgain } = await linkTwice(first, second);
          const merges = await listMerges(viewer);
          expect(merges).toMatchObject([{ kind: "accounts", undoneAt: null }]);
          const merged = await listMergedTransactions(viewer, merges[0]?.id ?? "");
          expect(merged).toHaveLength(merges[0]?.count ?? -1);
          expect(await listAll(viewer)).toHaveLength(first.length + second.length - merged.length);
          expect(await splitMerge(viewer, merges[0]?.id ?? "")).toEqual({ changed: merged.length });
          expect(await shape(viewer)).toEqual(await shape(apart.viewer));
          expect(await listAccounts(viewer)).toHaveLength(2);
          await sync(viewer, newId, { accounts: [accountAgain], transactions: second });
          expect(await shape(viewer)).toEqual(await shape(apart.viewer));
          expect(await splitMerge(viewer, merges[0]?.id ?? "")).toEqual({ changed: 0 });
        },
      ),
      { numRuns: 25 },
    );
  });

  it("of one double leaves the others merged", async () => {
    const two = [transaction({ id: "a" }), transaction({ id: "b", merchant: "SHELL" })];
    const { viewer, newId, accountAgain } = await linkTwice(
      two,
      two.map((one) => again(one)),
    );
    const [merge] = await listMerges(viewer);
    const [double] = await listMergedTransactions(viewer, merge?.id ?? "");
    expect(double).toMatchObject({
      ...{ kind: "transactions", reason: expect.stringContaining("on the same day") },
      kept: {
        company: expect.stringMatching(/Starbucks|Shell/),
        date: "2026-11-03",
        amountMinor: -450,
        currency: "CAD",
      },
    });
    await splitMerge(viewer, double?.id ?? "");
    expect(await listAll(viewer)).toHaveLength(3);
    await sync(viewer, newId, { accounts: [accountAgain], transactions: two.map((one) => again(one)) });
    expect(await listAll(viewer)).toHaveLength(3);
    expect((await listMerges(viewer))[0]).toMatchObject({ count: 1 });
  });

  it("of something that is not there is not found", async () => {
    await expect(splitMerge(await testUser(), "merge_none")).rejects.toMatchObject({ code: "not-found" });
  });
});
