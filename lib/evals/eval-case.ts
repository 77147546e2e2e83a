import { z } from "zod";
import { wantedInputSchema } from "./match-input";

export const difficulties = ["easy", "medium", "hard"] as const;
export type Difficulty = (typeof difficulties)[number];

/** One question and what a model has to do with it. What is expected is expected of the last message. */
export const evalCaseSchema = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "lower-case words joined by hyphens"),
    /** One message, or a conversation. */
    query: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]),
    /** Exactly these are called, however often; none: nothing is called. */
    expected_tools: z.array(z.string()),
    /** Of the tool's one call, or, as a list, of one call each. */
    expected_arguments: z
      .record(z.string(), z.union([wantedInputSchema, z.array(wantedInputSchema).min(1)]))
      .default({}),
    /** What its calls come to, where many ways of asking are right: formulas. */
    expected_results: z.record(z.string(), wantedInputSchema).default({}),
    /** Not called for any message of the conversation. */
    forbidden_tools: z.array(z.string()).default([]),
    /** The answer asks something; with words: it has one of them in it. */
    expected_clarification: z.union([z.literal(true), z.string(), z.array(z.string()).min(1)]).optional(),
    difficulty: z.enum(difficulties),
    /** It takes more than one call. */
    multi_step: z.boolean().default(false),
    /** What tools answer in this case, in place of evals/planner/results.json; `{ error: { code, message } }` fails. */
    results: z.record(z.string(), z.json()).default({}),
  })
  .superRefine((one, context) => {
    const complain = (field: string, message: string) => context.addIssue({ code: "custom", path: [field], message });
    for (const field of ["expected_arguments", "expected_results"] as const)
      for (const tool of Object.keys(one[field]))
        if (!one.expected_tools.includes(tool)) complain(field, `${tool} is not among the expected tools`);
    const both = one.forbidden_tools.filter((tool) => one.expected_tools.includes(tool));
    if (both.length > 0) complain("forbidden_tools", `${both.join(", ")} is expected as well`);
  });
export type EvalCase = z.infer<typeof evalCaseSchema>;

export function messagesOf({ query }: EvalCase): string[] {
  return typeof query === "string" ? [query] : query;
}
