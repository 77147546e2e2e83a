import { z } from "zod";
import { type Summary, summaryGroups } from "@/lib/contracts/finance";
import type { Tool } from "@/lib/contracts/tool";
import { summarize } from "@/lib/db/finance/summaries";
import { defineTool } from "../define-tool";
import { periodOutputSchema, totalOutputSchema, whichInput } from "./money-schemas";
import { type Clock, readMoneyContext } from "./person-clock";
import { toTotal, whichTransactions } from "./which-transactions";

/** Sums, made by the database over everything that fits. */
export function queryFinanceTool(clock: Clock): Tool {
  return defineTool({
    name: "query_finance",
    title: "Sum up spending and income",
    description:
      "Exact sums over the person's transactions for a whole period: money in, spent (less refunds) and net, in all and by category, company, account, kind, month or year; each currency on its own. Transfers between own accounts are left out unless kind is transfer. Without a period it is this month. Use it for every question about how much; repeat its numbers and its provenance, never calculate your own and never add two currencies. `share` is the part of all spending, 0 to 1.",
    effect: "read",
    idempotency: "read",
    timeoutMs: 8000,
    quotes: "your bank transactions",
    input: z.strictObject({
      group_by: z.enum(summaryGroups).optional().describe("category when left out"),
      ...whichInput,
      limit: z.int().min(1).max(100).optional().describe("groups to list, largest spending first; 20 when left out"),
    }),
    output: z.object({
      period: periodOutputSchema,
      group_by: z.string(),
      count: z.int(),
      totals: z.array(totalOutputSchema),
      groups: z.array(
        z.object({
          name: z.string(),
          count: z.int(),
          totals: z.array(totalOutputSchema.extend({ share: z.number().nullable() })),
        }),
      ),
      other_groups: z.object({ group_count: z.int(), count: z.int(), totals: z.array(totalOutputSchema) }).nullable(),
      provenance: z.string(),
    }),
    questions: [
      "How much did I spend last month?",
      "How much did I spend on {category} this month?",
      "How much did I spend at {search} this year?",
      "What did I spend most on last month?",
      "Show my spending by category",
      "Show my spending by month this year",
      "How much did I earn this year?",
      "Summarize my finances",
    ],
    async execute({ group_by, limit, ...which }, { viewer, timeZone }) {
      const context = await readMoneyContext({ viewer, timeZone }, clock);
      const { filter, period } = await whichTransactions(viewer, context, which, "this_month");
      const groupBy = group_by ?? "category";
      const isByTime = groupBy === "month" || groupBy === "year";
      const summary = await summarize(viewer, groupBy, filter, { limit: limit ?? (isByTime ? 60 : 20) });
      const output = {
        period,
        group_by: groupBy,
        count: summary.count,
        totals: summary.totals.map(toTotal),
        groups: summary.groups.map(({ label, count, totals }) => ({
          name: label,
          count,
          totals: totals.map((total) => ({ ...toTotal(total), share: total.share })),
        })),
        other_groups: summary.others && {
          group_count: summary.others.groupCount,
          count: summary.others.count,
          totals: summary.others.totals.map(toTotal),
        },
        provenance: context.describe(summary.provenance),
      };
      return { kind: "done", output, tainted: holdsForeignText(summary), source: "your bank transactions" };
    },
  });
}

/** Categories, kinds and dates are Burgeon's or the person's words; names of companies, accounts and banks are not. */
function holdsForeignText({ groupBy, provenance }: Summary): boolean {
  return groupBy === "company" || groupBy === "account" || provenance.excluded.length > 0;
}
