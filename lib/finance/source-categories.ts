import { defaultCategories, type TransactionKind } from "@/lib/contracts/finance";

interface Sorted {
  category: string;
  kind: TransactionKind | null;
}

/**
 * What sources call a transaction, by the beginning of their word for it; the longest that fits counts. The names are those of
 * Plaid's personal finance categories (https://plaid.com/documents/pfc-taxonomy-all.csv), primary and detailed.
 */
const byPrefix: Readonly<Record<string, readonly [string, TransactionKind?]>> = {
  INCOME: ["Income", "income"],
  INCOME_INTEREST: ["Income", "interest"],
  INCOME_INTEREST_EARNED: ["Income", "interest"],
  LOAN_DISBURSEMENTS: ["Transfer", "transfer"],
  LOAN_PAYMENTS: ["Banking"],
  LOAN_PAYMENTS_CREDIT_CARD_PAYMENT: ["Transfer", "transfer"],
  TRANSFER_IN: ["Transfer", "transfer"],
  TRANSFER_OUT: ["Transfer", "transfer"],
  BANK_FEES: ["Banking", "fee"],
  BANK_FEES_INTEREST_CHARGE: ["Banking", "interest"],
  ENTERTAINMENT: ["Entertainment"],
  FOOD_AND_DRINK: ["Restaurant"],
  FOOD_AND_DRINK_BEER_WINE_AND_LIQUOR: ["Bar"],
  FOOD_AND_DRINK_COFFEE: ["Coffee"],
  FOOD_AND_DRINK_GROCERIES: ["Groceries"],
  FOOD_AND_DRINK_VENDING_MACHINES: ["Convenience"],
  GENERAL_MERCHANDISE: ["Shopping"],
  GENERAL_MERCHANDISE_CONVENIENCE_STORES: ["Convenience"],
  HOME_IMPROVEMENT: ["Shopping"],
  MEDICAL: ["Health"],
  PERSONAL_CARE: ["Health"],
  GENERAL_SERVICES: ["Other"],
  GENERAL_SERVICES_EDUCATION: ["Education"],
  GOVERNMENT_AND_NON_PROFIT: ["Other"],
  TRANSPORTATION: ["Transit"],
  TRANSPORTATION_GAS: ["Gas"],
  TRANSPORTATION_PARKING: ["Parking"],
  TRANSPORTATION_TAXIS_AND_RIDE_SHARES: ["Rideshare"],
  TRAVEL: ["Travel"],
  RENT_AND_UTILITIES: ["Utilities"],
  RENT_AND_UTILITIES_RENT: ["Rent"],
  RENT_AND_UTILITIES_INTERNET_AND_CABLE: ["Telecom"],
  RENT_AND_UTILITIES_TELEPHONE: ["Telecom"],
};
const ownNames = new Map<string, string>(defaultCategories.map((name) => [name.toLowerCase(), name]));

/** Our category for a source's own word, or null when it says nothing to us. */
export function categoryOfSource(sourceCategory: string): Sorted | null {
  const own = ownNames.get(sourceCategory.trim().toLowerCase());
  if (own) return { category: own, kind: null };
  const parts = sourceCategory
    .trim()
    .toUpperCase()
    .split(/[^A-Z]+/)
    .filter(Boolean);
  for (let length = parts.length; length > 0; length -= 1) {
    const found = byPrefix[parts.slice(0, length).join("_")];
    if (found) return { category: found[0], kind: found[1] ?? null };
  }
  return null;
}
