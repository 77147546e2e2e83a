import { APICallError } from "@ai-sdk/provider";
import { AppError, type ErrorCode } from "@/lib/contracts/errors";
import { readRetryAfter } from "@/lib/contracts/retry-after";
import { EmptyAnswerError, SilentModelError } from "./call-model";

export interface ModelFailure {
  isRetryable: boolean;
  retryAfterMs: number | null;
  /** Safe to show: who failed, what we did, what to do. Never the provider's own words, which may repeat the prompt or a key. */
  error: { code: ErrorCode; message: string; hint: string };
}

/** What a failed model call means for the run. */
export function describeModelFailure(cause: unknown, label: string, tries: number): ModelFailure {
  if (cause instanceof AppError) return fromAppError(cause);
  if (APICallError.isInstance(cause)) return fromApi(cause, label, tries);
  const tried = tries > 1 ? ` Burgeon tried ${tries} times.` : "";
  if (cause instanceof EmptyAnswerError)
    return failure(
      true,
      "unavailable",
      `${label} answered nothing.${tried}`,
      "Send the message again, or choose another model in Settings › Models.",
    );
  if (cause instanceof SilentModelError)
    return failure(
      true,
      "unavailable",
      `${label} stopped answering for two minutes.${tried}`,
      "Try again, or choose another model in Settings › Models.",
    );
  if (isNetworkFault(cause))
    return failure(
      true,
      "unavailable",
      `${label} could not be reached.${tried}`,
      "Check that it is running and that its address in Settings › Models is right.",
    );
  return failure(
    false,
    "unavailable",
    `${label} sent something Burgeon cannot read.`,
    "Choose another model in Settings › Models; the worker's log has the detail.",
  );
}

function fromApi(cause: APICallError, label: string, tries: number): ModelFailure {
  const status = cause.statusCode ?? 0;
  const tried = tries > 1 ? ` Burgeon tried ${tries} times.` : "";
  if (status === 401 || status === 403)
    return failure(
      false,
      "auth-required",
      `${label} refused the key (${status}).`,
      "Check the key in Settings › Models.",
    );
  if (status === 404)
    return failure(
      false,
      "not-found",
      `${label} is not known at its address (404).`,
      "Check the model's name and address in Settings › Models.",
    );
  if (status === 429)
    return {
      ...failure(
        true,
        "rate-limited",
        `${label} limits requests right now (429).${tried}`,
        "Wait a minute and send the message again.",
      ),
      retryAfterMs: retryAfterMsOf(cause.responseHeaders),
    };
  if (status === 413 || status === 400 || status === 422)
    return failure(
      false,
      "invalid",
      `${label} did not accept the request (${status}).`,
      "The conversation may be too long for it: start a new one, or choose another model.",
    );
  if (status === 0)
    return failure(
      cause.isRetryable || isNetworkFault(cause.cause),
      "unavailable",
      `${label} could not be reached.${tried}`,
      "Check that it is running and that its address in Settings › Models is right.",
    );
  const isRetryable = cause.isRetryable || status >= 500;
  return {
    ...failure(
      isRetryable,
      "unavailable",
      `${label} has a fault (${status}).${tried}`,
      "Try again later, or choose another model in Settings › Models.",
    ),
    retryAfterMs: retryAfterMsOf(cause.responseHeaders),
  };
}

function fromAppError(cause: AppError): ModelFailure {
  return {
    isRetryable: cause.code === "unavailable" || cause.code === "rate-limited",
    retryAfterMs: cause.retryAfterMs ?? null,
    error: { code: cause.code, message: cause.message, hint: cause.hint ?? "Look at Settings › Models." },
  };
}

function failure(isRetryable: boolean, code: ErrorCode, message: string, hint: string): ModelFailure {
  return { isRetryable, retryAfterMs: null, error: { code, message, hint } };
}

function retryAfterMsOf(headers: Record<string, string> | undefined): number | null {
  return readRetryAfter(headers?.["retry-after"], new Date()) ?? null;
}

function isNetworkFault(cause: unknown): boolean {
  for (let at: unknown = cause, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    const code = "code" in at ? String(at.code) : "";
    if (/^(E(CONN|PIPE|TIMEDOUT|HOSTUNREACH|NETUNREACH|AI_AGAIN)|ENOTFOUND|UND_ERR_)/.test(code)) return true;
    if (at.name === "TypeError" && /fetch failed|terminated|network/i.test(at.message)) return true;
  }
  return false;
}
