import { APICallError, type LanguageModelV4 } from "@ai-sdk/provider";
import { AppError } from "@/lib/contracts/errors";
import { type ModelChoice, type ModelRole, modelRoles, type ModelTestResult } from "@/lib/contracts/model";
import type { Viewer } from "@/lib/contracts/viewer";
import { logger } from "@/lib/logger";
import { parseChoice } from "./choice";
import { createModel, resolveModel } from "./resolve";

const timeoutMs = 20_000;
/** Models that think before they speak spend some of it unseen. */
const maxOutputTokens = 256;

/**
 * Makes one real call, streaming as the chat does, with a prompt of a few words. Never throws: what went wrong and what to do
 * about it is the result.
 * @param what a role with its stored choice, or a choice that is not stored yet
 */
export async function testModel(viewer: Viewer, what: ModelRole | ModelChoice): Promise<ModelTestResult> {
  const startedAt = performance.now();
  const deadline = AbortSignal.timeout(timeoutMs);
  const finish = (ok: boolean, message: string) => ({
    ok,
    message,
    latencyMs: Math.round(performance.now() - startedAt),
  });
  try {
    const { model, label } = isRole(what)
      ? await resolveModel(viewer, what)
      : await createModel(viewer, parseChoice(what));
    const answer = await ask(model, deadline);
    return answer === ""
      ? finish(true, `${label} can be reached.`)
      : finish(true, `${label} answered: ${answer.slice(0, 200)}`);
  } catch (cause) {
    // The provider's own words may repeat the key, so only what kind of failure it was is kept.
    const status = APICallError.isInstance(cause) ? cause.statusCode : undefined;
    const code = cause instanceof AppError ? cause.code : cause instanceof Error ? cause.name : "unknown";
    logger.warn({ room: "models", userId: viewer.userId, status, code }, "the test of a model failed");
    return finish(false, deadline.aborted ? "It did not answer within 20 seconds." : describeFailure(cause));
  }
}

function isRole(what: ModelRole | ModelChoice): what is ModelRole {
  return modelRoles.some((role) => role === what);
}

async function ask(model: LanguageModelV4, signal: AbortSignal): Promise<string> {
  const { stream } = await model.doStream({
    prompt: [{ role: "user", content: [{ type: "text", text: "Hello! Answer with one short sentence." }] }],
    maxOutputTokens,
    abortSignal: signal,
  });
  let text = "";
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text.replace(/\s+/g, " ").trim();
    if (value.type === "error") throw value.error;
    if (value.type === "text-delta") text += value.delta;
  }
}

/** Never the provider's own words: they may repeat the key. */
function describeFailure(cause: unknown): string {
  if (cause instanceof AppError) return [cause.message, cause.hint].filter(Boolean).join(" ");
  if (!APICallError.isInstance(cause))
    return "It could not be reached. Check that it is running and that the address is right.";
  switch (cause.statusCode) {
    case 401:
    case 403:
      return `The key was refused (${cause.statusCode}). Check the key.`;
    case 404:
      return "Nothing answers under this name (404). Check the model's name and the address; many servers want /v1 at its end.";
    case 429:
      return "It limits requests right now (429), or the account has no credit left. Try again in a minute.";
    case undefined:
      return "It could not be reached. Check that it is running and that the address is right.";
    default:
      return `It refused the request with status ${cause.statusCode}. Check the model's name.`;
  }
}
