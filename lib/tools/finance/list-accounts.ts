import { z } from "zod";
import type { AccountView } from "@/lib/contracts/finance";
import type { Tool } from "@/lib/contracts/tool";
import { defineTool } from "../define-tool";
import { moneyOutputSchema } from "./money-schemas";
import { type Clock, readMoneyContext, toMoney } from "./person-clock";

export const accountOutputSchema = z.object({
  account_id: z.string(),
  name: z.string(),
  type: z.string(),
  institution: z.string().nullable(),
  last_digits: z.string().nullable(),
  balance: moneyOutputSchema.nullable(),
  available: moneyOutputSchema.nullable(),
  credit_limit: moneyOutputSchema.nullable(),
  balance_at: z.string().nullable(),
  connection: z.string().nullable(),
  state: z.string(),
});

/** The accounts Burgeon knows, with balances. */
export function listAccountsTool(clock: Clock): Tool {
  return defineTool({
    name: "list_accounts",
    title: "List bank accounts",
    description:
      "The person's bank, card and other money accounts: name, institution, type, last digits, balance and whether each is connected and up to date. Use get_balances for totals.",
    effect: "read",
    idempotency: "read",
    timeoutMs: 5000,
    quotes: "your bank accounts",
    input: z.strictObject({}),
    output: z.object({ accounts: z.array(accountOutputSchema) }),
    questions: ["Which bank accounts do I have?", "List my accounts", "Show my bank accounts"],
    async execute(_input, person) {
      const { accounts } = await readMoneyContext(person, clock);
      // Names of accounts are a bank's or a file's words.
      return {
        kind: "done",
        output: { accounts: accounts.map(toAccount) },
        tainted: true,
        source: "your bank accounts",
      };
    },
  });
}

export function toAccount(account: AccountView) {
  const money = (amountMinor: number | null) => (amountMinor === null ? null : toMoney(amountMinor, account.currency));
  return {
    account_id: account.id,
    name: account.name,
    type: account.type,
    institution: account.institution,
    last_digits: account.mask,
    balance: money(account.balanceMinor),
    available: money(account.availableMinor),
    credit_limit: money(account.limitMinor),
    balance_at: account.balanceAt,
    connection: account.connection?.title ?? null,
    state: stateOf(account),
  };
}

function stateOf({ connection }: AccountView): string {
  if (!connection || connection.state === "disconnecting") return "no longer connected, history kept";
  return connection.state === "needs_reauth" ? "needs the person to sign in again" : "connected";
}
