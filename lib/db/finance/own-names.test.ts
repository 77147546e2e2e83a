import { afterAll, beforeAll, expect, it } from "vitest";
import type { Viewer } from "@/lib/contracts/viewer";
import { inTransaction } from "../statement";
import { testDatabase, testUser } from "../testing";
import { listAccounts, nameAccount, readFreshness } from "./accounts";
import { forgetAccounts } from "./forget-accounts";
import { listMerges, splitMerge } from "./merge-log";
import { summarize } from "./summaries";
import { account, listAll, sync, testConnection, transaction } from "./testing-money";

let database: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const bank = { institution: "Chase", mask: "1234" };
/** A person with one account that they call "Household". */
async function withName() {
  const viewer = await testUser();
  const connectionId = await testConnection(viewer);
  await sync(viewer, connectionId, { accounts: [account(bank)], transactions: [transaction()] });
  const [made] = await listAccounts(viewer);
  await nameAccount(viewer, made?.id ?? "", "Household");
  return { viewer, connectionId, accountId: made?.id ?? "" };
}
const names = async (viewer: Viewer) => (await listAccounts(viewer)).map(({ name, sourceName }) => [name, sourceName]);
/** The bank that is connected anew: another connection, another id, and by now another name. */
async function linkAnew(viewer: Viewer) {
  const connectionId = await testConnection(viewer);
  await sync(viewer, connectionId, {
    accounts: [account({ ...bank, id: "acc-9", name: "Everyday Plus" })],
    transactions: [transaction({ id: "t9", accountId: "acc-9", at: "2026-11-09" })],
  });
  return connectionId;
}

it("a person's name for an account is the one that is shown everywhere", async () => {
  const { viewer, accountId } = await withName();
  expect(await names(viewer)).toEqual([["Household", "Chequing"]]);
  expect(await listAll(viewer)).toMatchObject([{ accountName: "Household" }]);
  expect((await summarize(viewer, "account")).groups).toMatchObject([{ key: accountId, label: "Household" }]);
  expect((await readFreshness(viewer)).rootOf.get(accountId)).toEqual({ id: accountId, name: "Household" });
});

it("it survives synchronisations, while the bank's own name goes on being known", async () => {
  const { viewer, connectionId } = await withName();
  await sync(viewer, connectionId, { accounts: [account({ ...bank, name: "Chequing Gold" })] });
  expect(await names(viewer)).toEqual([["Household", "Chequing Gold"]]);
});

it("without one an account is called as its bank calls it now", async () => {
  const { viewer, connectionId, accountId } = await withName();
  await sync(viewer, connectionId, { accounts: [account({ ...bank, name: "Chequing Gold" })] });
  await nameAccount(viewer, accountId, null);
  expect(await names(viewer)).toEqual([["Chequing Gold", "Chequing Gold"]]);
});

it("it survives when the bank is connected anew, and can be changed and taken back by either id", async () => {
  const { viewer } = await withName();
  await linkAnew(viewer);
  expect(await names(viewer)).toEqual([["Household", "Everyday Plus"]]);
  expect(await listAll(viewer)).toMatchObject([{ accountName: "Household" }, { accountName: "Household" }]);
  const [one] = await listAccounts(viewer);
  await nameAccount(viewer, one?.mergedIds[0] ?? "", "Shared");
  expect(await names(viewer)).toEqual([["Shared", "Everyday Plus"]]);
  await nameAccount(viewer, one?.mergedIds[0] ?? "", null);
  expect(await names(viewer)).toEqual([["Everyday Plus", "Everyday Plus"]]);
});

it("it stays with the account that takes the place of a forgotten one, and with the older one after a split", async () => {
  const { viewer, connectionId } = await withName();
  await linkAnew(viewer);
  await inTransaction((client) => forgetAccounts(client, viewer, connectionId));
  expect(await names(viewer)).toEqual([["Household", "Everyday Plus"]]);

  const other = await withName();
  await linkAnew(other.viewer);
  await splitMerge(other.viewer, (await listMerges(other.viewer))[0]?.id ?? "");
  expect(await names(other.viewer)).toEqual([
    ["Household", "Chequing"],
    ["Everyday Plus", "Everyday Plus"],
  ]);
});
