import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FileReading } from "@/lib/contracts/adapter";
import type { Viewer } from "@/lib/contracts/viewer";
import { pool } from "../client";
import { testDatabase, testUser } from "../testing";
import { listAccounts } from "./accounts";
import { commitImport, findConnectionOfFile, previewImport } from "./import-file";
import { account, listAll, money, readMoneyRows, sync, testConnection, transaction } from "./testing-money";

let database: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const bank = { institution: "CIBC", mask: "4242" };
const reading = (ids: string[], more: Partial<FileReading> = {}): FileReading => ({
  accounts: [account({ ...bank, balance: null })],
  transactions: ids.map((id) => transaction({ id, merchant: `SHOP ${id.toUpperCase()}` })),
  problems: [],
  ...more,
});

async function withFiles(): Promise<{ viewer: Viewer; connectionId: string }> {
  const viewer = await testUser();
  return { viewer, connectionId: await testConnection(viewer, { adapter: "bank-file", title: "CIBC files" }) };
}
const file = (name: string, of: FileReading) => ({ name, digest: name, reading: of });

describe("a file", () => {
  it("taken over twice changes nothing the second time", async () => {
    const { viewer, connectionId } = await withFiles();
    const june = file("june.csv", reading(["a", "b", "c"]));
    expect(await commitImport(viewer, connectionId, june)).toMatchObject({ rows: 3, added: 3, known: 0, merged: 0 });
    const before = await listAll(viewer);
    expect(await commitImport(viewer, connectionId, june)).toMatchObject({ rows: 3, added: 0, known: 3, updated: 0 });
    expect(await listAll(viewer)).toEqual(before);
    const { rows } = await pool().query(`SELECT name, rows, added FROM "FileImport" WHERE "userId" = $1`, [
      viewer.userId,
    ]);
    expect(rows).toEqual([{ name: "june.csv", rows: 3, added: 3 }]);
  });

  it("that overlaps another adds only what is new", async () => {
    const { viewer, connectionId } = await withFiles();
    await commitImport(viewer, connectionId, file("june.csv", reading(["a", "b", "c"])));
    const later = await commitImport(viewer, connectionId, file("july.csv", reading(["b", "c", "d"])));
    expect(later).toMatchObject({ added: 1, known: 2, accounts: [{ mask: "4242", isNew: false }] });
    expect(later.sample.map(({ company }) => company)).toEqual(["Shop D"]);
    expect(await listAll(viewer)).toHaveLength(4);
  });

  it("is previewed as it would be taken over, without a trace", async () => {
    const { viewer, connectionId } = await withFiles();
    await commitImport(viewer, connectionId, file("june.csv", reading(["a"])));
    const before = await readMoneyRows(viewer);
    const problems = [{ line: 7, message: "There is no date.", text: ";;;" }];
    const july = reading(["a", "b"], { problems });
    const preview = await previewImport(viewer, connectionId, july);
    expect(preview).toMatchObject({ rows: 2, added: 1, known: 1, problems });
    expect(await readMoneyRows(viewer)).toEqual(before);
    const done = await commitImport(viewer, connectionId, file("july.csv", july));
    // Only the ids are made anew.
    const told = (result: typeof done) => ({ ...result, sample: result.sample.map(({ company }) => company) });
    expect(told(done)).toEqual(told(preview));
  });

  it("is previewed without a connection, and knows the one it belongs to later", async () => {
    const { viewer, connectionId } = await withFiles();
    const june = reading(["a"]);
    const before = await readMoneyRows(viewer);
    expect(await previewImport(viewer, null, june)).toMatchObject({ added: 1, accounts: [{ isNew: true }] });
    expect(await readMoneyRows(viewer)).toEqual(before);
    const ids = june.accounts.map(({ id }) => id);
    expect(await findConnectionOfFile(viewer, "bank-file", ids)).toBeNull();
    await commitImport(viewer, connectionId, file("june.csv", june));
    expect(await findConnectionOfFile(viewer, "bank-file", ids)).toBe(connectionId);
    expect(await findConnectionOfFile(viewer, "plaid", ids)).toBeNull();
  });

  it("and a linked bank of the same account are one, whichever came first", async () => {
    const linked = [
      transaction({ id: "p1", merchant: "Shop A", accountId: "plaid-1" }),
      transaction({ id: "p2", merchant: "Shop Z", accountId: "plaid-1", at: "2026-11-09", amount: money(-999) }),
    ];
    const change = { accounts: [account({ ...bank, id: "plaid-1" })], transactions: linked };
    for (const isFileFirst of [true, false]) {
      const { viewer, connectionId } = await withFiles();
      const plaidId = await testConnection(viewer, { title: "CIBC" });
      if (!isFileFirst) await sync(viewer, plaidId, change);
      const result = await commitImport(viewer, connectionId, file("june.csv", reading(["a", "b"])));
      expect(result).toMatchObject(isFileFirst ? { added: 2, merged: 0 } : { added: 1, merged: 1 });
      if (isFileFirst) await sync(viewer, plaidId, change);
      expect(await listAccounts(viewer)).toMatchObject([{ connection: { title: "CIBC" } }]);
      expect((await listAll(viewer)).map(({ company }) => company).sort()).toEqual(["Shop A", "Shop B", "Shop Z"]);
      // What comes later on either side is compared with what the other one brought.
      const more = reading(["z"], {
        transactions: [transaction({ id: "z", merchant: "SHOP Z #4", at: "2026-11-10", amount: money(-999) })],
      });
      expect(await commitImport(viewer, connectionId, file("july.csv", more))).toMatchObject({ added: 0, merged: 1 });
      expect(await listAll(viewer)).toHaveLength(3);
    }
  });

  it("of an account whose bank it does not name stays an account of its own", async () => {
    const { viewer, connectionId } = await withFiles();
    await sync(viewer, await testConnection(viewer), { accounts: [account(bank)], transactions: [transaction()] });
    const unnamed = reading(["a"], {
      accounts: [account({ mask: "4242", balance: null })],
      transactions: [transaction()],
    });
    expect(await commitImport(viewer, connectionId, file("june.csv", unnamed))).toMatchObject({ added: 1, merged: 0 });
    expect(await listAll(viewer)).toHaveLength(2);
  });
});
