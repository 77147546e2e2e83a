import type {
  JSONValue,
  LanguageModelV4Message,
  LanguageModelV4Prompt,
  LanguageModelV4ToolResultOutput,
  SharedV4ProviderMetadata,
} from "@ai-sdk/provider";
import type { ConversationEvent, EventPayload, ToolCall } from "@/lib/contracts/conversation";

export interface PromptOptions {
  system: string;
  /** The run to answer: messages sent after its own are not part of the prompt. Without it, everything is. */
  runId?: string;
  /** Upper bound of the prompt's text. The oldest turns are left out first, whole; the current turn always stays. */
  maxChars?: number;
  /** Puts a fence around text from outside. The built-in planner obeys nothing in a result, so it gets plain JSON. */
  markUntrusted?: boolean;
  /** Provider data of steps is sent back only to the model that made it. */
  model?: string;
}

/** What the model needs back of a step, besides text and calls. Stored as `providerData`. */
export interface ProviderData {
  calls?: Record<string, SharedV4ProviderMetadata>;
  reasoning?: { text: string; metadata: SharedV4ProviderMetadata }[];
}

interface Step {
  step: number;
  attempt: number;
  model: string;
  text: string;
  finished: EventPayload<"step-finished"> | null;
}

interface Turn {
  runId: string | null;
  message: string;
  steps: Map<number, Step>;
  results: Map<string, EventPayload<"tool-finished">>;
  isOver: boolean;
}

const defaultMaxChars = 240_000;

/**
 * What the model sees of a conversation: a pure function of its log. Every tool call is followed by exactly one result,
 * whatever happened to it; text of an attempt that was superseded is not there.
 */
export function toModelPrompt(events: Iterable<ConversationEvent>, options: PromptOptions): LanguageModelV4Prompt {
  const turns = toTurns(events, options.runId);
  const messages = turns.map((turn) => toMessages(turn, options));
  const kept = keepNewest(messages, (options.maxChars ?? defaultMaxChars) - options.system.length);
  const note = kept.length < messages.length ? "\n\nThe oldest turns of this conversation are left out here." : "";
  return [{ role: "system", content: options.system + note }, ...kept.flat()];
}

function toTurns(events: Iterable<ConversationEvent>, lastRunId: string | undefined): Turn[] {
  const turns: Turn[] = [];
  const byRun = new Map<string, Turn>();
  let isPast = false;
  for (const event of events) {
    if (event.type === "message-sent") {
      if (isPast) continue;
      const turn: Turn = {
        runId: event.runId,
        message: event.payload.text,
        steps: new Map(),
        results: new Map(),
        isOver: false,
      };
      turns.push(turn);
      if (event.runId !== null) byRun.set(event.runId, turn);
      isPast = lastRunId !== undefined && event.runId === lastRunId;
      continue;
    }
    const turn = event.runId === null ? undefined : byRun.get(event.runId);
    if (turn) addToTurn(turn, event);
  }
  return turns;
}

function addToTurn(turn: Turn, event: ConversationEvent): void {
  if (event.type === "step-started") {
    const { step, attempt, model } = event.payload;
    turn.steps.set(step, { step, attempt, model, text: "", finished: null });
  } else if (event.type === "text-appended") {
    const step = turn.steps.get(event.payload.step);
    if (step && step.attempt === event.payload.attempt) step.text += event.payload.text;
  } else if (event.type === "step-finished") {
    const step = turn.steps.get(event.payload.step);
    if (step && step.attempt === event.payload.attempt) step.finished = event.payload;
  } else if (event.type === "tool-finished") {
    turn.results.set(event.payload.callId, event.payload);
  } else if (event.type === "run-finished") {
    turn.isOver = true;
  }
}

function toMessages(turn: Turn, options: PromptOptions): LanguageModelV4Message[] {
  const messages: LanguageModelV4Message[] = [{ role: "user", content: [{ type: "text", text: turn.message }] }];
  const isCurrent = options.runId !== undefined && turn.runId === options.runId;
  for (const step of turn.steps.values()) {
    // A step at work has no place in the prompt of its own repetition; what a stopped run had said stays.
    if (!step.finished && (isCurrent || !turn.isOver || step.text.trim() === "")) continue;
    const calls = step.finished?.toolCalls ?? [];
    const content = assistantContent(step, calls, options);
    if (content.length > 0) messages.push({ role: "assistant", content });
    if (calls.length > 0)
      messages.push({
        role: "tool",
        content: calls.map((call) => ({
          type: "tool-result",
          toolCallId: call.callId,
          toolName: call.tool,
          output: resultOutput(turn.results.get(call.callId), turn.isOver, options.markUntrusted ?? false),
        })),
      });
  }
  return messages;
}

type AssistantContent = Extract<LanguageModelV4Message, { role: "assistant" }>["content"];

function assistantContent(step: Step, calls: ToolCall[], options: PromptOptions): AssistantContent {
  const data = step.model === options.model ? ((step.finished?.providerData ?? {}) as ProviderData) : {};
  const reasoning: AssistantContent = (data.reasoning ?? []).map(({ text, metadata }) => ({
    type: "reasoning",
    text,
    providerOptions: metadata,
  }));
  const text: AssistantContent = step.text.trim() === "" ? [] : [{ type: "text", text: step.text }];
  const toolCalls: AssistantContent = calls.map(({ callId, tool, input }) => ({
    type: "tool-call",
    toolCallId: callId,
    toolName: tool,
    // Providers accept objects only; arguments that were no object are quoted in the result's error.
    input: typeof input === "object" && input !== null && !Array.isArray(input) ? input : {},
    ...(data.calls?.[callId] ? { providerOptions: data.calls[callId] } : {}),
  }));
  return [...reasoning, ...text, ...toolCalls];
}

function resultOutput(
  result: EventPayload<"tool-finished"> | undefined,
  isOver: boolean,
  markUntrusted: boolean,
): LanguageModelV4ToolResultOutput {
  if (!result)
    return {
      type: "error-text",
      value: isOver ? "Not done: the run was stopped before." : "Not finished yet: waiting for a person or a build.",
    };
  if (result.error?.code === "denied") return { type: "execution-denied", reason: result.error.message };
  if (!result.ok) {
    const { code, message, hint } = result.error ?? { code: "unavailable", message: "It failed." };
    const failure = { error: { code, message, ...(hint === undefined ? {} : { hint }) } };
    return result.tainted && markUntrusted
      ? { type: "error-text", value: fence(failure, result.source) }
      : { type: "error-json", value: failure };
  }
  const output = (result.output ?? null) as JSONValue;
  return result.tainted && markUntrusted
    ? { type: "text", value: fence(output, result.source) }
    : { type: "json", value: output };
}

/** JSON has no use for "<" outside strings, and inside them it is escaped: the text cannot close its own fence. */
function fence(value: JSONValue, source: string | undefined): string {
  const from = (source ?? "outside").replace(/[^\w .:/-]/g, "").slice(0, 120);
  return `<untrusted source="${from}">\n${JSON.stringify(value).replaceAll("<", "\\u003c")}\n</untrusted>`;
}

function keepNewest(turns: LanguageModelV4Message[][], maxChars: number): LanguageModelV4Message[][] {
  let left = maxChars;
  let first = turns.length;
  while (first > 0) {
    const size = JSON.stringify(turns[first - 1]).length;
    if (size > left && first < turns.length) break;
    left -= size;
    first -= 1;
  }
  return turns.slice(first);
}
