import { z } from "zod";
import { transactionKindSchema } from "@/lib/contracts/finance";
import { periodWords } from "@/lib/finance/period";

/** An amount in a result: exact in minor units, and as a person reads it. */
export const moneyOutputSchema = z.object({ amount_minor: z.int(), currency: z.string(), text: z.string() });

export const totalOutputSchema = z.object({
  currency: z.string(),
  count: z.int(),
  money_in: moneyOutputSchema,
  spent: moneyOutputSchema,
  net: moneyOutputSchema,
});

export const periodOutputSchema = z.object({ from: z.string().nullable(), to: z.string().nullable() });

/** How a tool is told which transactions are meant. */
export const whichInput = {
  period: z
    .enum(periodWords)
    .optional()
    .describe("a stretch of time that ends today or earlier; leave it out when you give dates"),
  from: z.iso.date().optional().describe("first day, YYYY-MM-DD"),
  to: z.iso.date().optional().describe("last day, included"),
  search: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .optional()
    .describe("words of a company, merchant, description or note; beginnings of words are enough"),
  account: z.string().trim().min(1).max(100).optional().describe("name, last digits or account_id of one account"),
  category: z.string().trim().min(1).max(60).optional().describe("one category, such as Groceries, Restaurant or Rent"),
  kind: transactionKindSchema
    .optional()
    .describe("income, expense, transfer (between own accounts), refund, fee or interest"),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .optional()
    .describe("ISO 4217 code, when only one currency is meant"),
};
