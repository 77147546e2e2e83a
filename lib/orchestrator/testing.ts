import { ReadableStream as NodeStream } from "node:stream/web";
import type { LanguageModelV4, LanguageModelV4CallOptions, LanguageModelV4StreamPart } from "@ai-sdk/provider";

/** What the scripted model does in one call: parts of its stream, or something it throws. */
export type ScriptedReply =
  | {
      text?: string | string[];
      calls?: { id?: string; tool: string; input: unknown }[];
      finishReason?: "stop" | "length" | "tool-calls";
    }
  | {
      parts: (
        options: LanguageModelV4CallOptions,
      ) => AsyncIterable<LanguageModelV4StreamPart> | Iterable<LanguageModelV4StreamPart>;
    }
  | { error: unknown };

/** A model that implements the specification and answers from a script; `calls` holds what it was asked. */
export function scriptedModel(reply: (options: LanguageModelV4CallOptions, callNumber: number) => ScriptedReply): {
  model: LanguageModelV4;
  calls: LanguageModelV4CallOptions[];
} {
  const calls: LanguageModelV4CallOptions[] = [];
  const model: LanguageModelV4 = {
    specificationVersion: "v4",
    provider: "scripted",
    modelId: "scripted",
    supportedUrls: {},
    doGenerate: () => Promise.reject(new Error("the scripted model only streams")),
    doStream: async (options) => {
      calls.push(options);
      const scripted = reply(options, calls.length);
      if ("error" in scripted) throw scripted.error;
      const parts = "parts" in scripted ? scripted.parts(options) : toParts(scripted, calls.length);
      return { stream: toStream(parts) };
    },
  };
  return { model, calls };
}

/** Number of steps of the answered run that the prompt shows: scripts use it as their program counter. */
export function stepsInPrompt(options: LanguageModelV4CallOptions): number {
  const lastUser = options.prompt.findLastIndex((message) => message.role === "user");
  return options.prompt.slice(lastUser).filter((message) => message.role === "assistant").length;
}

export const noUsage = {
  inputTokens: { total: 10, noCache: undefined, cacheRead: undefined, cacheWrite: undefined },
  outputTokens: { total: 5, text: undefined, reasoning: undefined },
};

function* toParts(
  reply: {
    text?: string | string[];
    calls?: { id?: string; tool: string; input: unknown }[];
    finishReason?: "stop" | "length" | "tool-calls";
  },
  callNumber: number,
): Iterable<LanguageModelV4StreamPart> {
  yield { type: "stream-start", warnings: [] };
  const deltas = typeof reply.text === "string" ? [reply.text] : (reply.text ?? []);
  if (deltas.length > 0) yield { type: "text-start", id: "1" };
  for (const delta of deltas) yield { type: "text-delta", id: "1", delta };
  if (deltas.length > 0) yield { type: "text-end", id: "1" };
  const calls = reply.calls ?? [];
  for (const [index, call] of calls.entries())
    yield {
      type: "tool-call",
      toolCallId: call.id ?? `call_${callNumber}_${index}`,
      toolName: call.tool,
      input: JSON.stringify(call.input),
    };
  const unified = reply.finishReason ?? (calls.length > 0 ? "tool-calls" : "stop");
  yield { type: "finish", finishReason: { unified, raw: undefined }, usage: noUsage };
}

function toStream(
  parts: AsyncIterable<LanguageModelV4StreamPart> | Iterable<LanguageModelV4StreamPart>,
): ReadableStream<LanguageModelV4StreamPart> {
  return NodeStream.from(parts) as ReadableStream<LanguageModelV4StreamPart>;
}
