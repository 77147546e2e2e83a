import type { LanguageModelV4, LanguageModelV4Message, LanguageModelV4Prompt } from "@ai-sdk/provider";
import type { EventPayload } from "@/lib/contracts/conversation";
import { LostRunError } from "@/lib/db/events";
import { isDatabaseOutage } from "@/lib/db/statement";
import { logger } from "@/lib/logger";
import type { Compaction } from "@/lib/conversation/prompt";
import { costOf, untilAborted } from "./call-model";
import type { ResolvedModel } from "./ports";
import { summaryPrompt } from "./prompts/summary";

// Cautious for English prose, right for JSON and code.
const charsPerToken = 3;
// The rest is for the answer and for what the tools' descriptions take.
const promptShare = 0.8;
const silenceMs = 60_000;
const quoteChars = 200;

/** How long a prompt for this model may be, in characters; undefined where its window is not known. */
export function maxPromptChars({ contextTokens }: ResolvedModel): number | undefined {
  return contextTokens === undefined ? undefined : Math.floor(contextTokens * charsPerToken * promptShare);
}

/**
 * Tells the oldest part of a conversation in few words: by the model itself, by a fixed rule for the built-in planner and where
 * the model fails. The result is the event that the log keeps; the part itself stays in the log.
 * @throws the signal's reason
 */
export async function summarise(
  { throughRunId, throughStep, messages }: Compaction,
  resolved: ResolvedModel,
  maxChars: number,
  signal: AbortSignal,
): Promise<EventPayload<"context-compacted">> {
  const place = { throughRunId, ...(throughStep === undefined ? {} : { throughStep }) };
  if (resolved.provider !== "planner") {
    try {
      return { ...place, by: "model", ...(await askModel(resolved, messages, maxChars, signal)) };
    } catch (cause) {
      if (signal.aborted || cause instanceof LostRunError || isDatabaseOutage(cause)) throw cause;
      logger.warn({ room: "orchestrator", model: resolved.label, cause }, "the model made no summary");
    }
  }
  return { ...place, by: "planner", summary: quote(messages, maxChars) };
}

async function askModel(
  { model, price }: ResolvedModel,
  messages: LanguageModelV4Message[],
  maxChars: number,
  signal: AbortSignal,
): Promise<Pick<EventPayload<"context-compacted">, "summary" | "usage" | "costMicros">> {
  const prompt: LanguageModelV4Prompt = [
    { role: "system", content: summaryPrompt(maxChars) },
    { role: "user", content: [{ type: "text", text: messages.map(toTranscript).join("\n") }] },
  ];
  const { text, usage } = await askOnce(model, prompt, AbortSignal.any([signal, AbortSignal.timeout(silenceMs)]));
  if (text.trim() === "") throw new Error("the summary is empty");
  return { summary: text.slice(0, maxChars), usage, ...(price ? { costMicros: costOf(usage, price) } : {}) };
}

async function askOnce(model: LanguageModelV4, prompt: LanguageModelV4Prompt, signal: AbortSignal) {
  const { stream } = await untilAborted(Promise.resolve(model.doStream({ prompt, abortSignal: signal })), signal);
  const reader = stream.getReader();
  const usage = { inputTokens: 0, outputTokens: 0 };
  let text = "";
  for (;;) {
    const { done, value } = await untilAborted(reader.read(), signal);
    if (done) return { text, usage };
    if (value.type === "error") throw value.error;
    if (value.type === "text-delta") text += value.delta;
    if (value.type === "finish") {
      usage.inputTokens = value.usage.inputTokens.total ?? 0;
      usage.outputTokens = value.usage.outputTokens.total ?? 0;
    }
  }
}

/** What was said, with calls and results, as text that no part of it can turn into anything else. */
function toTranscript(message: LanguageModelV4Message): string {
  const said = typeof message.content === "string" ? message.content : JSON.stringify(message.content);
  return `${message.role}: ${said}`;
}

/** Questions and the beginnings of their answers, the newest kept when not all have room. */
function quote(messages: LanguageModelV4Message[], maxChars: number): string {
  const lines = messages.flatMap((message) => {
    if (message.role !== "user" && message.role !== "assistant") return [];
    const text = message.content
      .flatMap((part) => (part.type === "text" ? [part.text] : []))
      .join(" ")
      .replace(/\s+/g, " ")
      .trim();
    if (text === "") return [];
    const short = text.length > quoteChars ? `${text.slice(0, quoteChars).toWellFormed()}…` : text;
    return [message.role === "user" ? `- Asked: ${short}` : `  Answered: ${short}`];
  });
  const kept: string[] = [];
  let left = maxChars;
  for (const line of lines.reverse()) {
    left -= line.length + 1;
    if (left < 0) break;
    kept.unshift(line);
  }
  return kept.join("\n");
}
