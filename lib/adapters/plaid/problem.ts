import { AppError } from "../../contracts/errors";
import { readRetryAfter } from "../../contracts/retry-after";

/**
 * What Plaid said went wrong, and nothing else. The client library's own errors hold the whole request, keys and access token
 * included, so none of them leaves `client.ts`. Plaid's sentences stay out, too: only its codes are a contract.
 */
export class PlaidProblem extends Error {
  readonly errorType: string;
  readonly errorCode: string;
  /** Null: no answer came. */
  readonly httpStatus: number | null;
  /** What Plaid's support asks for. */
  readonly requestId: string | null;
  readonly retryAfterMs: number | undefined;

  constructor(facts: {
    errorType: string;
    errorCode: string;
    httpStatus: number | null;
    requestId?: string | null;
    retryAfterMs?: number;
  }) {
    super(`${facts.errorType} ${facts.errorCode}`);
    this.name = "PlaidProblem";
    this.errorType = facts.errorType;
    this.errorCode = facts.errorCode;
    this.httpStatus = facts.httpStatus;
    this.requestId = facts.requestId ?? null;
    this.retryAfterMs = facts.retryAfterMs;
  }

  /** True where the same request a moment later may well succeed. */
  get isTransient(): boolean {
    return this.httpStatus === null || this.httpStatus === 429 || this.httpStatus >= 500;
  }
}

const codePattern = /^[A-Z][A-Z0-9_]{1,80}$/;
const requestIdPattern = /^[\w-]{1,64}$/;

/** Reads the facts out of whatever the client library threw. */
export function readProblem(error: unknown, now: Date): PlaidProblem {
  const { response, code } = (error ?? {}) as { response?: unknown; code?: unknown };
  if (typeof response !== "object" || response === null)
    return new PlaidProblem({
      errorType: "NO_ANSWER",
      errorCode: typeof code === "string" && codePattern.test(code) ? code : "UNKNOWN",
      httpStatus: null,
    });
  const { status, data, headers } = response as { status?: unknown; data?: unknown; headers?: unknown };
  const body = (typeof data === "object" && data !== null ? data : {}) as Record<string, unknown>;
  const read = (name: string, pattern: RegExp) => {
    const value = body[name];
    return typeof value === "string" && pattern.test(value) ? value : null;
  };
  const httpStatus = typeof status === "number" ? status : 0;
  const retryAfter = (headers as Record<string, unknown> | undefined)?.["retry-after"];
  return new PlaidProblem({
    errorType: read("error_type", codePattern) ?? "UNKNOWN",
    errorCode: read("error_code", codePattern) ?? `HTTP_${httpStatus}`,
    httpStatus,
    requestId: read("request_id", requestIdPattern),
    retryAfterMs: typeof retryAfter === "string" ? readRetryAfter(retryAfter, now) : undefined,
  });
}

/** Whether an error of ours was caused by this code of Plaid's. */
export function hasPlaidCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof AppError && error.cause instanceof PlaidProblem && codes.includes(error.cause.errorCode);
}

/** The item is no more: removed, or its token belongs to nothing. */
export const goneCodes = ["ITEM_NOT_FOUND", "INVALID_ACCESS_TOKEN", "ITEM_CONCURRENTLY_DELETED"] as const;
const revokedCodes = new Set<string>([...goneCodes, "USER_PERMISSION_REVOKED", "USER_ACCOUNT_REVOKED"]);

/** Codes of the type ITEM_ERROR that a new sign-in cannot mend. */
const itemRefusals = new Set([
  "ITEM_NOT_SUPPORTED",
  "NO_ACCOUNTS",
  "NO_AUTH_ACCOUNTS",
  "NO_INVESTMENT_ACCOUNTS",
  "NO_LIABILITY_ACCOUNTS",
  "PRODUCTS_NOT_SUPPORTED",
  "PRODUCT_NOT_ENABLED",
  "ITEM_PRODUCT_NOT_READY",
]);

/** The one translation of Plaid's errors. By type and code only: its sentences may change at any time. */
export function toAppError(problem: PlaidProblem): AppError {
  const options = { cause: problem, retryAfterMs: problem.retryAfterMs };
  const { errorType, errorCode, httpStatus } = problem;
  if (errorType === "RATE_LIMIT_EXCEEDED" || httpStatus === 429)
    return new AppError("rate-limited", "Plaid asks Burgeon to slow down. Burgeon tries again later.", {
      ...options,
      retryAfterMs: problem.retryAfterMs ?? 60_000,
    });
  if (revokedCodes.has(errorCode))
    return new AppError("auth-expired", "This bank connection is no longer known to Plaid. Connect the bank again.", {
      ...options,
    });
  if (errorCode === "INVALID_PUBLIC_TOKEN")
    return new AppError(
      "refused",
      "Plaid did not take this sign-in: it was used already or is too old. Sign in again.",
      {
        ...options,
      },
    );
  if (errorCode === "PRODUCT_NOT_READY" || errorCode === "ITEM_PRODUCT_NOT_READY")
    return new AppError(
      "unavailable",
      "The bank's data is not ready at Plaid yet. Burgeon tries again later.",
      options,
    );
  if (errorCode === "INSTITUTION_NO_LONGER_SUPPORTED")
    return new AppError("refused", "Plaid no longer supports this bank. Its data here stays as it is.", options);
  if (errorType === "INSTITUTION_ERROR")
    return new AppError(
      "unavailable",
      "The bank does not answer Plaid at the moment. Burgeon tries again later.",
      options,
    );
  if (errorCode === "TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION")
    return new AppError(
      "conflict",
      "The bank's data changed while Burgeon read it. Burgeon tries again later.",
      options,
    );
  if (errorType === "ITEM_ERROR" && !itemRefusals.has(errorCode))
    return new AppError("auth-expired", "The bank asks you to sign in again. Reconnect it to go on.", options);
  if (errorCode === "ADDITIONAL_CONSENT_REQUIRED")
    return new AppError("auth-expired", "The bank asks for your consent again. Reconnect it to go on.", options);
  if (errorCode === "INVALID_API_KEYS" || errorCode === "UNAUTHORIZED_ENVIRONMENT")
    return new AppError("refused", "Plaid did not take this installation's keys.", {
      ...options,
      hint: "Check PLAID_CLIENT_ID, PLAID_SECRET and PLAID_ENV.",
    });
  if (httpStatus === null)
    return new AppError("unavailable", "Plaid could not be reached. Burgeon tries again later.", options);
  if (httpStatus >= 500 || errorType === "API_ERROR" || errorType === "UNKNOWN")
    return new AppError("unavailable", "Plaid has a problem of its own. Burgeon tries again later.", options);
  return new AppError("refused", "Plaid refused what Burgeon asked for, so nothing was changed.", options);
}
