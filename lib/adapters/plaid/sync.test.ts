import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { FinanceStore, SourceTransaction } from "../../contracts/adapter";
import { refreshBalances, syncFinance } from "./sync";
import { createTestIo, type PlaidTest, startPlaidTest } from "./testing-setup";
import { MemoryFinanceStore } from "./testing-store";

let plaid: PlaidTest;
let today = new Date("2026-11-24T12:00:00Z");
beforeEach(async () => {
  today = new Date("2026-11-24T12:00:00Z");
  plaid = await startPlaidTest({ now: () => today, readiness: "at-once" });
});
afterEach(() => plaid.close());

const maple = "ins_900001";

/** What the store must hold: the fake's books with the sign turned. */
function truth(itemId: string): Map<string, { amountMinor: number; pending: boolean }> {
  return new Map(
    plaid.control
      .transactions(itemId)
      .filter(({ currency }) => currency !== null)
      .map(({ id, cents, pending }) => [id, { amountMinor: -cents, pending }]),
  );
}
const held = (store: MemoryFinanceStore) =>
  new Map(
    [...store.transactions].map(([id, { amount, pending }]) => [id, { amountMinor: amount.amountMinor, pending }]),
  );

const accessTokenOf = (itemId: string) =>
  plaid.control.items().find((item) => item.itemId === itemId)?.accessToken ?? "";

describe("a first synchronisation", () => {
  it("brings every account and 14 months of transactions, to the cent, in one commit", async () => {
    plaid.control.setPageLimit(100);
    const { io, key } = await plaid.link(maple);
    const store = new MemoryFinanceStore();
    const report = await syncFinance(plaid.client, io, store);
    expect(report.isComplete).toBe(true);
    expect(store.commits).toHaveLength(1);
    expect(held(store)).toEqual(truth(key));
    expect(store.transactions.size).toBeGreaterThan(500);
    const cents = plaid.control.transactions(key).reduce((sum, transaction) => sum + transaction.cents, 0);
    expect(store.sums()).toEqual({ CAD: -cents });
    expect([...store.accounts.values()].map(({ name, type, institution }) => [name, type, institution])).toEqual([
      ["Everyday Chequing", "checking", "Sample Maple Bank"],
      ["High Interest Savings", "savings", "Sample Maple Bank"],
      ["Visa Infinite", "credit", "Sample Maple Bank"],
    ]);
  });

  it("keeps the balance that the transactions say, and a debt as a negative one", async () => {
    const { io, key } = await plaid.link(maple, { accounts: ["visa"] });
    const store = new MemoryFinanceStore();
    await syncFinance(plaid.client, io, store);
    const posted = plaid.control.transactions(key).filter(({ pending }) => !pending);
    const owed = 48_210 + posted.reduce((sum, { cents }) => sum + cents, 0);
    expect([...store.accounts.values()][0]?.balance).toEqual({ amountMinor: -owed, currency: "CAD" });
  });

  it("leaves out what has no ISO 4217 currency instead of guessing, and keeps yen and dinars exactly", async () => {
    const { io, key } = await plaid.link("ins_900003");
    const store = new MemoryFinanceStore();
    const report = await syncFinance(plaid.client, io, store);
    expect(held(store)).toEqual(truth(key));
    const without = plaid.control.transactions(key).filter(({ currency }) => currency === null);
    expect(without.length).toBeGreaterThan(0);
    expect(report.skipped).toMatchObject({ count: without.length, reasons: [expect.stringContaining("ISO 4217")] });
    expect(Object.keys(store.sums()).sort()).toEqual(["CAD", "JPY", "KWD"]);
    const balances = Object.fromEntries([...store.accounts.values()].map(({ name, balance }) => [name, balance]));
    expect(balances["Coin Wallet"]).toBeNull();
    expect(balances["Old Account"]).toBeNull();
    expect(balances["Student Loan"]?.amountMinor).toBeLessThan(0);
  });
});

describe("a bank that is not ready", () => {
  it("keeps no cursor while nothing is there, is complete when the whole history is", async () => {
    await plaid.close();
    plaid = await startPlaidTest({ now: () => today });
    const { io, key } = await plaid.link(maple);
    const store = new MemoryFinanceStore();
    expect(await syncFinance(plaid.client, io, store)).toMatchObject({ isComplete: false, written: 0 });
    expect(store.kept).toBeNull();
    expect(store.accounts.size).toBe(3);
    expect(await syncFinance(plaid.client, io, store)).toMatchObject({ isComplete: false });
    expect(store.kept).not.toBeNull();
    const days = [...store.transactions.values()].map(({ at }) => at.slice(0, 10)).sort();
    expect(days[0]).toBe("2026-10-26");
    expect(await syncFinance(plaid.client, io, store)).toMatchObject({ isComplete: true });
    expect(held(store)).toEqual(truth(key));
  });

  it("does not lose the cursor it had when a bank is not ready again", async () => {
    const { io, key } = await plaid.link(maple);
    const store = new MemoryFinanceStore();
    await syncFinance(plaid.client, io, store);
    const { kept } = store;
    plaid.control.setReadiness(key, "not-ready");
    await syncFinance(plaid.client, io, store);
    expect(store.kept).toBe(kept);
  });
});

