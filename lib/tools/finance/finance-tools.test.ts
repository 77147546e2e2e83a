import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ToolContext } from "@/lib/contracts/tool";
import type { Viewer } from "@/lib/contracts/viewer";
import { pool } from "@/lib/db/client";
import { listAccounts, nameAccount } from "@/lib/db/finance/accounts";
import { account, money, sync, testConnection, transaction } from "@/lib/db/finance/testing-money";
import { testDatabase, testUser } from "@/lib/db/testing";
import { financeTools } from "./finance-tools";

let database: Awaited<ReturnType<typeof testDatabase>>;
let viewer: Viewer;
let connectionId: string;
// In Toronto it is still the last day of November.
const tools = financeTools(() => new Date("2026-12-01T03:00:00Z"));
beforeAll(async () => {
  database = await testDatabase();
  viewer = await testUser();
  connectionId = await testConnection(viewer, { title: "Chase" });
  await sync(viewer, connectionId, {
    accounts: [
      account({ institution: "Chase", mask: "1234" }),
      account({ id: "acc-2", name: "Visa", type: "credit", balance: money(-30_000), mask: "9999" }),
      account({ id: "acc-3", name: "Yen", balance: money(5000, "JPY") }),
    ],
    transactions: [
      ...Array.from({ length: 30 }, (_, n) =>
        transaction({ id: `c${n}`, at: `2026-11-${String(n + 1).padStart(2, "0")}` }),
      ),
      transaction({
        id: "metro",
        merchant: "METRO 12 OTTAWA ON",
        at: "2026-11-05",
        amount: money(-9000),
        accountId: "acc-2",
      }),
      transaction({ id: "pay", merchant: "ACME PAYROLL", at: "2026-10-31", amount: money(250_000) }),
      transaction({
        id: "card",
        merchant: "PAYMENT THANK YOU",
        at: "2026-11-06",
        amount: money(9000),
        accountId: "acc-2",
      }),
      transaction({
        id: "ramen",
        merchant: "Ramen",
        at: "2026-11-07",
        amount: money(-1200, "JPY"),
        accountId: "acc-3",
      }),
    ],
  });
});
afterAll(() => database.close());

async function call(name: string, input: unknown, who = viewer) {
  const tool = tools.find((one) => one.name === name);
  if (!tool) throw new Error(`no tool ${name}`);
  const context: ToolContext = {
    ...{
      viewer: who,
      timeZone: "America/Toronto",
      runId: "run_1",
      conversationId: "conv_1",
      callId: "call_1",
      idempotencyKey: "k",
    },
    ...{ signal: new AbortController().signal, taintedBy: null, target: null, progress: () => undefined },
  };
  const outcome = await tool.execute(tool.input.parse(input), context);
  if (outcome.kind !== "done") throw new Error("it waits");
  return { ...outcome, output: tool.output.parse(outcome.output) as Record<string, never> };
}

