import type {
  LanguageModelV4,
  LanguageModelV4FinishReason,
  LanguageModelV4FunctionTool,
  LanguageModelV4Prompt,
  LanguageModelV4StreamPart,
  LanguageModelV4Usage,
  SharedV4ProviderMetadata,
} from "@ai-sdk/provider";
import type { NewEvent, ToolCall } from "@/lib/contracts/conversation";
import { newId } from "@/lib/contracts/id";
import type { Usage } from "@/lib/contracts/run";
import type { ProviderData } from "@/lib/conversation/prompt";
import { TextAppender } from "./append-text";

// A provider that says nothing for this long is not going to.
const silenceMs = 120_000;
// One step cannot ask for more calls than this; the rest is left out and asked for again if it is still wanted.
const maxCallsPerStep = 32;
const callIdPattern = /^[\w-]{1,64}$/;

export interface ModelCall {
  model: LanguageModelV4;
  label: string;
  /** US dollars per million tokens, where they are known. */
  price: { input: number; output: number } | undefined;
  prompt: LanguageModelV4Prompt;
  tools: LanguageModelV4FunctionTool[];
  step: number;
  attempt: number;
  /** Ids that earlier calls of the conversation have: a repeated id gets a new one. */
  takenCallIds: Set<string>;
  append(events: NewEvent[]): Promise<void>;
  /** The same for what may wait for the next write. */
  stage(events: NewEvent[]): void;
  signal: AbortSignal;
}

/** The provider ended its stream without an answer. Worth another try. */
export class EmptyAnswerError extends Error {}

/** The provider said nothing for two minutes. Worth another try. */
export class SilentModelError extends Error {}

interface Collected {
  calls: ToolCall[];
  data: ProviderData;
  reasoning: Map<string, { text: string; metadata: SharedV4ProviderMetadata }>;
  finish: { reason: LanguageModelV4FinishReason; usage: LanguageModelV4Usage } | null;
  hasText: boolean;
}

/**
 * One call of the model: its text goes into the log as it streams, and its end (calls, usage) is staged together with the last
 * words, for the caller to write. When it is cut short, what was said so far stays in the log, and the cause is thrown.
 */
export async function callModel(call: ModelCall): Promise<void> {
  const startedAt = performance.now();
  const { step, attempt } = call;
  const broken = new AbortController();
  const signal = AbortSignal.any([call.signal, broken.signal]);
  // Written with the first words, or after a moment, and always before them: without words it is worth nothing.
  call.stage([{ type: "step-started", payload: { step, attempt, model: call.label } }]);
  const text = new TextAppender(step, attempt, call.append, (cause) => broken.abort(cause));
  try {
    const collected = await collect(call, text, signal, broken);
    const { calls, finish } = collected;
    const usage = {
      inputTokens: finish?.usage.inputTokens.total ?? 0,
      outputTokens: finish?.usage.outputTokens.total ?? 0,
    };
    const providerData = providerDataOf(collected);
    const finished: NewEvent = {
      type: "step-finished",
      payload: {
        step,
        attempt,
        finishReason: finish?.reason.unified ?? "other",
        toolCalls: calls,
        usage,
        ...(call.price ? { costMicros: costOf(usage, call.price) } : {}),
        durationMs: Math.round(performance.now() - startedAt),
        ...(providerData === null ? {} : { providerData }),
      },
    };
    call.stage([...(await text.takeRest()), finished]);
  } catch (cause) {
    const rest = await text.takeRest();
    if (rest.length > 0) await call.append(rest);
    throw signal.aborted ? signal.reason : cause;
  }
}

/** In millionths of a dollar: dollars per million tokens are as many millionths per token. */
export function costOf(usage: Usage, price: { input: number; output: number }): number {
  return Math.round(usage.inputTokens * price.input + usage.outputTokens * price.output);
}

