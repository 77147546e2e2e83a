import { readdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AppError } from "@/lib/contracts/errors";
import type { Viewer } from "@/lib/contracts/viewer";
import { inTransaction } from "../statement";
import { testDatabase, testUser } from "../testing";
import * as accounts from "./accounts";
import * as applyRules from "./apply-rules";
import * as categories from "./categories";
import * as financeStore from "./finance-store";
import * as forgetAccounts from "./forget-accounts";
import * as importFile from "./import-file";
import * as mergeDoubles from "./merge-doubles";
import * as mergeLog from "./merge-log";
import * as rules from "./rules";
import * as summaries from "./summaries";
import { account, money, readMoneyRows, testConnection, transaction } from "./testing-money";
import * as transactionFilter from "./transaction-filter";
import * as transactionRow from "./transaction-row";
import * as transactions from "./transactions";
import * as writeTransactions from "./write-transactions";

/** Everything of the owner's, by its id. Every text of theirs holds the word "zebra". */
interface Planted {
  owner: Viewer;
  connectionId: string;
  accountId: string;
  transactionId: string;
  ruleId: string;
  accountMergeId: string;
  doubleMergeId: string;
  sortingId: string;
  cursor: string;
}

/** What the stranger gets: what somebody gets who has nothing, a refusal, or a thing of their own. */
type Expected = { found: unknown } | { refused: string } | "own";
interface Attempt {
  expected: Expected;
  ask: (who: Viewer, mine: Planted) => Promise<unknown>;
}
const notFound = (ask: Attempt["ask"]): Attempt => ({ expected: { refused: "not-found" }, ask });
const finds = (found: unknown, ask: Attempt["ask"]): Attempt => ({ expected: { found }, ask });
const own = (ask: Attempt["ask"]): Attempt => ({ expected: "own", ask });

const sorting = { category: "Books" };
const rule = { pattern: "horse", category: "Animals" };
const reading = { accounts: [account()], transactions: [transaction({ id: "new" })], problems: [] };
const empty = { transactions: [], next: null, previous: null };
const nothing = {
  count: 0,
  totals: [],
  provenance: { transactionCount: 0, accountCount: 0, syncedAt: null, transfersLeftOut: 0, excluded: [] },
};
const period = { from: "2026-11-01", to: "2026-11-30" };