describe("the tools for money", () => {
  it("only read", () => {
    expect(tools.map(({ name, effect }) => [name, effect])).toEqual([
      ["list_accounts", "read"],
      ["get_balances", "read"],
      ["list_transactions", "read"],
      ["query_finance", "read"],
    ]);
  });

  it.each(["list_accounts", "get_balances", "list_transactions", "query_finance"])(
    "%s says what to do where nothing is connected",
    async (name) => {
      await expect(call(name, {}, await testUser())).rejects.toMatchObject({
        code: "not-found",
        hint: "Connect a bank on Connections or import a file on Money.",
      });
    },
  );

  it("list_accounts tells balances exactly and as people read them", async () => {
    const { output, tainted } = await call("list_accounts", {});
    expect(tainted).toBe(true);
    expect(output.accounts).toMatchObject([
      {
        name: "Chequing",
        last_digits: "1234",
        state: "connected",
        balance: { amount_minor: 100_000, text: "CA$1,000.00" },
      },
      { name: "Visa", type: "credit" },
      { name: "Yen", balance: { amount_minor: 5000, currency: "JPY", text: "¥5,000" } },
    ]);
  });

  it("get_balances adds up by currency, and what is owed by itself", async () => {
    const { output } = await call("get_balances", {});
    expect(output.totals).toMatchObject([
      {
        currency: "CAD",
        have: { amount_minor: 100_000 },
        owe: { amount_minor: 30_000 },
        net: { amount_minor: 70_000 },
      },
      { currency: "JPY", have: { amount_minor: 5000 }, owe: { amount_minor: 0 } },
    ]);
    expect((await call("get_balances", { account: "my visa account" })).output.accounts).toHaveLength(1);
    await expect(call("get_balances", { account: "Savings" })).rejects.toMatchObject({ code: "not-found" });
    await expect(call("get_balances", { account: "checking" })).rejects.toMatchObject({ code: "conflict" });
  });

  it("know an account by the person's own name for it, and still by its bank's", async () => {
    const [chequing] = await listAccounts(viewer);
    await nameAccount(viewer, chequing?.id ?? "", "Household");
    const ask = async (account: string) => (await call("get_balances", { account })).output.accounts;
    for (const account of ["household", "chequing"]) expect(await ask(account)).toMatchObject([{ name: "Household" }]);
    const { output } = await call("list_transactions", { account: "household", limit: 1 });
    expect(output.transactions).toMatchObject([{ account: "Household" }]);
    await nameAccount(viewer, chequing?.id ?? "", null);
  });

  it("list_transactions tells what all that fit come to, not only those it lists", async () => {
    const { output, tainted } = await call("list_transactions", { search: "starbucks", limit: 2 });
    expect(output).toMatchObject({
      total: 30,
      totals: [{ currency: "CAD", spent: { amount_minor: 13_500, text: "CA$135.00" } }],
      transactions: [
        { date: "2026-11-30", company: "Starbucks", amount: { text: "-CA$4.50" } },
        { date: "2026-11-29" },
      ],
      provenance: expect.stringMatching(/^30 transactions from 1 account, synced /),
    });
    expect(tainted).toBe(true);
    const next = await call("list_transactions", { search: "starbucks", limit: 2, cursor: output.next_cursor });
    expect(next.output.transactions).toMatchObject([{ date: "2026-11-28" }, { date: "2026-11-27" }]);
  });

  it("list_transactions finds the largest expenses, amounts as they are said", async () => {
    const asked = { kind: "expense", sort: "amount", currency: "CAD", limit: 1 };
    expect((await call("list_transactions", asked)).output.transactions).toMatchObject([{ company: "Metro" }]);
    const over = { min_amount: 50, currency: "CAD", kind: "expense" };
    expect((await call("list_transactions", over)).output.total).toBe(1);
    await expect(call("list_transactions", { min_amount: 50 })).rejects.toMatchObject({ code: "invalid" });
  });

  it("query_finance sums this month where the person is, by category, each currency on its own", async () => {
    const { output, tainted } = await call("query_finance", {});
    expect(output).toMatchObject({
      period: { from: "2026-11-01", to: "2026-11-30" },
      count: 32,
      totals: [
        { currency: "CAD", spent: { amount_minor: 22_500 }, money_in: { amount_minor: 0 } },
        { currency: "JPY", spent: { amount_minor: 1200, text: "¥1,200" } },
      ],
      groups: [
        { name: "Coffee", count: 30, totals: [{ share: 0.6 }] },
        { name: "Groceries", totals: [{ share: 0.4 }] },
        { name: "Restaurant" },
      ],
    });
    expect(output.provenance).toContain("leaves out 1 transfer between your own accounts");
    expect(tainted).toBe(false);
  });

  it("query_finance takes a category in any case and says which there are", async () => {
    const { output } = await call("query_finance", { category: "restaurants", period: "this_year", group_by: "month" });
    expect(output).toMatchObject({ count: 1, groups: [{ name: "2026-11" }] });
    await expect(call("query_finance", { category: "Zebras" })).rejects.toMatchObject({
      hint: expect.stringContaining("Groceries"),
    });
  });

  it("query_finance takes what holds names from outside for what it is", async () => {
    expect((await call("query_finance", { group_by: "company" })).tainted).toBe(true);
    await pool().query(
      `UPDATE "Connection" SET state = 'needs_reauth', "lastGoodAt" = '2026-09-03T12:00:00Z' WHERE id = $1`,
      [connectionId],
    );
    const { output, tainted } = await call("query_finance", {});
    expect(output.provenance).toContain("excludes Chase since 3 Sep");
    expect(tainted).toBe(true);
  });
});
