import { z } from "zod";
import type { SourceAccount, SourceTransaction } from "../../contracts/adapter";
import { financialAccountSchema, financialTransactionSchema } from "../../contracts/canonical";
import { findDigits, toMinor } from "./money";

/** Of Plaid's fields those that are used. Everything else may be there or not. */
export const plaidAccountSchema = z.object({
  account_id: z.string().min(1),
  balances: z.object({
    available: z.number().nullish(),
    current: z.number().nullish(),
    limit: z.number().nullish(),
    iso_currency_code: z.string().nullish(),
    unofficial_currency_code: z.string().nullish(),
  }),
  mask: z.string().nullish(),
  name: z.string(),
  official_name: z.string().nullish(),
  type: z.string(),
  subtype: z.string().nullish(),
  persistent_account_id: z.string().nullish(),
});
export type PlaidAccount = z.input<typeof plaidAccountSchema>;

export const plaidTransactionSchema = z.object({
  transaction_id: z.string().min(1),
  account_id: z.string().min(1),
  amount: z.number(),
  iso_currency_code: z.string().nullish(),
  unofficial_currency_code: z.string().nullish(),
  date: z.iso.date(),
  datetime: z.string().nullish(),
  authorized_date: z.string().nullish(),
  authorized_datetime: z.string().nullish(),
  name: z.string().nullish(),
  merchant_name: z.string().nullish(),
  original_description: z.string().nullish(),
  pending: z.boolean(),
  pending_transaction_id: z.string().nullish(),
  personal_finance_category: z.object({ detailed: z.string().nullish(), primary: z.string().nullish() }).nullish(),
});
export type PlaidTransaction = z.input<typeof plaidTransactionSchema>;

/** What could not be kept and why, in words that hold no amounts. */
interface Skipped {
  id: string;
  reason: string;
}

/**
 * An account of Plaid's as ours. A debt is a negative balance: Plaid counts what is owed on a card or a loan as positive
 * `current`, and a sum over accounts must be what the person has. Null stays null and 0 stays 0.
 */
export function mapAccount(account: PlaidAccount, institution: string | null): SourceAccount {
  const { balances } = account;
  const currency = balances.iso_currency_code ?? null;
  const digits = currency === null ? null : findDigits(currency);
  const money = (amount: number | null | undefined, sign: 1 | -1 = 1) => {
    const minor = amount === null || amount === undefined || digits === null ? null : toMinor(amount, digits);
    return minor === null || currency === null ? null : { amountMinor: applySign(minor, sign), currency };
  };
  const isDebt = account.type === "credit" || account.type === "loan";
  return financialAccountSchema.parse({
    id: account.account_id,
    name: account.name.trim() || account.official_name?.trim() || "Account",
    type: mapType(account.type, account.subtype ?? null),
    balance: money(balances.current, isDebt ? -1 : 1),
    available: money(balances.available),
    limit: money(balances.limit),
    ...(institution ? { institution } : {}),
    ...(account.mask ? { mask: account.mask } : {}),
    ...(account.persistent_account_id ? { persistentId: account.persistent_account_id } : {}),
  });
}

/** When what the person agreed to ends by itself; null where Plaid names no time, as for most banks of North America. */
export function consentEndOf({
  consent_expiration_time: end,
}: {
  consent_expiration_time: string | null;
}): Date | null {
  const at = Date.parse(end ?? "");
  return Number.isNaN(at) ? null : new Date(at);
}

/** A transaction of Plaid's as ours. Its sign is turned: Plaid counts money that leaves as positive. */
export function mapTransaction(transaction: PlaidTransaction): SourceTransaction | Skipped {
  const { transaction_id: id, iso_currency_code: currency } = transaction;
  if (!currency)
    return {
      id,
      reason: transaction.unofficial_currency_code ? "a currency that ISO 4217 does not have" : "no currency",
    };
  const digits = findDigits(currency);
  if (digits === null) return { id, reason: "a currency that ISO 4217 does not have" };
  const minor = toMinor(transaction.amount, digits);
  if (minor === null) return { id, reason: "an amount that cannot be kept exactly" };
  const name = transaction.name?.trim() || "Unknown";
  const merchant = transaction.merchant_name?.trim() || name;
  const description = transaction.original_description?.trim() || (name === merchant ? undefined : name);
  const category = transaction.personal_finance_category;
  const sourceCategory = category?.detailed || category?.primary;
  return financialTransactionSchema.parse({
    id,
    at: mapTime(transaction),
    amount: { amountMinor: applySign(minor, -1), currency },
    merchant,
    accountId: transaction.account_id,
    ...(description ? { description } : {}),
    pending: transaction.pending,
    ...(transaction.pending_transaction_id ? { replacesId: transaction.pending_transaction_id } : {}),
    ...(sourceCategory ? { sourceCategory } : {}),
  });
}

/** Zero has no sign: -0 is not 0 to everyone. */
function applySign(minor: number, sign: 1 | -1): number {
  return minor === 0 ? 0 : minor * sign;
}

/**
 * The instant where the bank knows it, else the day as a day. Banks fill in midnight where they do not know the time
 * (API reference, Transaction.datetime); as an instant that would be the day before for half of the world.
 * The time of the authorisation counts where it was on the same day, so that a transaction stays on the day of its statement.
 */
function mapTime({
  date,
  datetime,
  authorized_date: authorizedDate,
  authorized_datetime: authorizedAt,
}: PlaidTransaction) {
  const candidates = [datetime, authorizedDate === date ? authorizedAt : null];
  for (const text of candidates) {
    if (!text || /T00:00(:00(\.0+)?)?(Z|[+-]00:00)?$/.test(text)) continue;
    const instant = z.iso.datetime({ offset: true }).safeParse(text);
    if (instant.success) return new Date(instant.data).toISOString();
  }
  return date;
}

const cryptoSubtypes = new Set(["crypto exchange", "non-custodial wallet"]);
const checkingSubtypes = new Set(["checking", "cash management", "paypal", "prepaid", "payroll"]);
const savingsSubtypes = new Set(["savings", "money market", "cd", "gic", "hsa", "cash isa", "isa"]);

function mapType(type: string, subtype: string | null): SourceAccount["type"] {
  if (subtype !== null && cryptoSubtypes.has(subtype)) return "crypto";
  if (type === "credit" || type === "loan") return type;
  if (type === "investment" || type === "brokerage") return "investment";
  if (type !== "depository") return "other";
  if (subtype === null || checkingSubtypes.has(subtype)) return "checking";
  return savingsSubtypes.has(subtype) ? "savings" : "other";
}