// The owner asks in this order, too: what takes something away comes last.
const attempts: Record<string, Attempt> = {
  "accounts.listAccounts": finds([], (who) => accounts.listAccounts(who)),
  "accounts.readFreshness": finds({ syncedAt: null, excluded: [], rootOf: new Map() }, (who, { accountId }) =>
    accounts.readFreshness(who, accountId),
  ),
  "transactions.listTransactions": finds(empty, (who) => transactions.listTransactions(who)),
  "transactions.listTransactions: of the owner's account": finds(empty, (who, { accountId }) =>
    transactions.listTransactions(who, { accountId }),
  ),
  "transactions.listTransactions: by a word": finds(empty, (who) =>
    transactions.listTransactions(who, { text: "zebra" }),
  ),
  "transactions.getTransaction": notFound((who, { transactionId }) => transactions.getTransaction(who, transactionId)),
  "transactions.listCategories": finds([], (who) => transactions.listCategories(who)),
  "summaries.summarize": finds({ groupBy: "company", groups: [], others: null, ...nothing }, (who) =>
    summaries.summarize(who, "company"),
  ),
  "summaries.totalTransactions": finds(nothing, (who, { accountId }) =>
    summaries.totalTransactions(who, { accountId }),
  ),
  "summaries.listCashFlow": finds({ currencies: [], provenance: nothing.provenance }, (who) =>
    summaries.listCashFlow(who, period),
  ),
  "merge-log.listMerges": finds([], (who) => mergeLog.listMerges(who)),
  "merge-log.listMergedTransactions": finds([], (who, { accountMergeId }) =>
    mergeLog.listMergedTransactions(who, accountMergeId),
  ),
  "apply-rules.previewRules": finds({ changed: 0, sample: [] }, (who) => applyRules.previewRules(who)),
  "apply-rules.applyRules": finds({ changed: 0, undoId: null }, (who) => applyRules.applyRules(who)),
  "rules.listRules": own((who) => rules.listRules(who)),
  "rules.addRule": own((who) => rules.addRule(who, rule)),
  "rules.editRule": notFound((who, { ruleId }) => rules.editRule(who, ruleId, rule)),
  "rules.moveRule": notFound((who, { ruleId }) => rules.moveRule(who, ruleId, 9)),
  "categories.setNote": notFound((who, { transactionId }) => categories.setNote(who, transactionId, "zebra crossing")),
  "categories.setCategory": notFound((who, { transactionId }) => categories.setCategory(who, transactionId, sorting)),
  "categories.setCategories": notFound((who, { transactionId }) =>
    categories.setCategories(who, [transactionId], { category: "Zebra" }),
  ),
  "categories.setCategoriesOf": finds({ changed: 0, undoId: null }, (who, { accountId }) =>
    categories.setCategoriesOf(who, { accountId }, { category: "Zebras" }),
  ),
  "finance-store.financeStore: cursor": notFound((who, { connectionId }) =>
    financeStore.financeStore(who, connectionId).cursor(),
  ),
  "finance-store.financeStore: commit": notFound((who, { connectionId }) =>
    financeStore
      .financeStore(who, connectionId)
      .commit({ accounts: [account()], transactions: [transaction({ id: "x" })], removed: [], cursor: "zebra" }),
  ),
  "finance-store.financeStore: removes": notFound((who, { connectionId }) =>
    financeStore
      .financeStore(who, connectionId)
      .commit({ accounts: [], transactions: [], removed: ["x"], cursor: "zebra" }),
  ),
  "import-file.findConnectionOfFile": finds(null, (who) => importFile.findConnectionOfFile(who, "plaid", ["acc-1"])),
  "import-file.previewImport": notFound((who, { connectionId }) =>
    importFile.previewImport(who, connectionId, reading),
  ),
  "import-file.commitImport": notFound((who, { connectionId }) =>
    importFile.commitImport(who, connectionId, { name: "zebra.csv", digest: "zebra", reading }),
  ),
  "merge-log.splitMerge: a sorting": notFound((who, { sortingId }) => mergeLog.splitMerge(who, sortingId)),
  "merge-log.splitMerge: a double": notFound((who, { doubleMergeId }) => mergeLog.splitMerge(who, doubleMergeId)),
  "merge-log.splitMerge: an account": notFound((who, { accountMergeId }) => mergeLog.splitMerge(who, accountMergeId)),
  "accounts.setAccountHidden": notFound((who, { accountId }) => accounts.setAccountHidden(who, accountId, true)),
  "accounts.nameAccount": notFound((who, { accountId }) => accounts.nameAccount(who, accountId, "Zebra box")),
  "forget-accounts.forgetAccounts": finds(undefined, (who, { connectionId }) =>
    inTransaction((client) => forgetAccounts.forgetAccounts(client, who, connectionId)),
  ),
  "rules.deleteRule": notFound((who, { ruleId }) => rules.deleteRule(who, ruleId)),
};

const spared = [
  // Parts of a transaction that `financeStore`, `commitImport`, `applyRules` and the functions of categories have begun.
  ...["finance-store.storeChange", "finance-store.keepCursor", "merge-doubles.mergeDoubles"],
  ...["merge-doubles.recogniseAccounts", "write-transactions.writeTransactions", "write-transactions.replacePending"],
  ...["write-transactions.removeTransactions", "write-transactions.listMissing"],
  ...["rules.readRules", "categories.changeSorting"],
  // Make SQL, errors and shapes; they ask for nothing.
  ...["transaction-filter.conditionOf", "transaction-row.toTransactionView", "transaction-row.toExactInteger"],
  "transactions.transactionNotFound",
];

const rooms: Record<string, object> = {
  accounts,
  "apply-rules": applyRules,
  categories,
  "finance-store": financeStore,
  "forget-accounts": forgetAccounts,
  "import-file": importFile,
  "merge-doubles": mergeDoubles,
  "merge-log": mergeLog,
  rules,
  summaries,
  "transaction-filter": transactionFilter,
  "transaction-row": transactionRow,
  transactions,
  "write-transactions": writeTransactions,
};

