import type {
  JSONValue,
  LanguageModelV4CallOptions,
  LanguageModelV4Message,
  LanguageModelV4ToolResultOutput,
} from "@ai-sdk/provider";

/** A tool as it was offered with this call. */
export interface OfferedTool {
  name: string;
  title: string;
  description: string;
  questions: readonly string[];
  schema: Record<string, unknown>;
}

export interface PastCall {
  tool: string;
  input: Record<string, unknown>;
  /** Null while there is none. */
  result: CallResult | null;
}

export type CallResult =
  | { kind: "ok"; output: unknown }
  | { kind: "failed"; message: string; hint: string | null }
  | { kind: "denied"; reason: string };

/** One message of the person and everything that was done for it. */
export interface Turn {
  message: string;
  calls: PastCall[];
  /** Number of calls of the model so far. */
  steps: number;
  /** What was said last, when nothing was called with it: the answer. */
  answer: string | null;
}

/** The conversation as turns. Texts of the system are not part of it: the planner has no instructions to take. */
export function readTurns(prompt: LanguageModelV4CallOptions["prompt"]): Turn[] {
  const turns: Turn[] = [];
  const open = new Map<string, PastCall>();
  for (const message of prompt) {
    if (message.role === "system") continue;
    const turn = turns.at(-1);
    if (message.role === "user") turns.push({ message: textOf(message), calls: [], steps: 0, answer: null });
    else if (turn && message.role === "assistant") addStep(turn, message, open);
    else if (message.role === "tool") addResults(message, open);
  }
  return turns;
}

/** Today's date as the system text says it ("Today is Tuesday, 24 November 2026"); null when it does not. */
export function readToday(prompt: LanguageModelV4CallOptions["prompt"]): Date | null {
  for (const message of prompt) {
    if (message.role !== "system") continue;
    const found = /\bToday is (?:\p{L}+,? )?(\d{1,2} \p{L}+ \d{4})/u.exec(message.content);
    const time = found ? Date.parse(`${found[1]} 00:00:00 UTC`) : Number.NaN;
    if (!Number.isNaN(time)) return new Date(time);
  }
  return null;
}

/** The function tools that were offered, with the questions that came along for the planner. */
export function readTools(tools: LanguageModelV4CallOptions["tools"]): OfferedTool[] {
  return (tools ?? []).flatMap((tool) => {
    if (tool.type !== "function") return [];
    const own = tool.providerOptions?.burgeon ?? {};
    const questions = Array.isArray(own.questions) ? own.questions.filter((one) => typeof one === "string") : [];
    const title = typeof own.title === "string" ? own.title : "";
    const schema = tool.inputSchema as Record<string, unknown>;
    return [{ name: tool.name, title, description: tool.description ?? "", questions, schema }];
  });
}

type Part<Role> = Extract<LanguageModelV4Message, { role: Role }>;

function addStep(turn: Turn, { content }: Part<"assistant">, open: Map<string, PastCall>): void {
  turn.steps += 1;
  const text = content.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("");
  const calls = content.flatMap((part) => (part.type === "tool-call" ? [part] : []));
  turn.answer = calls.length === 0 ? text : null;
  for (const { toolCallId, toolName, input } of calls) {
    const call: PastCall = { tool: toolName, input: isRecord(input) ? input : {}, result: null };
    turn.calls.push(call);
    open.set(toolCallId, call);
  }
}

function addResults({ content }: Part<"tool">, open: Map<string, PastCall>): void {
  for (const part of content) {
    const call = part.type === "tool-result" ? open.get(part.toolCallId) : undefined;
    if (call && part.type === "tool-result") call.result = toResult(part.output);
  }
}

function toResult(output: LanguageModelV4ToolResultOutput): CallResult {
  switch (output.type) {
    case "json":
      return { kind: "ok", output: output.value };
    case "text":
      return { kind: "ok", output: output.value };
    case "execution-denied":
      return { kind: "denied", reason: output.reason ?? "" };
    case "error-text":
      return { kind: "failed", message: output.value, hint: null };
    case "error-json":
      return toFailure(output.value);
    case "content":
      return { kind: "ok", output: output.value.map((part) => (part.type === "text" ? part.text : "")).join("\n") };
  }
}

function toFailure(value: JSONValue): CallResult {
  const error = isRecord(value) && isRecord(value.error) ? value.error : {};
  const message = typeof error.message === "string" ? error.message : "It failed.";
  return { kind: "failed", message, hint: typeof error.hint === "string" ? error.hint : null };
}

function textOf({ content }: Part<"user">): string {
  return content.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n");
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