describe("changes at the bank", () => {
  it("posts what was pending under its new id, and names the old one, so that nothing counts twice", async () => {
    const { io, key } = await plaid.link(maple);
    const store = new MemoryFinanceStore();
    await syncFinance(plaid.client, io, store);
    const pending = [...store.transactions.values()].filter((transaction) => transaction.pending);
    expect(pending.length).toBeGreaterThan(0);
    const first = pending[0] as SourceTransaction;
    store.notes.set(first.id, "for the trip");
    const postedId = plaid.control.post(first.id);
    await syncFinance(plaid.client, io, store);
    expect(store.transactions.has(first.id)).toBe(false);
    expect(store.transactions.get(postedId)).toMatchObject({ pending: false, replacesId: first.id });
    expect(store.notes.get(postedId)).toBe("for the trip");
    expect(held(store)).toEqual(truth(key));
  });

  it("follows the days: what was pending is posted, and new days come", async () => {
    const { io, key } = await plaid.link(maple);
    const store = new MemoryFinanceStore();
    await syncFinance(plaid.client, io, store);
    today = new Date("2026-12-24T12:00:00Z");
    await syncFinance(plaid.client, io, store);
    expect(held(store)).toEqual(truth(key));
    const latest =
      [...store.transactions.values()]
        .map(({ at }) => at.slice(0, 10))
        .sort()
        .at(-1) ?? "";
    expect(latest > "2026-12-20").toBe(true);
  });

  it("takes changed and removed ones, also those it never saw", async () => {
    const { io, key } = await plaid.link(maple);
    const store = new MemoryFinanceStore();
    await syncFinance(plaid.client, io, store);
    const added = plaid.control.add(key, { account: "visa", cents: 1_234 });
    const unseen = plaid.control.add(key, { account: "visa", cents: 99 });
    plaid.control.remove(unseen);
    const gone = plaid.control.transactions(key)[10]?.id ?? "";
    plaid.control.remove(gone);
    const changed = plaid.control.transactions(key)[20]?.id ?? "";
    plaid.control.modify(changed, { cents: 30, merchant: "Corner Store" });
    await syncFinance(plaid.client, io, store);
    expect(store.transactions.get(added)?.amount.amountMinor).toBe(-1_234);
    expect(store.transactions.has(unseen)).toBe(false);
    expect(store.transactions.has(gone)).toBe(false);
    expect(store.transactions.get(changed)).toMatchObject({ merchant: "Corner Store" });
    expect(held(store)).toEqual(truth(key));
  });
});