let database: Awaited<ReturnType<typeof testDatabase>>;
let mine: Planted;
beforeAll(async () => {
  database = await testDatabase();
  mine = await plant();
});
afterAll(() => database.close());

async function plant(): Promise<Planted> {
  const owner = await testUser();
  const bank = { institution: "Zebra Bank", mask: "1234" };
  const bought = transaction({ merchant: "ZEBRA SHOP" });
  const connectionId = await testConnection(owner, { title: "Zebra Bank" });
  const store = financeStore.financeStore(owner, connectionId);
  await store.commit({
    accounts: [account({ ...bank, name: "Zebra" })],
    transactions: [bought, transaction({ id: "x", merchant: "ZEBRA ZOO", amount: money(-77) })],
    removed: [],
    cursor: "zebra",
  });
  const again = financeStore.financeStore(owner, await testConnection(owner, { title: "Zebra Bank" }));
  await again.commit({ accounts: [account(bank)], transactions: [bought], removed: [], cursor: null });
  const { transactions: rows, next } = await transactions.listTransactions(owner, {}, { limit: 1 });
  const { id: ruleId } = await rules.addRule(owner, { pattern: "zebra shop", company: "Zebra", category: "Zebra" });
  const { undoId } = await categories.setCategories(owner, [rows[0]?.id ?? ""], { category: "Zebra" });
  const accountMerge = (await mergeLog.listMerges(owner)).find(({ kind }) => kind === "accounts");
  const [double] = await mergeLog.listMergedTransactions(owner, accountMerge?.id ?? "");
  return {
    ...{ owner, connectionId, ruleId, cursor: next ?? "", sortingId: undoId ?? "" },
    accountId: rows[0]?.accountId ?? "",
    transactionId: rows[0]?.id ?? "",
    accountMergeId: accountMerge?.id ?? "",
    doubleMergeId: double?.id ?? "",
  };
}

async function outcomeOf(asked: Promise<unknown>): Promise<unknown> {
  try {
    return { found: await asked };
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    return { refused: cause.code };
  }
}

describe("somebody else's money", () => {
  it("was asked for through every file and every function there is", () => {
    const files = readdirSync(import.meta.dirname).filter((name) => !/\.test\.|^testing/.test(name));
    expect(Object.keys(rooms).sort()).toEqual(files.map((name) => name.replace(".ts", "")).sort());
    const exported = Object.entries(rooms).flatMap(([room, functions]) =>
      Object.entries(functions).flatMap(([name, value]) => (typeof value === "function" ? `${room}.${name}` : [])),
    );
    const asked = new Set(Object.keys(attempts).map((name) => name.split(":")[0] ?? name));
    expect([...asked, ...spared].sort()).toEqual(exported.sort());
    expect(Object.values(mine)).not.toContain("");
  });

  it.each(Object.keys(attempts))("answers like money that is not there: %s", async (name) => {
    const attempt = attempts[name];
    const before = await readMoneyRows(mine.owner);
    const outcome = await outcomeOf(attempt?.ask(await testUser(), mine) ?? Promise.resolve());
    if (attempt?.expected === "own") expect(outcome).toHaveProperty("found");
    else expect(outcome).toEqual(attempt?.expected);
    expect(JSON.stringify(outcome).toLowerCase()).not.toContain("zebra");
    expect(await readMoneyRows(mine.owner)).toEqual(before);
  });

  it("is shown from a stranger's cursor to nobody", async () => {
    expect(await transactions.listTransactions(await testUser(), {}, { cursor: mine.cursor })).toMatchObject({
      transactions: [],
    });
  });

  // Otherwise an attempt might find nothing because it asks in the wrong way.
  it.each(Object.keys(attempts).filter((name) => attempts[name]?.expected !== "own"))(
    "is there for its owner: %s",
    async (name) => {
      const attempt = attempts[name];
      const rows = await readMoneyRows(mine.owner);
      const outcome = await outcomeOf(attempt?.ask(mine.owner, mine) ?? Promise.resolve());
      expect({ outcome, rows: await readMoneyRows(mine.owner) }).not.toEqual({ outcome: attempt?.expected, rows });
    },
  );
});
