import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AdapterIo, FinanceStore } from "../../contracts/adapter";
import type { Viewer } from "../../contracts/viewer";
import { pool } from "../../db/client";
import { financeStore } from "../../db/finance/finance-store";
import { listAll, testConnection, transaction } from "../../db/finance/testing-money";
import { testDatabase, testUser } from "../../db/testing";
import { type PlaidTest, startPlaidTest } from "./testing-setup";

let database: Awaited<ReturnType<typeof testDatabase>>;
let plaid: PlaidTest;
let today = new Date("2026-11-24T12:00:00Z");
beforeAll(async () => {
  database = await testDatabase();
  plaid = await startPlaidTest({ now: () => today });
});
afterAll(async () => {
  await plaid.close();
  await database.close();
});

/** Until the whole history is there. */
async function synchronise(io: AdapterIo, store: FinanceStore) {
  let report = await plaid.adapter.syncFinance?.(io, store);
  for (let times = 0; report?.isComplete === false && times < 5; times++)
    report = await plaid.adapter.syncFinance?.(io, store);
  expect(report?.isComplete).toBe(true);
}

/** The database holds what the bank has, and nothing else. */
async function expectTruth(viewer: Viewer, itemId: string) {
  const truth = plaid.control.transactions(itemId).map(({ cents, pending, date }) => `${date} ${-cents} ${pending}`);
  const held = (await listAll(viewer)).map((row) => `${row.date} ${row.amountMinor} ${row.isPending}`);
  expect(held.sort()).toEqual(truth.sort());
}

it("what the database holds is what the bank has, two equal fares of one day included, over days and postings", async () => {
  const viewer = await testUser();
  const store = financeStore(viewer, await testConnection(viewer));
  const { io, key } = await plaid.link("ins_900001", { daysRequested: 60 });
  await synchronise(io, store);
  await expectTruth(viewer, key);

  const [pending] = (await listAll(viewer)).filter(({ isPending }) => isPending);
  await pool().query(`UPDATE "FinancialTransaction" SET note = 'with Ada' WHERE id = $1`, [pending?.id]);
  today = new Date("2026-12-03T12:00:00Z");
  await synchronise(io, store);
  await expectTruth(viewer, key);
  const posted = (await listAll(viewer)).find(({ id }) => id === pending?.id);
  expect(posted).toMatchObject({ isPending: false, note: "with Ada" });
});

describe("after Plaid refused the cursor", () => {
  /** A bank whose cursor is refused. Burgeon holds one transaction that it had then and has no more, without a word about it. */
  async function loseOne() {
    today = new Date("2026-11-24T12:00:00Z");
    const viewer = await testUser();
    const connectionId = await testConnection(viewer);
    const store = financeStore(viewer, connectionId);
    const { io, key } = await plaid.link("ins_900001", { daysRequested: 60 });
    await synchronise(io, store);
    const [known] = await listAll(viewer);
    const { rows } = await pool().query(
      `UPDATE "FinancialTransaction" SET note = 'kept' WHERE id = $1
       RETURNING (SELECT a."sourceId" FROM "FinancialAccount" a WHERE a.id = "accountId") AS "accountId"`,
      [known?.id],
    );
    const gone = transaction({ id: "gone", at: "2026-11-20", accountId: rows[0]?.accountId, pending: true });
    const old = { ...gone, id: "old", at: "2023-01-01" };
    const change = { accounts: [], transactions: [gone, old], removed: [], cursor: "bm8gY3Vyc29y" };
    await store.commit(change);
    const held = async (sourceId: string) => {
      const text = `SELECT 1 FROM "FinancialTransaction" WHERE "userId" = $1 AND "sourceId" = $2`;
      return (await pool().query(text, [viewer.userId, sourceId])).rowCount === 1;
    };
    return { viewer, connectionId, store, io, key, known, held };
  }

  it("what disappeared meanwhile is gone; what is older than all Plaid tells of stays", async () => {
    const { viewer, store, io, key, known, held } = await loseOne();
    expect(await held("gone")).toBe(true);
    expect(await plaid.adapter.syncFinance?.(io, store)).toMatchObject({ isComplete: true, removed: 1 });
    expect(await held("gone")).toBe(false);
    expect(await held("old")).toBe(true);
    expect(await listAll(viewer)).toHaveLength(plaid.control.transactions(key).length + 1);
    expect((await listAll(viewer)).find(({ id }) => id === known?.id)).toMatchObject({ note: "kept" });
    expect(await plaid.adapter.syncFinance?.(io, store)).toMatchObject({ written: 0, removed: 0 });
  });

  it("a reading that is not complete deletes nothing, and the complete one after it does", async () => {
    const { store, io, key, held } = await loseOne();
    plaid.control.setReadiness(key, "initial");
    expect(await plaid.adapter.syncFinance?.(io, store)).toMatchObject({ isComplete: false, removed: 0 });
    expect(await held("gone")).toBe(true);
    plaid.control.setReadiness(key, "historical");
    expect(await plaid.adapter.syncFinance?.(io, store)).toMatchObject({ isComplete: true, removed: 1 });
    expect(await held("gone")).toBe(false);
  });
});
