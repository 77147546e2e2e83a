import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type {
  JSONValue,
  LanguageModelV4FunctionTool,
  LanguageModelV4Prompt,
  LanguageModelV4ToolResultOutput,
} from "@ai-sdk/provider";
import { z } from "zod";
import { createPlanner } from "./planner";

const toolSchema = z.object({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  questions: z.array(z.string()),
  effect: z.enum(["read", "write", "destroy"]),
  schema: z.record(z.string(), z.unknown()),
});
export type RecordedTool = z.infer<typeof toolSchema>;

/** The built-in tools and those of nine modules, as they are offered to a model. */
export function readToolset(): RecordedTool[] {
  const path = fileURLToPath(new URL("../../../evals/planner/toolset.json", import.meta.url));
  return z.array(toolSchema).parse(JSON.parse(readFileSync(path, "utf8")));
}

/** As the orchestrator offers a tool. */
export function toFunctionTool({
  name,
  title,
  description,
  questions,
  schema,
}: RecordedTool): LanguageModelV4FunctionTool {
  return {
    type: "function",
    name,
    description,
    inputSchema: schema,
    ...(questions.length > 0 ? { providerOptions: { burgeon: { questions, title } } } : {}),
  };
}

export interface MadeCall {
  tool: string;
  input: Record<string, unknown>;
}

export interface Outcome {
  calls: MadeCall[];
  answer: string;
}

export type Results = (call: MadeCall) => JSONValue | LanguageModelV4ToolResultOutput;

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

const modules = [
  ["books", "library", "Sample Library", "active"],
  ["weather", "weather", "Sample Weather", "active"],
  ["finance", "ledger", "Ledger", "disabled"],
  ["travel", "bike-stations", "Bike Stations", "awaiting_review"],
] as const;

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
    case "search_knowledge":
      return { results: [] };
    case "list_modules":
      return {
        modules: modules.map(([category, name, title, state]) => ({
          category,
          name,
          title,
          state,
          problem: null,
          tools: [],
        })),
      };
    case "library_list_loans":
      return {
        loans: [
          {
            id: "loan-101",
            book: { id: "b-101", title: "The Left Hand of Darkness", author: "Ursula K. Le Guin" },
            due_on: "2026-11-26",
            renewals: 0,
          },
          {
            id: "loan-102",
            book: { id: "b-102", title: "Kindred", author: "Octavia E. Butler" },
            due_on: "2026-11-27",
            renewals: 1,
          },
        ],
      };
    default:
      return { ok: true };
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
