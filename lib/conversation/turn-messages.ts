import type {
  JSONValue,
  LanguageModelV4Message,
  LanguageModelV4ToolResultOutput,
  SharedV4ProviderMetadata,
} from "@ai-sdk/provider";
import { stepBeginningOf } from "@/lib/contracts/beginning";
import type { ConversationEvent, EventPayload, ToolCall } from "@/lib/contracts/conversation";
import { groupByRun, pathIn, toTree, turnIdOf } from "./path";

export interface TurnOptions {
  /** The run to answer: it and the turns that lead to it are told, and nothing else. Without it, the path looked at is. */
  runId?: string;
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

/** A turn as the model reads it. */
export interface TurnMessages {
  turnId: string;
  /** The run has ended: nothing of this turn changes any more. */
  isOver: boolean;
  units: Unit[];
}

/** The smallest part that can be left out: the question (no step), or one step with the results of all its calls. */
export interface Unit {
  step: number | null;
  messages: LanguageModelV4Message[];
}

interface Step {
  step: number;
  attempt: number;
  model: string;
  text: string;
  finished: EventPayload<"step-finished"> | null;
}

interface Turn {
  turnId: string;
  question: string;
  steps: Map<number, Step>;
  results: Map<string, EventPayload<"tool-finished">>;
  /** Calls whose effect the person took back. */
  undone: Set<string>;
  isOver: boolean;
}

/** The turns on a path, first to last: that of a run, or the one that is looked at. A fork's turn begins with what it took over. */
export function toTurnMessages(events: readonly ConversationEvent[], options: TurnOptions): TurnMessages[] {
  const tree = toTree(events);
  const path = options.runId === undefined ? [] : pathIn(tree, options.runId);
  const turnIds = path.length > 0 ? path : pathIn(tree, tree.leaf);
  const questions = new Map<string, string>();
  for (const event of events) if (event.type === "message-sent") questions.set(turnIdOf(event), event.payload.text);
  const eventsOf = groupByRun(events);
  return turnIds.map((turnId) => {
    const turn = toTurn(turnId, questions.get(turnId) ?? "", eventsOf(turnId));
    return { turnId, isOver: turn.isOver, units: toUnits(turn, options) };
  });
}

function toTurn(turnId: string, question: string, events: readonly ConversationEvent[]): Turn {
  const turn: Turn = {
    turnId,
    question,
    steps: new Map(),
    results: new Map(),
    undone: new Set(),
    isOver: false,
  };
  for (const event of events) addToTurn(turn, event);
  return turn;
}

function addToTurn(turn: Turn, event: ConversationEvent): void {
  const begun = stepBeginningOf(event);
  if (begun) turn.steps.set(begun.step, { ...begun, text: "", finished: null });
  if (event.type === "text-appended") {
    const step = turn.steps.get(event.payload.step);
    if (step && step.attempt === event.payload.attempt) step.text += event.payload.text;
  } else if (event.type === "step-finished") {
    const step = turn.steps.get(event.payload.step);
    if (step && step.attempt === event.payload.attempt) step.finished = event.payload;
  } else if (event.type === "tool-finished") {
    turn.results.set(event.payload.callId, event.payload);
  } else if (event.type === "effect-undone") {
    if (event.payload.ok) turn.undone.add(event.payload.callId);
  } else if (event.type === "run-finished") {
    turn.isOver = true;
  }
}

function toUnits(turn: Turn, options: TurnOptions): Unit[] {
  const question: LanguageModelV4Message = { role: "user", content: [{ type: "text", text: turn.question }] };
  const units: Unit[] = [{ step: null, messages: [question] }];
  const isCurrent = turn.turnId === options.runId;
  for (const step of turn.steps.values()) {
    // A step at work has no place in the prompt of its own repetition; what a stopped run had said stays.
    if (!step.finished && (isCurrent || !turn.isOver || step.text.trim() === "")) continue;
    const calls = step.finished?.toolCalls ?? [];
    const messages: LanguageModelV4Message[] = [];
    const content = assistantContent(step, calls, options);
    if (content.length > 0) messages.push({ role: "assistant", content });
    if (calls.length > 0)
      messages.push({
        role: "tool",
        content: calls.map((call) => ({
          type: "tool-result",
          toolCallId: call.callId,
          toolName: call.tool,
          output: resultOutput(turn, call.callId, options.markUntrusted ?? false),
        })),
      });
    if (messages.length > 0) units.push({ step: step.step, messages });
  }
  return units;
}

type AssistantContent = Extract<LanguageModelV4Message, { role: "assistant" }>["content"];

function assistantContent(step: Step, calls: ToolCall[], options: TurnOptions): AssistantContent {
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

function resultOutput(turn: Turn, callId: string, markUntrusted: boolean): LanguageModelV4ToolResultOutput {
  const result = turn.results.get(callId);
  if (!result)
    return {
      type: "error-text",
      value: turn.isOver
        ? "Not done: the run was stopped before."
        : "Not finished yet: waiting for a person or a build.",
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
  const value = turn.undone.has(callId) ? { undone: "The person took this back afterwards.", output } : output;
  return result.tainted && markUntrusted
    ? { type: "text", value: fence(value, result.source) }
    : { type: "json", value };
}

/** JSON has no use for "<" outside strings, and inside them it is escaped: the text cannot close its own fence. */
function fence(value: JSONValue, source: string | undefined): string {
  const from = (source ?? "outside").replace(/[^\w .:/-]/g, "").slice(0, 120);
  return `<untrusted source="${from}">\n${JSON.stringify(value).replaceAll("<", "\\u003c")}\n</untrusted>`;
}
