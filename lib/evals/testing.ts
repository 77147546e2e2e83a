import { type EvalCase, evalCaseSchema } from "./eval-case";
import type { Outcome, PlayedCall } from "./run-case";

/** A case as it comes out of its file. */
export function evalCase(fields: Partial<Record<keyof EvalCase, unknown>> = {}): EvalCase {
  return evalCaseSchema.parse({ id: "a-case", query: "a question", expected_tools: [], difficulty: "easy", ...fields });
}

/** What came of one, answered well unless said otherwise. */
export function outcomeOf(calls: readonly Partial<PlayedCall>[], fields: Partial<Outcome> = {}): Outcome {
  const made = calls.map(({ tool = "", input = {}, output = null }) => ({ tool, input, output }));
  return {
    calls: made,
    toolsOfConversation: [...new Set(made.map(({ tool }) => tool))],
    answer: "Here you are.",
    status: "done",
    error: null,
    modelMs: 1,
    usage: { inputTokens: 3, outputTokens: 2 },
    ...fields,
  };
}
