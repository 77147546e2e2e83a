import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4Content,
  LanguageModelV4FinishReason,
  LanguageModelV4StreamPart,
  LanguageModelV4Usage,
} from "@ai-sdk/provider";
import { decide } from "./decide";
import type { PlannedCall } from "./task";

/** About what a token of English text is; enough for a budget, and free. */
const charsPerToken = 4;

/**
 * The model that needs no key and no network: rules that read the person's words, call the offered tools and answer from their
 * results. The same prompt and tools always give the same answer. It takes no instructions, neither from the system text nor
 * from results of tools: those are data to be shown.
 */
export function createPlanner(): LanguageModelV4 {
  return {
    specificationVersion: "v4",
    provider: "planner",
    modelId: "built-in",
    supportedUrls: {},
    async doGenerate(options) {
      options.abortSignal?.throwIfAborted();
      const { text, calls, usage, finishReason, idOf } = answer(options);
      const content: LanguageModelV4Content[] = [
        ...(text === "" ? [] : [{ type: "text" as const, text }]),
        ...calls.map((call, index) => toCall(call, idOf(index))),
      ];
      return { content, finishReason, usage, warnings: [] };
    },
    async doStream(options) {
      options.abortSignal?.throwIfAborted();
      return { stream: toStream(toParts(options), options.abortSignal) };
    },
  };
}

interface Answer {
  text: string;
  calls: readonly PlannedCall[];
  usage: LanguageModelV4Usage;
  finishReason: LanguageModelV4FinishReason;
  idOf(index: number): string;
}

function answer(options: LanguageModelV4CallOptions): Answer {
  const { text, calls, turn, step } = decide(options);
  const output = text.length + calls.reduce((sum, call) => sum + JSON.stringify(call).length, 0);
  return {
    text,
    calls,
    usage: {
      inputTokens: {
        total: toTokens(JSON.stringify(options.prompt).length),
        noCache: undefined,
        cacheRead: undefined,
        cacheWrite: undefined,
      },
      outputTokens: { total: toTokens(output), text: undefined, reasoning: undefined },
    },
    finishReason: { unified: calls.length > 0 ? "tool-calls" : "stop", raw: undefined },
    // Unique within the conversation, and the same when the step is repeated.
    idOf: (index) => `plan_${turn}_${step}_${index}`,
  };
}

function* toParts(options: LanguageModelV4CallOptions): Generator<LanguageModelV4StreamPart> {
  yield { type: "stream-start", warnings: [] };
  const { text, calls, usage, finishReason, idOf } = answer(options);
  if (text !== "") {
    yield { type: "text-start", id: "text" };
    for (const delta of text.match(/\s*\S+\s*/g) ?? []) yield { type: "text-delta", id: "text", delta };
    yield { type: "text-end", id: "text" };
  }
  for (const [index, call] of calls.entries()) yield toCall(call, idOf(index));
  yield { type: "finish", finishReason, usage };
}

function toCall({ tool, input }: PlannedCall, toolCallId: string) {
  return { type: "tool-call" as const, toolCallId, toolName: tool, input: JSON.stringify(input) };
}

/** Part by part as the reader asks for them, so that a reader who stops gets no more. */
function toStream(
  parts: Iterator<LanguageModelV4StreamPart>,
  signal: AbortSignal | undefined,
): ReadableStream<LanguageModelV4StreamPart> {
  return new ReadableStream({
    pull(controller) {
      if (signal?.aborted) return controller.error(signal.reason);
      const { done, value } = parts.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
}

function toTokens(chars: number): number {
  return Math.ceil(chars / charsPerToken);
}
