import { z } from "zod";
import {
  categorySchema,
  newRuleSchema,
  summaryGroups,
  transactionFilterSchema,
  transactionKindSchema,
  transactionSorts,
} from "./finance";

const id = z.string().min(1).max(60);
const minor = z.coerce.number().pipe(z.int().nonnegative());

/** A filter as an address has it, where numbers and yes or no are text. */
export const transactionQuerySchema = transactionFilterSchema.extend({
  minMinor: minor.optional(),
  maxMinor: minor.optional(),
  isPending: z
    .enum(["true", "false"])
    .transform((text) => text === "true")
    .optional(),
});

/** A page of transactions. A cursor brings its order along. */
export const transactionPageQuerySchema = transactionQuerySchema.extend({
  sort: z.enum(transactionSorts).default("date"),
  direction: z.enum(["asc", "desc"]).default("desc"),
  cursor: z.string().max(1000).optional(),
  limit: z.coerce.number().pipe(z.int().min(1).max(200)).default(50),
});

export const summaryQuerySchema = transactionQuerySchema.extend({
  groupBy: z.enum(summaryGroups).default("category"),
  /** How many groups are listed; the others are told in one sum. */
  limit: z.coerce.number().pipe(z.int().min(1).max(1000)).optional(),
});

/** Hides an account or shows it again, gives it a name, or both. */
export const accountChangeSchema = z
  .strictObject({
    isHidden: z.boolean().optional(),
    /** As the person calls it. Empty or null: as its bank calls it. */
    name: z.string().trim().max(100).nullable().optional(),
  })
  .refine(({ isHidden, name }) => isHidden !== undefined || name !== undefined, "isHidden or a name is needed");

const sorting = {
  category: categorySchema,
  company: z.string().trim().min(1).max(100).optional(),
  /** What the category suggests when left out. */
  kind: transactionKindSchema.optional(),
};

/** Sorts a transaction by hand, writes a note on it, or both. */
export const transactionChangeSchema = z
  .strictObject({
    ...sorting,
    category: sorting.category.optional(),
    /** Null takes it away. */
    note: z.string().max(2000).nullable().optional(),
  })
  .refine(({ category, note }) => category !== undefined || note !== undefined, "a category or a note is needed")
  .refine(
    ({ category, company, kind }) => category !== undefined || (company === undefined && kind === undefined),
    "company and kind come with a category",
  );

/** Sorts several by hand: those that are named, or all that fit a filter. */
export const categorizeSchema = z
  .strictObject({
    ...sorting,
    transactionIds: z.array(id).min(1).max(5000).optional(),
    filter: z.strictObject(transactionFilterSchema.shape).optional(),
  })
  .refine(
    ({ transactionIds, filter }) => (transactionIds === undefined) !== (filter === undefined),
    "either transactionIds or filter is needed",
  );
export type CategorizeRequest = z.input<typeof categorizeSchema>;

const position = z.int().min(1).max(10_000);

export const ruleAdditionSchema = newRuleSchema.extend({
  /** From 1. Before all others when left out. */
  position: position.optional(),
});

/** What is left out stays as it is. */
export const ruleChangeSchema = z.strictObject({
  pattern: newRuleSchema.shape.pattern.optional(),
  company: z.string().trim().min(1).max(100).nullable().optional(),
  category: categorySchema.optional(),
  kind: transactionKindSchema.nullable().optional(),
  isEnabled: z.boolean().optional(),
  position: position.optional(),
});
export type RuleChange = z.input<typeof ruleChangeSchema>;

/** What applying the rules would change if they were so: one added, changed, moved or deleted. All as they are when empty. */
export const ruleDraftSchema = z.strictObject({
  /** The rule that is changed or deleted; left out for one that is added. */
  ruleId: id.optional(),
  /** Left out: the rule named is looked at as if it were gone. */
  rule: newRuleSchema.optional(),
  position: position.optional(),
});
export type RuleDraft = z.input<typeof ruleDraftSchema>;

/** A file, decoded. */
export const importFileSchema = z.strictObject({
  name: z.string().trim().min(1).max(300),
  text: z.string().min(1, "the file is empty"),
});
export type ImportFile = z.infer<typeof importFileSchema>;

const column = z.string().min(1).max(500);
export const importOptionsSchema = z.strictObject({
  format: z.string().max(40),
  mapping: z
    .strictObject({
      date: column,
      amount: column.optional(),
      debit: column.optional(),
      credit: column.optional(),
      description: column,
      account: column.optional(),
      currency: column.optional(),
      dateFormat: z.string().max(30),
      isSpentPositive: z.boolean().optional(),
    })
    .optional(),
  currency: z
    .string()
    .trim()
    .toUpperCase()
    .regex(/^[A-Z]{3}$/),
  accountName: z.string().trim().min(1).max(100),
});

export const importSchema = importFileSchema.extend({ options: importOptionsSchema });

/** 5 MB of text, which is what a bank file may have, and what JSON makes of its quotes and lines. */
export const maxImportBodyBytes = 8 * 1024 * 1024;
export const maxFileBytes = 5 * 1024 * 1024;
