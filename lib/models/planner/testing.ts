import type { JSONValue, LanguageModelV4Prompt, LanguageModelV4ToolResultOutput } from "@ai-sdk/provider";
import type { MadeCall } from "@/lib/evals/match-input";
import { fillIn, type RecordedTool, readResults } from "@/lib/evals/recorded-tools";
import { toZod } from "@/lib/module-host/validate-output";
import { toFunctionTool } from "@/lib/orchestrator/offer-tool";
import { builtinTools } from "@/lib/tools/registry";
import { createPlanner } from "./planner";

export interface Outcome {
  calls: MadeCall[];
  answer: string;
}

export type Results = (call: MadeCall) => JSONValue | LanguageModelV4ToolResultOutput;

/** The tools that Burgeon itself has, as they are offered. */
export const ownTools: RecordedTool[] = builtinTools.map(
  ({ name, title, description, questions, effect, inputJsonSchema }) => ({
    ...{ name, title, description, questions: [...(questions ?? [])], effect, inputJsonSchema },
    input: toZod(inputJsonSchema),
  }),
);

const system = "You are Burgeon.\n\nToday is Tuesday, 24 November 2026 (UTC).";
const maxSteps = 8;

/** Plays a conversation with the planner through its real interface and tells what came of the last message. */
export async function converse(
  messages: readonly string[],
  tools: readonly RecordedTool[],
  results: Results = exampleResult,
): Promise<Outcome> {
  const planner = createPlanner();
  const offered = tools.map(toFunctionTool);
  const prompt: LanguageModelV4Prompt = [{ role: "system", content: system }];
  let outcome: Outcome = { calls: [], answer: "" };
  for (const message of messages) {
    prompt.push({ role: "user", content: [{ type: "text", text: message }] });
    outcome = { calls: [], answer: "" };
    for (let step = 1; ; step++) {
      if (step > maxSteps) throw new Error(`"${message}" does not come to an end`);
      const { content } = await planner.doGenerate({ prompt, tools: offered });
      const text = content.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("");
      const calls = content.flatMap((part) =>
        part.type === "tool-call"
          ? [{ id: part.toolCallId, tool: part.toolName, input: JSON.parse(part.input) as Record<string, unknown> }]
          : [],
      );
      if (calls.length === 0) {
        outcome.answer = text;
        prompt.push({ role: "assistant", content: [{ type: "text", text }] });
        break;
      }
      outcome.calls.push(...calls.map(({ tool, input }) => ({ tool, input })));
      prompt.push({
        role: "assistant",
        content: calls.map(({ id, tool, input }) => ({ type: "tool-call", toolCallId: id, toolName: tool, input })),
      });
      prompt.push({
        role: "tool",
        content: calls.map(({ id, tool, input }) => ({
          type: "tool-result",
          toolCallId: id,
          toolName: tool,
          output: toOutput(results({ tool, input })),
        })),
      });
    }
  }
  return outcome;
}

const results = readResults();

/** What tools answer in these conversations. */
export function exampleResult({ tool, input }: MadeCall): JSONValue {
  switch (tool) {
    case "math_solver":
      return { expression: String(input.expression), result: "42" };
    case "current_time":
      return {
        iso: "2026-11-24T14:05:09+09:00",
        time_zone: String(input.time_zone ?? "UTC"),
        date: "2026-11-24",
        time: "14:05:09",
        weekday: "Tuesday",
        utc_offset: "+09:00",
      };
    default:
      return fillIn(results[tool] ?? { ok: true }, input) as JSONValue;
  }
}

function toOutput(value: JSONValue | LanguageModelV4ToolResultOutput): LanguageModelV4ToolResultOutput {
  const isOutput =
    typeof value === "object" &&
    value !== null &&
    "type" in value &&
    typeof value.type === "string" &&
    /^(json|text|error-json|error-text|execution-denied|content)$/.test(value.type);
  return isOutput ? (value as LanguageModelV4ToolResultOutput) : { type: "json", value: value as JSONValue };
}
