import { z } from "zod";

/** What happened to money. Transfers move it between one's own accounts and are neither income nor spending. */
export const transactionKinds = ["income", "expense", "transfer", "refund", "fee", "interest"] as const;
export const transactionKindSchema = z.enum(transactionKinds);
export type TransactionKind = z.infer<typeof transactionKindSchema>;

/** The categories of the rules that Burgeon starts with. A person may use others: a category is any short text. */
export const defaultCategories = [
  ...["Food Delivery", "Rideshare", "Shopping", "Software", "Telecom", "Utilities", "Gas", "Coffee", "Groceries"],
  ...["Convenience", "Transit", "Travel", "Entertainment", "Bar", "Restaurant", "Education", "Health", "Parking"],
  ...["Banking", "Transfer", "Rent", "Income", "Other"],
] as const;
export const categorySchema = z.string().trim().min(1).max(60);

const currency = z.string().regex(/^[A-Z]{3}$/);
const day = z.iso.date();
const instant = z.iso.datetime();

/** Money by currency: integers of the minor unit, and never one number across currencies. */
export const currencyTotalSchema = z.object({
  currency,
  /** Transactions of this currency. */
  count: z.int(),
  /** Income and interest received. */
  inMinor: z.int(),
  /** Spent: expenses, fees and interest paid, less refunds. Positive is money spent. */
  outMinor: z.int(),
  /** In less out. */
  netMinor: z.int(),
});
export type CurrencyTotal = z.infer<typeof currencyTotalSchema>;

export const accountTypes = ["checking", "savings", "credit", "investment", "loan", "crypto", "other"] as const;

export const accountViewSchema = z.object({
  id: z.string(),
  /** As the person calls it, else as its bank does. */
  name: z.string(),
  /** As its bank or file calls it. */
  sourceName: z.string(),
  type: z.enum(accountTypes),
  currency,
  /** What is owed is negative; null where the source does not say. */
  balanceMinor: z.int().nullable(),
  availableMinor: z.int().nullable(),
  limitMinor: z.int().nullable(),
  balanceAt: instant.nullable(),
  institution: z.string().nullable(),
  mask: z.string().nullable(),
  isHidden: z.boolean(),
  /** Null: it is no longer connected, and its history was kept. */
  connection: z.object({ id: z.string(), adapter: z.string(), title: z.string(), state: z.string() }).nullable(),
  /** When its transactions were last read. */
  syncedAt: instant.nullable(),
  /** The same account, linked anew, is shown as one: the ids of its other rows. */
  mergedIds: z.array(z.string()),
});
export type AccountView = z.infer<typeof accountViewSchema>;

export const transactionViewSchema = z.object({
  id: z.string(),
  accountId: z.string(),
  accountName: z.string(),
  date: day,
  /** Where the source knows the time. */
  at: instant.nullable(),
  /** Positive is money in. */
  amountMinor: z.int(),
  currency,
  /** Who it is, as people call them. */
  company: z.string(),
  /** As the source calls it. */
  merchant: z.string(),
  description: z.string().nullable(),
  category: z.string(),
  kind: transactionKindSchema,
  categoryBy: z.enum(["rule", "source", "person"]),
  ruleId: z.string().nullable(),
  note: z.string().nullable(),
  isPending: z.boolean(),
});
export type TransactionView = z.infer<typeof transactionViewSchema>;

export const transactionSorts = ["date", "amount", "merchant"] as const;

/** Which transactions. Dates include their ends. */
export const transactionFilterSchema = z.object({
  /**
   * Words that all must occur, the last letters of each may be missing; case and accents make no difference. "phrases", or, and
   * -without are understood.
   */
  text: z.string().trim().min(1).max(200).optional(),
  accountId: z.string().max(100).optional(),
  category: z.string().max(60).optional(),
  /** The company's exact name. */
  company: z.string().max(200).optional(),
  kind: transactionKindSchema.optional(),
  currency: currency.optional(),
  from: day.optional(),
  to: day.optional(),
  /** Bounds of the amount, whether it came or went. */
  minMinor: z.int().nonnegative().optional(),
  maxMinor: z.int().nonnegative().optional(),
  isPending: z.boolean().optional(),
});
export type TransactionFilter = z.infer<typeof transactionFilterSchema>;

export const transactionPageSchema = z.object({
  transactions: z.array(transactionViewSchema),
  /** Cursor of the page after this one; null on the last. */
  next: z.string().nullable(),
  /** Cursor of the page before this one; null on the first. */
  previous: z.string().nullable(),
});
export type TransactionPage = z.infer<typeof transactionPageSchema>;