async function collect(
  call: ModelCall,
  text: TextAppender,
  signal: AbortSignal,
  broken: AbortController,
): Promise<Collected> {
  const collected: Collected = { calls: [], data: {}, reasoning: new Map(), finish: null, hasText: false };
  const silence = setTimeout(giveUp, silenceMs);
  function giveUp(): void {
    broken.abort(new SilentModelError("the model said nothing for two minutes"));
  }
  try {
    signal.throwIfAborted();
    const { stream } = await untilAborted(
      Promise.resolve(call.model.doStream({ prompt: call.prompt, tools: call.tools, abortSignal: signal })),
      signal,
    );
    const reader = stream.getReader();
    // A provider that ignores the signal must not hold the run: reading ends with the signal, whatever the stream does.
    try {
      for (;;) {
        const { done, value } = await untilAborted(reader.read(), signal);
        if (done) break;
        silence.refresh();
        take(collected, value, text, call.takenCallIds);
      }
    } finally {
      void reader.cancel().catch(() => undefined);
    }
  } finally {
    clearTimeout(silence);
  }
  const isEmpty = !collected.hasText && collected.calls.length === 0;
  if (isEmpty) throw new EmptyAnswerError("the model answered nothing");
  return collected;
}

function take(
  collected: Collected,
  part: LanguageModelV4StreamPart,
  text: TextAppender,
  takenCallIds: Set<string>,
): void {
  switch (part.type) {
    case "text-delta":
      collected.hasText ||= part.delta.trim() !== "";
      text.push(part.delta);
      break;
    case "reasoning-start":
    case "reasoning-delta":
    case "reasoning-end":
      addReasoning(collected, part);
      break;
    case "tool-call":
      if (part.providerExecuted || collected.calls.length >= maxCallsPerStep) break;
      addCall(collected, part, takenCallIds);
      break;
    case "finish":
      collected.finish = { reason: part.finishReason, usage: part.usage };
      break;
    case "error":
      throw part.error;
    default:
      break;
  }
}

function addCall(
  collected: Collected,
  part: Extract<LanguageModelV4StreamPart, { type: "tool-call" }>,
  takenCallIds: Set<string>,
): void {
  const isUsable = callIdPattern.test(part.toolCallId) && !takenCallIds.has(part.toolCallId);
  const callId = isUsable ? part.toolCallId : newId("call");
  takenCallIds.add(callId);
  collected.calls.push({ callId, tool: part.toolName.slice(0, 200), input: parseInput(part.input) });
  if (part.providerMetadata) collected.data.calls = { ...collected.data.calls, [callId]: part.providerMetadata };
}

/** Arguments that are not JSON stay the text they are; the tool's own check then tells the model. */
function parseInput(input: string): ToolCall["input"] {
  if (input.trim() === "") return {};
  try {
    return JSON.parse(input) as ToolCall["input"];
  } catch {
    return input;
  }
}

function addReasoning(
  collected: Collected,
  part: Extract<LanguageModelV4StreamPart, { type: "reasoning-start" | "reasoning-delta" | "reasoning-end" }>,
): void {
  const known = collected.reasoning.get(part.id) ?? { text: "", metadata: {} };
  collected.reasoning.set(part.id, {
    text: part.type === "reasoning-delta" ? known.text + part.delta : known.text,
    metadata: mergeMetadata(known.metadata, part.providerMetadata ?? {}),
  });
}

function mergeMetadata(a: SharedV4ProviderMetadata, b: SharedV4ProviderMetadata): SharedV4ProviderMetadata {
  const merged = { ...a };
  for (const [provider, values] of Object.entries(b)) merged[provider] = { ...merged[provider], ...values };
  return merged;
}

/** Reasoning is kept only where the provider signed it: it asks for it back, and for nothing else. */
function providerDataOf(
  collected: Collected,
): Extract<NewEvent, { type: "step-finished" }>["payload"]["providerData"] | null {
  const reasoning = [...collected.reasoning.values()].filter(({ metadata }) => Object.keys(metadata).length > 0);
  const data: ProviderData = { ...collected.data, ...(reasoning.length > 0 ? { reasoning } : {}) };
  if (Object.keys(data).length === 0) return null;
  return JSON.parse(JSON.stringify(data));
}

/** The promise's value, or the signal's reason as soon as it aborts. */
export async function untilAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  signal.throwIfAborted();
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    if (onAbort) signal.removeEventListener("abort", onAbort);
  }
}
