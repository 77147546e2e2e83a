import type { z } from "zod";
import { AppError } from "@/lib/contracts/errors";
import { type CurrencyTotal, defaultCategories, type TransactionFilter } from "@/lib/contracts/finance";
import type { Viewer } from "@/lib/contracts/viewer";
import { listCategories } from "@/lib/db/finance/transactions";
import type { PeriodWord } from "@/lib/finance/period";
import { fold } from "@/lib/finance/split-words";
import type { whichInput } from "./money-schemas";
import { findAccount, type MoneyContext, toMoney } from "./person-clock";

type Which = { [Name in keyof typeof whichInput]?: z.output<(typeof whichInput)[Name]> };

/**
 * What a tool's input means for this person.
 * @throws AppError when no account or category is called that, or the period ends before it begins
 */
export async function whichTransactions(
  viewer: Viewer,
  context: MoneyContext,
  input: Which,
  fallback: PeriodWord,
): Promise<{ filter: TransactionFilter; period: { from: string | null; to: string | null } }> {
  const period = context.period(input, fallback);
  const category = input.category === undefined ? undefined : await findCategory(viewer, input.category);
  const filter: TransactionFilter = {
    ...(period.from ? { from: period.from } : {}),
    ...(period.to ? { to: period.to } : {}),
    ...(input.search ? { text: input.search } : {}),
    ...(input.account ? { accountId: findAccount(context.accounts, input.account).id } : {}),
    ...(category ? { category } : {}),
    ...(input.kind ? { kind: input.kind } : {}),
    ...(input.currency ? { currency: input.currency } : {}),
  };
  return { filter, period };
}

/** Whatever the case, and "restaurants" for Restaurant. */
async function findCategory(viewer: Viewer, wanted: string): Promise<string> {
  const all = [...new Set([...(await listCategories(viewer)), ...defaultCategories])];
  const plain = fold(wanted.trim());
  const singular = plain.replace(/s$/, "");
  const found =
    all.find((category) => category === wanted) ??
    all.find((category) => fold(category) === plain) ??
    all.find((category) => fold(category).replace(/s$/, "") === singular);
  if (found) return found;
  throw new AppError("not-found", "There is no such category.", {
    hint: `There are: ${all.slice(0, 60).join(", ")}. For a company or a word use search.`,
  });
}

export function toTotal({ currency, count, inMinor, outMinor, netMinor }: CurrencyTotal) {
  return {
    currency,
    count,
    money_in: toMoney(inMinor, currency),
    spent: toMoney(outMinor, currency),
    net: toMoney(netMinor, currency),
  };
}