describe("trouble while reading", () => {
  it("throws the pages away and starts again from the first cursor when data changed on page three", async () => {
    plaid.control.setPageLimit(50);
    const { io, key } = await plaid.link(maple);
    plaid.control.fail({ kind: "mutation", path: "/transactions/sync", skip: 2 });
    const store = new MemoryFinanceStore();
    await syncFinance(plaid.client, io, store);
    const cursors = plaid.control.requests
      .filter(({ path }) => path === "/transactions/sync")
      .map(({ body }) => body.cursor);
    expect(cursors.slice(0, 5).map((cursor) => cursor === undefined)).toEqual([true, false, false, true, false]);
    expect(store.commits).toHaveLength(1);
    expect(held(store)).toEqual(truth(key));
  });

  it("starts again from where the last synchronisation ended, not from the beginning", async () => {
    const { io, key } = await plaid.link(maple);
    const store = new MemoryFinanceStore();
    await syncFinance(plaid.client, io, store);
    const { kept } = store;
    plaid.control.setPageLimit(2);
    for (let times = 0; times < 6; times++) plaid.control.add(key, { account: "visa", cents: 100 + times });
    plaid.control.fail({ kind: "mutation", path: "/transactions/sync", skip: 2 });
    const before = plaid.control.requests.length;
    expect(await syncFinance(plaid.client, io, store)).toMatchObject({ written: 6 });
    const asked = plaid.control.requests.slice(before).filter(({ path }) => path === "/transactions/sync");
    expect(asked.map(({ body }) => body.cursor === kept)).toEqual([true, false, false, true, false, false]);
    expect(held(store)).toEqual(truth(key));
  });

  it("takes what the last page says of a transaction that was removed on one page and is back on another", async () => {
    const { io, key } = await plaid.link(maple);
    const page = await plaid.client.call(
      (api) => api.transactionsSync({ access_token: accessTokenOf(key), count: 2 }),
      io,
    );
    const [one, other] = page.added;
    const empty = { ...page, added: [], modified: [], removed: [] };
    const gone = (id = "") => [{ transaction_id: id, account_id: "" }];
    const pages = [
      { ...empty, added: [other], removed: gone(one?.transaction_id), next_cursor: "1", has_more: true },
      { ...empty, added: [one], removed: gone(other?.transaction_id), next_cursor: "2", has_more: false },
    ];
    const accounts = await plaid.client.call((api) => api.accountsGet({ access_token: accessTokenOf(key) }), io);
    const answers: unknown[] = [...pages, accounts];
    const store = new MemoryFinanceStore();
    await syncFinance({ ...plaid.client, call: async () => answers.shift() as never }, io, store);
    expect([...store.transactions.keys()]).toEqual([one?.transaction_id]);
    expect(store.commits[0]?.removed).toEqual([other?.transaction_id]);
  });

  it("does not follow a list of pages that has no end", async () => {
    const { io } = await plaid.link(maple);
    const page = {
      added: [],
      modified: [],
      removed: [],
      next_cursor: "same",
      has_more: true,
      transactions_update_status: "",
    };
    const store = new MemoryFinanceStore();
    let asked = 0;
    const call = async () => {
      asked++;
      return page as never;
    };
    const endless = syncFinance({ ...plaid.client, call }, io, store);
    await expect(endless).rejects.toMatchObject({ code: "unavailable" });
    expect(asked).toBe(2);
    expect(store.commits).toHaveLength(0);
  });

  it("notices a real change between two pages", async () => {
    plaid.control.setPageLimit(200);
    const { io, key } = await plaid.link(maple);
    const store = new MemoryFinanceStore();
    plaid.control.fail({ kind: "hold", path: "/transactions/sync", skip: 1 });
    const running = syncFinance(plaid.client, io, store);
    await expect.poll(() => plaid.control.requests.filter(({ path }) => path === "/transactions/sync").length).toBe(2);
    plaid.control.add(key, { account: "chequing", cents: 777 });
    plaid.control.release();
    await running;
    expect(held(store)).toEqual(truth(key));
  });

  it("gives up after some tries when the data never stands still, and keeps nothing", async () => {
    plaid.control.setPageLimit(50);
    const { io } = await plaid.link(maple);
    plaid.control.fail({ kind: "mutation", path: "/transactions/sync", times: 100 });
    const store = new MemoryFinanceStore();
    await expect(syncFinance(plaid.client, io, store)).rejects.toMatchObject({ code: "conflict" });
    expect(store.commits).toHaveLength(0);
    expect(plaid.control.requests.filter(({ path }) => path === "/transactions/sync").length).toBeLessThan(10);
  });

  it("keeps nothing when a later page fails, and everything the next time", async () => {
    plaid.control.setPageLimit(100);
    const { io, key } = await plaid.link(maple);
    plaid.control.fail({ kind: "institutionDown", path: "/transactions/sync", skip: 3 });
    const store = new MemoryFinanceStore();
    await expect(syncFinance(plaid.client, io, store)).rejects.toMatchObject({ code: "unavailable" });
    expect(store.commits).toHaveLength(0);
    await syncFinance(plaid.client, io, store);
    expect(held(store)).toEqual(truth(key));
  });

  it("reads everything again when Plaid knows the cursor no more", async () => {
    const { io, key } = await plaid.link(maple);
    const other = await plaid.link("ins_900002");
    const store = new MemoryFinanceStore();
    await syncFinance(plaid.client, other.io, store);
    store.transactions.clear();
    await syncFinance(plaid.client, io, store);
    expect(held(store)).toEqual(truth(key));
  });

  it("stops between pages when it is told to", async () => {
    plaid.control.setPageLimit(10);
    const { accessToken } = await plaid.link(maple);
    const stop = new AbortController();
    plaid.control.fail({ kind: "hold", path: "/transactions/sync", skip: 1 });
    const store = new MemoryFinanceStore();
    const running = syncFinance(plaid.client, createTestIo(accessToken, { signal: stop.signal }), store);
    await expect.poll(() => plaid.control.requests.filter(({ path }) => path === "/transactions/sync").length).toBe(2);
    stop.abort(new Error("told to stop"));
    await expect(running).rejects.toThrow("told to stop");
    plaid.control.release();
    expect(store.commits).toHaveLength(0);
  });
});

it("brings fresh balances without touching transactions or the cursor", async () => {
  const { io, key } = await plaid.link(maple);
  const store = new MemoryFinanceStore();
  await syncFinance(plaid.client, io, store);
  const before = { kept: store.kept, size: store.transactions.size };
  plaid.control.add(key, { account: "chequing", cents: 1_000 });
  const chequing = () =>
    [...store.accounts.values()].find(({ type }) => type === "checking")?.balance?.amountMinor ?? 0;
  const then = chequing();
  await refreshBalances(plaid.client, io, store satisfies FinanceStore);
  expect(chequing()).toBe(then - 1_000);
  expect({ kept: store.kept, size: store.transactions.size }).toEqual(before);
});
