import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TransactionFilter } from "@/lib/contracts/finance";
import type { Viewer } from "@/lib/contracts/viewer";
import { testDatabase, testUser } from "../testing";
import { listAccounts, setAccountHidden } from "./accounts";
import { setNote } from "./categories";
import { account, listAll, money, sync, testConnection, transaction } from "./testing-money";
import { getTransaction, listCategories, listTransactions, type TransactionOrder } from "./transactions";

let database: Awaited<ReturnType<typeof testDatabase>>;
let viewer: Viewer;
beforeAll(async () => {
  database = await testDatabase();
  viewer = await testUser();
  const connectionId = await testConnection(viewer);
  const many = Array.from({ length: 57 }, (_, n) =>
    transaction({
      id: `n${n}`,
      // Many of the same day, amount and merchant, so that only the id tells them apart.
      at: `2026-10-${String((n % 3) + 1).padStart(2, "0")}`,
      amount: money(-(n % 4) * 100, n % 5 === 0 ? "USD" : "CAD"),
      merchant: `Shop number ${["one", "two"][n % 2]}`,
      pending: n === 7,
    }),
  );
  await sync(viewer, connectionId, {
    accounts: [account(), account({ id: "acc-2", name: "Visa", type: "credit", mask: "4242" })],
    transactions: [
      ...many,
      transaction({ id: "coffee", at: "2026-11-01", merchant: "STARBUCKS 800-782", accountId: "acc-2" }),
      transaction({ id: "pay", at: "2026-11-02", merchant: "ACME PAYROLL", amount: money(250_000) }),
      transaction({ id: "cafe", at: "2026-11-03", merchant: "Café Olé", description: "table 12", amount: money(-900) }),
    ],
  });
});
afterAll(() => database.close());

const companies = async (filter: TransactionFilter) => (await listAll(viewer, filter)).map(({ company }) => company);

