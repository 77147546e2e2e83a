import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FileOptions } from "@/lib/contracts/adapter";
import type { Viewer } from "@/lib/contracts/viewer";
import { listConnectionRows } from "@/lib/db/connections";
import { listAll, readMoneyRows } from "@/lib/db/finance/testing-money";
import { testDatabase, testUser } from "@/lib/db/testing";
import { commitFile, inspectFile, previewFile } from "./import-file";

let database: Awaited<ReturnType<typeof testDatabase>>;
let viewer: Viewer;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const file = (...lines: string[]) => ({
  name: "export.csv",
  text: ["Date,Description,Amount", ...lines, ""].join("\n"),
});
const optionsOf = (given: { name: string; text: string }, accountName: string): FileOptions => {
  const { formats, mapping } = inspectFile(given);
  return { format: formats[0]?.id ?? "", currency: "CAD", accountName, ...(mapping ? { mapping } : {}) };
};
const preview = (given: ReturnType<typeof file>, accountName = "Everyday") =>
  previewFile(viewer, given, optionsOf(given, accountName));
const commit = (given: ReturnType<typeof file>, accountName = "Everyday") =>
  commitFile(viewer, given, optionsOf(given, accountName));
const october = file("2026-10-30,STARBUCKS 800,-4.50", "2026-10-30,STARBUCKS 800,-4.50", "2026-10-31,not money,abc");
const november = file("2026-10-30,STARBUCKS 800,-4.50", "2026-10-30,STARBUCKS 800,-4.50", "2026-11-02,METRO 12,-90.00");

describe("a file of a bank", () => {
  it("changes nothing by being looked at, and then does what was foretold", async () => {
    viewer = await testUser();
    const before = [await readMoneyRows(viewer), await listConnectionRows(viewer)];
    const foretold = await preview(october);
    // The default rules are made at the first look, and are no part of the file.
    expect([(await listAll(viewer)).length, await listConnectionRows(viewer)]).toEqual([0, before[1]]);
    const { connectionId, sample: _sample, ...done } = await commit(october);
    expect(foretold).toMatchObject(done);
    expect(done).toMatchObject({ rows: 2, added: 2, known: 0, accounts: [{ name: "Everyday", isNew: true }] });
    expect(done.problems).toEqual([expect.objectContaining({ line: 4, text: expect.stringContaining("not money") })]);
    const [connection] = await listConnectionRows(viewer);
    expect(connection).toMatchObject({ id: connectionId, title: "Everyday", adapter: "bank-file", warning: null });
    // Never read again by itself, and well as it is.
    expect([connection?.lastGoodAt, connection?.nextAt]).toEqual([expect.any(Date), null]);
  });

  it("adds what is new and nothing twice, in the connection its account came by", async () => {
    viewer = await testUser();
    const first = await commit(october);
    expect(await commit(october)).toMatchObject({ added: 0, known: 2, connectionId: first.connectionId });
    expect(await preview(november)).toMatchObject({ rows: 3, added: 1, known: 2 });
    expect(await commit(november)).toMatchObject({ added: 1, known: 2, connectionId: first.connectionId });
    expect((await listAll(viewer)).map(({ amountMinor }) => amountMinor)).toEqual([-9000, -450, -450]);
  });

  it("of another account is another connection, and of another person none of anybody's", async () => {
    viewer = await testUser();
    const first = await commit(october);
    const second = await commit(october, "Savings");
    expect(second.connectionId).not.toBe(first.connectionId);
    expect((await listConnectionRows(viewer)).map(({ title }) => title)).toEqual(["Everyday", "Savings"]);
    viewer = await testUser();
    const other = await commit(october);
    expect([other.added, [first.connectionId, second.connectionId].includes(other.connectionId)]).toEqual([2, false]);
  });

  it("without a transaction that can be read is refused, and leaves nothing behind", async () => {
    viewer = await testUser();
    const broken = file("2026-10-31,not money,abc", "2026-10-32,no day,-1.00");
    const mapping = { date: "Date", description: "Description", amount: "Amount", dateFormat: "yyyy-MM-dd" };
    const options = { format: "csv", currency: "CAD", accountName: "Everyday", mapping };
    const foretold = await previewFile(viewer, broken, options);
    expect(foretold).toMatchObject({ rows: 0, problems: [{ line: 2 }, { line: 3 }] });
    await expect(commitFile(viewer, broken, options)).rejects.toMatchObject({ code: "invalid" });
    expect(await listConnectionRows(viewer)).toEqual([]);
  });
});
