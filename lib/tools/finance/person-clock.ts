import { dayIn } from "@/lib/contracts/day";
import { AppError } from "@/lib/contracts/errors";
import type { AccountView, Provenance, TransactionFilter } from "@/lib/contracts/finance";
import { formatMinor, minorDigits } from "@/lib/contracts/money";
import type { ToolContext } from "@/lib/contracts/tool";
import { listAccounts } from "@/lib/db/finance/accounts";
import { splitWords } from "@/lib/finance/split-words";
import { type PeriodWord, type Period, resolvePeriod } from "@/lib/finance/period";
import { describeProvenance } from "@/lib/finance/provenance";

export type Clock = () => Date;

/** The person's money as a tool needs it: their accounts, and what day it is for them. */
export interface MoneyContext {
  accounts: AccountView[];
  today: string;
  describe(provenance: Provenance): string;
  period(asked: { period?: PeriodWord; from?: string; to?: string }, fallback: PeriodWord): Period;
}

/** @throws AppError not-found, with what to do, when the person has no account */
export async function readMoneyContext(
  { viewer, timeZone }: Pick<ToolContext, "viewer" | "timeZone">,
  clock: Clock,
): Promise<MoneyContext> {
  const accounts = await listAccounts(viewer);
  if (accounts.length === 0)
    throw new AppError("not-found", "Burgeon knows none of your accounts yet.", {
      hint: "Connect a bank on Connections or import a file on Money.",
    });
  const now = clock();
  const today = dayIn(now, timeZone);
  return {
    accounts: accounts.filter(({ isHidden }) => !isHidden),
    today,
    describe: (provenance) => describeProvenance(provenance, { timeZone, now }),
    period: (asked, fallback) => resolvePeriod(asked, today, fallback),
  };
}

/**
 * The account that a person means by its id, its last digits or words of its name or bank.
 * @throws AppError not-found or conflict when it is none or more than one
 */
export function findAccount(accounts: readonly AccountView[], wanted: string): AccountView {
  const byId = accounts.find(({ id, mergedIds }) => id === wanted || mergedIds.includes(wanted));
  if (byId) return byId;
  const asked = splitWords(wanted).filter((word) => !["account", "my", "the"].includes(word));
  const called = (nameOf: (account: AccountView) => string) =>
    accounts.filter((account) => {
      const { institution, mask, type } = account;
      const words = new Set(splitWords(`${nameOf(account)} ${institution ?? ""} ${mask ?? ""} ${type}`));
      return asked.length > 0 && asked.every((word) => words.has(word));
    });
  const own = called(({ name }) => name);
  // A person may still use the bank's name for what they call otherwise here.
  const found = own.length > 0 ? own : called(({ sourceName }) => sourceName);
  const [first] = found;
  if (first && found.length === 1) return first;
  throw new AppError(
    found.length === 0 ? "not-found" : "conflict",
    found.length === 0 ? "None of your accounts is called that." : "Several of your accounts are called that.",
    { hint: "Give an account_id of list_accounts." },
  );
}

/** An amount for the model: exact, and as a person reads it. */
export function toMoney(amountMinor: number, currency: string) {
  return { amount_minor: amountMinor, currency, text: formatMinor(amountMinor, currency) };
}

/**
 * An amount as it is said, "100", in minor units of the currency it must be of.
 * @throws AppError invalid where the accounts have currencies of different digits and none is named
 */
export function toMinorOf(
  amount: number | undefined,
  accounts: readonly AccountView[],
  { currency }: Pick<TransactionFilter, "currency">,
): number | undefined {
  if (amount === undefined) return undefined;
  const digits = new Set((currency ? [currency] : accounts.map((account) => account.currency)).map(minorDigits));
  const [first = 2] = digits;
  if (digits.size > 1)
    throw new AppError("invalid", "An amount alone says too little: your accounts have several currencies.", {
      hint: "Name the currency, such as CAD.",
    });
  return Math.round(amount * 10 ** first);
}