describe("the list of transactions", () => {
  const orders: TransactionOrder[] = (["date", "amount", "merchant"] as const).flatMap((sort) => [
    { sort, direction: "asc" },
    { sort, direction: "desc" },
  ]);

  it.each(orders)("shows every row once, page after page and back again: %o", async (order) => {
    const whole = (await listTransactions(viewer, {}, { order, limit: 200 })).transactions.map(({ id }) => id);
    expect(new Set(whole).size).toBe(60);
    const pages: string[][] = [];
    let page = await listTransactions(viewer, {}, { order, limit: 7 });
    expect(page.previous).toBeNull();
    for (;;) {
      pages.push(page.transactions.map(({ id }) => id));
      if (!page.next) break;
      page = await listTransactions(viewer, {}, { cursor: page.next, limit: 7 });
    }
    expect(pages.flat()).toEqual(whole);
    for (let at = pages.length - 2; at >= 0; at -= 1) {
      page = await listTransactions(viewer, {}, { cursor: page.previous ?? "", limit: 7 });
      expect(page.transactions.map(({ id }) => id)).toEqual(pages[at]);
      expect(page.next).not.toBeNull();
    }
    expect(page.previous).toBeNull();
  });

  it("compares no amounts of two currencies", async () => {
    const page = await listTransactions(viewer, {}, { order: { sort: "amount", direction: "asc" }, limit: 200 });
    const currencies = page.transactions.map(({ currency }) => currency);
    expect(currencies).toEqual([...currencies].sort());
  });

  it("refuses a cursor that is none", async () => {
    for (const cursor of ["x", "", Buffer.from('{"sort":"date"}').toString("base64url")])
      await expect(listTransactions(viewer, {}, { cursor })).rejects.toMatchObject({ code: "invalid" });
  });

  it("finds words, beginnings of words, phrases and what is left out", async () => {
    expect(await companies({ text: "starb" })).toEqual(["Starbucks"]);
    expect(await companies({ text: "TABLE" })).toEqual(["Café Olé"]);
    expect(await companies({ text: "payroll -acme" })).toEqual([]);
    expect(await companies({ text: '"acme payroll"' })).toEqual(["Acme Payroll"]);
    expect(await companies({ text: "starbucks or payroll" })).toEqual(["Acme Payroll", "Starbucks"]);
    expect(await companies({ text: "&|!()':*<->" })).toEqual([]);
  });

  it("makes no difference between letters with and without accents, in the text and in what is asked for", async () => {
    const other = await testUser();
    const connectionId = await testConnection(other);
    const merchants = [
      "Café Olé",
      "Müller",
      "Muller",
      "Straße 7",
      "SMØRREBRØD",
      "Łódź",
      "Ünïcode",
      "ﬁsh",
      "Crème brûlée",
    ];
    const named = merchants.map((merchant, n) => transaction({ id: `m${n}`, merchant, description: merchant }));
    await sync(other, connectionId, { transactions: named });
    const found = async (text: string) => (await listAll(other, { text })).map(({ merchant }) => merchant).sort();
    for (const text of ["cafe", "CAFÉ", "café", "cafe\u0301", "ole", '"cafe ole"', "caf"])
      expect(await found(text)).toEqual(["Café Olé"]);
    for (const text of ["müller", "MULLER", "mull"]) expect(await found(text)).toEqual(["Muller", "Müller"]);
    expect(await found("strasse")).toEqual(["Straße 7"]);
    expect(await found("STRASSE or łódź or smorre")).toEqual(["SMØRREBRØD", "Straße 7", "Łódź"].sort());
    expect(await found("fish")).toEqual(["ﬁsh"]);
    expect(await found("creme -brulee")).toEqual([]);
    await setNote(other, (await listAll(other, { text: "lodz" }))[0]?.id ?? "", "mit Jürgen");
    expect(await found("jurgen")).toEqual(["Łódź"]);
  });

  it("finds what a person noted", async () => {
    const [row] = await listAll(viewer, { text: "starbucks" });
    await setNote(viewer, row?.id ?? "", "with Zora");
    expect(await companies({ text: "zora" })).toEqual(["Starbucks"]);
    await setNote(viewer, row?.id ?? "", " ");
    expect((await getTransaction(viewer, row?.id ?? "")).note).toBeNull();
  });

  it("narrows by each filter and by all of them", async () => {
    const [, visa] = await listAccounts(viewer);
    expect(await companies({ accountId: visa?.id ?? "" })).toEqual(["Starbucks"]);
    expect(await companies({ kind: "income" })).toEqual(["Acme Payroll"]);
    expect(await companies({ category: "Coffee" })).toEqual(["Café Olé", "Starbucks"]);
    expect(await companies({ from: "2026-11-01", to: "2026-11-02" })).toEqual(["Acme Payroll", "Starbucks"]);
    expect(await companies({ minMinor: 900 })).toEqual(["Café Olé", "Acme Payroll"]);
    expect(await companies({ minMinor: 400, maxMinor: 900 })).toEqual(["Café Olé", "Starbucks"]);
    expect(await listAll(viewer, { isPending: true })).toHaveLength(1);
    expect(await listAll(viewer, { currency: "USD" })).toHaveLength(12);
    expect(await companies({ accountId: visa?.id ?? "", text: "star", kind: "expense", maxMinor: 450 })).toHaveLength(
      1,
    );
    expect(await companies({ accountId: "acc_unknown" })).toEqual([]);
  });

  it("tells which categories there are", async () => {
    expect(await listCategories(viewer)).toEqual(["Coffee", "Income", "Other"]);
    expect(await listCategories(await testUser())).toEqual([]);
  });

  it("leaves out hidden accounts until they are shown again", async () => {
    const [, visa] = await listAccounts(viewer);
    await setAccountHidden(viewer, visa?.id ?? "", true);
    expect(await companies({ text: "starbucks" })).toEqual([]);
    expect((await listAccounts(viewer))[1]?.isHidden).toBe(true);
    await setAccountHidden(viewer, visa?.id ?? "", false);
    expect(await companies({ text: "starbucks" })).toEqual(["Starbucks"]);
  });
});
