import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SourceTransaction } from "@/lib/contracts/adapter";
import type { Viewer } from "@/lib/contracts/viewer";
import { inTransaction } from "../statement";
import { testDatabase, testUser } from "../testing";
import { listAccounts } from "./accounts";
import { setCategory, setNote } from "./categories";
import { forgetAccounts } from "./forget-accounts";
import { listMerges, splitMerge } from "./merge-log";
import { account, listAll, money, readMoneyRows, sync, testConnection, transaction } from "./testing-money";

let database: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const bank = { institution: "Chase", mask: "1234" };
const forget = (viewer: Viewer, connectionId: string) =>
  inTransaction((client) => forgetAccounts(client, viewer, connectionId));

/** The same account by three connections; the first alone knows the oldest purchase, the last alone the newest. */
async function linkThrice() {
  const viewer = await testUser();
  const shared = transaction({ id: "shared" });
  const old = transaction({ id: "old", at: "2026-09-01", merchant: "SHELL" });
  const recent = transaction({ id: "new", at: "2026-11-20", amount: money(-5) });
  const link = async (transactions: SourceTransaction[]) => {
    const connectionId = await testConnection(viewer);
    await sync(viewer, connectionId, { accounts: [account(bank)], transactions });
    return connectionId;
  };
  const ids = [await link([old, shared]), await link([shared]), await link([shared, recent])] as const;
  const row = (await listAll(viewer)).find(({ date }) => date === shared.at);
  await setNote(viewer, row?.id ?? "", "with Ann");
  await setCategory(viewer, row?.id ?? "", { category: "Dates" });
  return { viewer, ids };
}

describe("forgetting a connection's accounts", () => {
  it("keeps what its successors know, with what a person wrote", async () => {
    const { viewer, ids } = await linkThrice();
    expect(await listAll(viewer)).toHaveLength(3);
    await forget(viewer, ids[0]);
    expect(await listAll(viewer)).toMatchObject([{ amountMinor: -5 }, { note: "with Ann", category: "Dates" }]);
    const [account, ...others] = await listAccounts(viewer);
    expect({ merged: account?.mergedIds.length, others }).toEqual({ merged: 1, others: [] });
    const [merge] = (await listMerges(viewer)).filter(({ kind }) => kind === "accounts");
    expect(merge).toMatchObject({ count: 1 });
    await splitMerge(viewer, merge?.id ?? "");
    expect(await listAll(viewer)).toHaveLength(3);
    expect(await listAccounts(viewer)).toHaveLength(2);
  });

  it("leaves the others alone when a successor goes", async () => {
    const { viewer, ids } = await linkThrice();
    await forget(viewer, ids[2]);
    expect(await listAll(viewer)).toMatchObject([{ note: "with Ann", category: "Dates" }, { date: "2026-09-01" }]);
  });

  it("leaves nothing when all go", async () => {
    const { viewer, ids } = await linkThrice();
    for (const id of ids) await forget(viewer, id);
    const rows = JSON.stringify(await readMoneyRows(viewer));
    expect(rows).toContain('"FinancialTransaction":[]');
    expect(rows).not.toContain("with Ann");
  });

  it("is nothing a stranger can do", async () => {
    const { viewer, ids } = await linkThrice();
    const before = await readMoneyRows(viewer);
    await forget(await testUser(), ids[0]);
    expect(await readMoneyRows(viewer)).toEqual(before);
  });
});
