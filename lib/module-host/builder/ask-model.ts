import { APICallError, type LanguageModelV4 } from "@ai-sdk/provider";
import { generateText, RetryError } from "ai";
import type { z } from "zod";
import { AppError } from "@/lib/contracts/errors";
import type { Usage } from "@/lib/contracts/run";

export interface Question<Answer> {
  model: LanguageModelV4;
  label: string;
  system: string;
  /** What was said so far: ours and the model's turns, ours first. */
  turns: readonly string[];
  schema: z.ZodType<Answer>;
  signal: AbortSignal;
}

const maxOutputTokens = 32_000;

/**
 * Asks for one JSON object of a shape and returns it. Faults that may pass are tried again; an answer that is no such object is
 * sent back once with what is wrong with it.
 * @throws AppError unavailable, auth-required
 */
export async function askModel<Answer>(question: Question<Answer>): Promise<{ answer: Answer; usage: Usage }> {
  const usage: Usage = { inputTokens: 0, outputTokens: 0 };
  let turns = [...question.turns];
  for (let round = 1; ; round++) {
    const { text, used } = await generate(question, turns);
    usage.inputTokens += used.inputTokens;
    usage.outputTokens += used.outputTokens;
    const parsed = question.schema.safeParse(readJsonObject(text));
    if (parsed.success) return { answer: parsed.data, usage };
    if (round > 1)
      throw new AppError("unavailable", `${question.label} did not answer in the form the builder needs.`, {
        hint: "Choose a stronger model for building in Settings › Models.",
      });
    const problems = parsed.error.issues
      .slice(0, 5)
      .map((issue) => `${issue.path.join(".") || "answer"}: ${issue.message}`);
    turns = [
      ...turns,
      text,
      `That is not the JSON object that was asked for (${problems.join("; ")}). Answer with the JSON object only.`,
    ];
  }
}

/** One call, with the library's own retries for faults that may pass. */
async function generate(question: Question<unknown>, turns: readonly string[]): Promise<{ text: string; used: Usage }> {
  const { model, label, signal, system } = question;
  try {
    const { text, usage } = await generateText({
      model,
      instructions: system,
      messages: turns.map((content, index) => ({
        role: index % 2 === 0 ? ("user" as const) : ("assistant" as const),
        content,
      })),
      maxOutputTokens,
      maxRetries: 2,
      abortSignal: signal,
    });
    return { text, used: { inputTokens: usage.inputTokens ?? 0, outputTokens: usage.outputTokens ?? 0 } };
  } catch (cause) {
    signal.throwIfAborted();
    throw cause instanceof AppError ? cause : toFailure(RetryError.isInstance(cause) ? cause.lastError : cause, label);
  }
}

/** The outermost JSON object of a text: models like to put words and fences around it. */
export function readJsonObject(text: string): unknown {
  const from = text.indexOf("{");
  const to = text.lastIndexOf("}");
  if (from < 0 || to < from) return undefined;
  try {
    return JSON.parse(text.slice(from, to + 1));
  } catch {
    return undefined; // judged by the schema like any other wrong answer
  }
}

function toFailure(cause: unknown, label: string): AppError {
  const status = APICallError.isInstance(cause) ? cause.statusCode : undefined;
  if (status === 401 || status === 403)
    return new AppError("auth-required", `${label} refused the key (${status}).`, {
      cause,
      hint: "Check the key in Settings › Models.",
    });
  return new AppError("unavailable", `${label} could not be asked${status ? ` (${status})` : ""}.`, {
    cause,
    hint: "Check the model for building in Settings › Models, then ask again.",
  });
}
