import { z } from "zod";

/** Every failure a person or a program may see has one of these codes. Anything else is a bug. */
export const errorCodes = [
  "not-found",
  "invalid",
  "conflict",
  "needs-approval",
  "auth-required",
  "auth-expired",
  "forbidden",
  "rate-limited",
  "unavailable",
  "refused",
  "budget-exhausted",
] as const;
export type ErrorCode = (typeof errorCodes)[number];

/** The one JSON shape of an error over HTTP: `{ error: { code, message, hint? } }`. */
export const errorBodySchema = z.object({
  error: z.object({ code: z.string(), message: z.string(), hint: z.string().optional() }),
});
export type ErrorBody = z.infer<typeof errorBodySchema>;

/**
 * A failure whose message is safe to show: it names who failed, what we did and what the person can do,
 * and holds no secret and no foreign text. The cause is for the log only.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly hint?: string;
  /** Milliseconds after which trying again makes sense. */
  readonly retryAfterMs?: number;

  constructor(
    code: ErrorCode,
    safeMessage: string,
    options: { cause?: unknown; hint?: string; retryAfterMs?: number } = {},
  ) {
    super(safeMessage, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "AppError";
    this.code = code;
    this.hint = options.hint;
    this.retryAfterMs = options.retryAfterMs;
  }
}
