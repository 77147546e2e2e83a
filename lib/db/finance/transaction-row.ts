import type { TransactionView } from "@/lib/contracts/finance";

/** Columns of a transaction `t`, of its account `a` and of the account `r` that it was merged into, if any. */
export const transactionColumns = `t.id, COALESCE(r.id, a.id) AS "accountId", COALESCE(r."ownName", a."ownName", r.name, a.name) AS "accountName", t.date::text AS date,
  t.at, t."amountMinor"::float8 AS "amountMinor", t.currency, t.company, t.merchant, t.description, t.category, t.kind,
  t."categoryBy", t."ruleId", t.note, t."isPending"`;

export const accountJoin = `JOIN "FinancialAccount" a ON a.id = t."accountId" LEFT JOIN "FinancialAccount" r ON r.id = a."mergedIntoId"`;

export type TransactionRow = Omit<TransactionView, "at"> & { at: Date | null };

export function toTransactionView({ at, ...row }: TransactionRow): TransactionView {
  return { ...row, at: at?.toISOString() ?? null };
}

/**
 * A sum as PostgreSQL gives it, in digits.
 * @throws RangeError where the number is too large to be exact; no person has so much money
 */
export function toExactInteger(digits: string | null): number {
  const number = Number(digits ?? "0");
  if (!Number.isSafeInteger(number)) throw new RangeError(`${digits} is too large to be exact`);
  return number;
}
