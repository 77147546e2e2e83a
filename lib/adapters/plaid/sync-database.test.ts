import { afterAll, beforeAll, expect, it } from "vitest";
import { pool } from "../../db/client";
import { financeStore } from "../../db/finance/finance-store";
import { listAll, testConnection } from "../../db/finance/testing-money";
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

it("what the database holds is what the bank has, two equal fares of one day included, over days and postings", async () => {
  const viewer = await testUser();
  const store = financeStore(viewer, await testConnection(viewer));
  const { io, key } = await plaid.link("ins_900001", { daysRequested: 60 });
  const synchronise = async () => {
    let report = await plaid.adapter.syncFinance?.(io, store);
    for (let times = 0; report?.isComplete === false && times < 5; times++)
      report = await plaid.adapter.syncFinance?.(io, store);
    expect(report?.isComplete).toBe(true);
  };
  const expectTruth = async () => {
    const truth = plaid.control.transactions(key).map(({ cents, pending, date }) => `${date} ${-cents} ${pending}`);
    const held = (await listAll(viewer)).map((row) => `${row.date} ${row.amountMinor} ${row.isPending}`);
    expect(held.sort()).toEqual(truth.sort());
  };
  await synchronise();
  await expectTruth();

  const [pending] = (await listAll(viewer)).filter(({ isPending }) => isPending);
  await pool().query(`UPDATE "FinancialTransaction" SET note = 'with Ada' WHERE id = $1`, [pending?.id]);
  today = new Date("2026-12-03T12:00:00Z");
  await synchronise();
  await expectTruth();
  const posted = (await listAll(viewer)).find(({ id }) => id === pending?.id);
  expect(posted).toMatchObject({ isPending: false, note: "with Ada" });
});