/** What a figure stands on, so that nobody has to believe it. */
export const provenanceSchema = z.object({
  transactionCount: z.int(),
  accountCount: z.int(),
  /** The oldest of the last good synchronisations of the accounts that are up to date; null when there is none. */
  syncedAt: instant.nullable(),
  /** Transfers between one's own accounts that the sums leave out. */
  transfersLeftOut: z.int(),
  /** Accounts that are not up to date, and since when. */
  excluded: z.array(
    z.object({
      title: z.string(),
      since: instant.nullable(),
      reason: z.enum(["sign-in-again", "trouble", "disconnected"]),
    }),
  ),
});
export type Provenance = z.infer<typeof provenanceSchema>;

export const summaryGroups = ["category", "company", "account", "month", "year", "kind"] as const;

export const summarySchema = z.object({
  groupBy: z.enum(summaryGroups),
  /** Largest spending first; months and years in their order. */
  groups: z.array(
    z.object({
      /** What to filter by to see its rows: a category, a company, an account's id, `2026-09`, `2026`. */
      key: z.string(),
      label: z.string(),
      count: z.int(),
      totals: z.array(
        currencyTotalSchema.extend({
          /** Of all that was spent in this currency, 0 to 1; null where nothing was, or more came back. */
          share: z.number().nullable(),
        }),
      ),
    }),
  ),
  /** What the groups that are not listed come to. */
  others: z.object({ groupCount: z.int(), count: z.int(), totals: z.array(currencyTotalSchema) }).nullable(),
  /** Over everything that fits, listed or not. */
  count: z.int(),
  totals: z.array(currencyTotalSchema),
  provenance: provenanceSchema,
});
export type Summary = z.infer<typeof summarySchema>;

/** Month by month in one currency, without gaps. */
export const cashFlowSchema = z.object({
  currencies: z.array(
    z.object({
      currency,
      months: z.array(currencyTotalSchema.omit({ currency: true }).extend({ month: z.string().regex(/^\d{4}-\d\d$/) })),
      /** Per month, over the months shown, rounded to the minor unit. */
      averageOutMinor: z.int(),
      averageInMinor: z.int(),
    }),
  ),
  provenance: provenanceSchema,
});
export type CashFlow = z.infer<typeof cashFlowSchema>;

export const ruleViewSchema = z.object({
  id: z.string(),
  /** From 1. The first that matches wins. */
  position: z.int(),
  pattern: z.string(),
  company: z.string().nullable(),
  category: z.string(),
  kind: transactionKindSchema.nullable(),
  isEnabled: z.boolean(),
});
export type RuleView = z.infer<typeof ruleViewSchema>;

/** A rule as a person writes it. */
export const newRuleSchema = z.strictObject({
  pattern: z.string().trim().min(1).max(200),
  company: z.string().trim().min(1).max(100).nullable().default(null),
  category: categorySchema,
  kind: transactionKindSchema.nullable().default(null),
  isEnabled: z.boolean().default(true),
});
export type NewRule = z.input<typeof newRuleSchema>;

/** What applying the rules would change, or did. */
export const rulesPreviewSchema = z.object({
  /** Transactions that would change. Those a person set by hand never do. */
  changed: z.int(),
  sample: z.array(
    z.object({
      transactionId: z.string(),
      merchant: z.string(),
      /** How many transactions change in the same way. */
      count: z.int(),
      from: z.object({ company: z.string(), category: z.string(), kind: transactionKindSchema }),
      to: z.object({ company: z.string(), category: z.string(), kind: transactionKindSchema }),
    }),
  ),
});
export type RulesPreview = z.infer<typeof rulesPreviewSchema>;

/** One thing Burgeon took for the same as another, or changed in bulk. */
export const mergeViewSchema = z.object({
  id: z.string(),
  kind: z.enum(["transactions", "accounts", "categories"]),
  /** One sentence: what and why. */
  reason: z.string(),
  /** Transactions it is about. */
  count: z.int(),
  keptId: z.string().nullable(),
  mergedId: z.string().nullable(),
  /** For a double: the transaction that is counted, as a person knows it. */
  kept: z.object({ company: z.string(), date: day, amountMinor: z.int(), currency }).nullable(),
  createdAt: instant,
  undoneAt: instant.nullable(),
});
export type MergeView = z.infer<typeof mergeViewSchema>;

/** What a file holds, before or after it was taken over. */
export const importResultSchema = z.object({
  rows: z.int(),
  /** Not seen before. */
  added: z.int(),
  /** Here already, from an earlier file. */
  known: z.int(),
  /** The same as transactions that a connected bank brought: kept, counted once. */
  merged: z.int(),
  /** Written differently than before: brought up to date. */
  updated: z.int(),
  problems: z.array(z.object({ line: z.int(), message: z.string(), text: z.string() })),
  accounts: z.array(z.object({ name: z.string(), mask: z.string().nullable(), isNew: z.boolean() })),
  /** The first of what is new. */
  sample: z.array(transactionViewSchema),
});
export type ImportResult = z.infer<typeof importResultSchema>;
