import { z } from "zod";
import type { Tool } from "@/lib/contracts/tool";
import { defineTool } from "../define-tool";
import { accountOutputSchema, toAccount } from "./list-accounts";
import { moneyOutputSchema } from "./money-schemas";
import { findAccount, type Clock, readMoneyContext, toMoney } from "./person-clock";

/** What there is and what is owed, by currency. */
export function getBalancesTool(clock: Clock): Tool {
  return defineTool({
    name: "get_balances",
    title: "Look up balances",
    description:
      "Balances of the person's accounts as their banks last told them, and totals for each currency: what they have, what they owe (cards, loans) and the difference. Totals are exact: repeat them, never add up yourself, and never add two currencies.",
    effect: "read",
    idempotency: "read",
    timeoutMs: 5000,
    quotes: "your bank accounts",
    input: z.strictObject({
      account: z
        .string()
        .trim()
        .min(1)
        .max(100)
        .optional()
        .describe("name, last digits or account_id; all when left out"),
    }),
    output: z.object({
      totals: z.array(
        z.object({
          currency: z.string(),
          have: moneyOutputSchema,
          owe: moneyOutputSchema,
          net: moneyOutputSchema,
          accounts: z.int(),
        }),
      ),
      accounts: z.array(accountOutputSchema),
      without_balance: z.array(z.string()),
    }),
    questions: [
      "What is my balance?",
      "How much money do I have?",
      "What is the balance of my {account} account?",
      "How much do I owe?",
    ],
    async execute({ account }, person) {
      const { accounts } = await readMoneyContext(person, clock);
      const wanted = account === undefined ? accounts : [findAccount(accounts, account)];
      const totals = new Map<string, { have: number; owe: number; accounts: number }>();
      for (const { currency, balanceMinor } of wanted) {
        if (balanceMinor === null) continue;
        const total = totals.get(currency) ?? { have: 0, owe: 0, accounts: 0 };
        total.accounts += 1;
        if (balanceMinor < 0) total.owe -= balanceMinor;
        else total.have += balanceMinor;
        totals.set(currency, total);
      }
      const output = {
        totals: [...totals].map(([currency, { have, owe, accounts: count }]) => ({
          currency,
          have: toMoney(have, currency),
          owe: toMoney(owe, currency),
          net: toMoney(have - owe, currency),
          accounts: count,
        })),
        accounts: wanted.map(toAccount),
        without_balance: wanted.filter(({ balanceMinor }) => balanceMinor === null).map(({ name }) => name),
      };
      return { kind: "done", output, tainted: true, source: "your bank accounts" };
    },
  });
}
