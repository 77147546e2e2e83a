import { AppError, type ErrorCode } from "../../contracts/errors";
import { readRetryAfter } from "../../contracts/retry-after";

/** A failure of the Calendar API. `status` is null where there was no answer. */
export class GoogleError extends AppError {
  readonly status: number | null;
  readonly reason: string;
  /** The request may work when it is sent again in a while. */
  readonly isPassing: boolean;

  constructor(
    code: ErrorCode,
    message: string,
    what: { status: number | null; reason: string; isPassing?: boolean; hint?: string; retryAfterMs?: number },
  ) {
    // The library's own error holds the request and the answer, so it goes nowhere: status and reason are enough for the log.
    const cause = new Error(`Google Calendar: ${what.status ?? "no answer"}${what.reason ? `, ${what.reason}` : ""}`);
    super(code, message, { cause, hint: what.hint, retryAfterMs: what.retryAfterMs });
    this.status = what.status;
    this.reason = what.reason;
    this.isPassing = what.isPassing ?? false;
  }
}

const rateReasons = ["rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded"];
/** Spent for the day or for writing: waiting seconds does not help. */
const longReasons = ["dailyLimitExceeded", "calendarUsageLimitsExceeded"];
const longWaitMs = 60 * 60_000;

/** Translates an answer that was no success. The only table of Google's errors. */
export function readAnswer(status: number, body: unknown, retryAfter: string | null, now: Date): GoogleError {
  const reason = readReason(body);
  const retryAfterMs = readRetryAfter(retryAfter, now);
  if (status === 429 || (status === 403 && rateReasons.includes(reason)))
    return new GoogleError("rate-limited", "Google asked Burgeon to slow down. It goes on by itself in a while.", {
      status,
      reason,
      isPassing: true,
      retryAfterMs,
    });
  if (status === 403 && longReasons.includes(reason))
    return new GoogleError("rate-limited", "Google's limit for this project is used up. Burgeon tries again later.", {
      status,
      reason,
      retryAfterMs: retryAfterMs ?? longWaitMs,
    });
  if (status >= 500)
    return new GoogleError("unavailable", "Google Calendar does not work at the moment. Burgeon tries again later.", {
      status,
      reason,
      isPassing: true,
      retryAfterMs,
    });
  return readRefusal(status, reason);
}

function readRefusal(status: number, reason: string): GoogleError {
  if (reason.startsWith("push"))
    return new GoogleError(
      "refused",
      "Google does not send news about this calendar to Burgeon. It is asked instead.",
      {
        status,
        reason,
        hint: "News need a public https address whose domain is verified in the Google project.",
      },
    );
  if (status === 401)
    return new GoogleError("auth-expired", "Google does not accept Burgeon's access any more. Connect it again.", {
      status,
      reason,
    });
  if (reason === "insufficientPermissions")
    return new GoogleError("refused", "Burgeon has not been given the right for this at Google.", {
      status,
      reason,
      hint: "Connect Google Calendar again and leave every box ticked.",
    });
  if (reason === "accessNotConfigured" || reason === "SERVICE_DISABLED")
    return new GoogleError(
      "refused",
      "The Google Calendar API is switched off in this installation's Google project.",
      {
        status,
        reason,
        hint: "The owner of this installation can enable it at console.cloud.google.com.",
      },
    );
  if (status === 403)
    return new GoogleError("forbidden", "This calendar or event may not be changed with this Google account.", {
      status,
      reason,
    });
  if (status === 404 || status === 410)
    return new GoogleError("not-found", "Google Calendar has no such calendar or event any more.", { status, reason });
  if (status === 409 || status === 412)
    return new GoogleError("conflict", "The event was changed in Google Calendar meanwhile. Nothing was overwritten.", {
      status,
      reason,
    });
  return new GoogleError("invalid", "Google Calendar did not accept the request. Nothing was changed.", {
    status,
    reason,
  });
}

/** The reason of the first error: a word of Google's own, never a sentence. */
function readReason(body: unknown): string {
  const error = field(body, "error");
  const errors = field(error, "errors");
  const details = field(error, "details");
  const found =
    (Array.isArray(errors) ? field(errors[0], "reason") : undefined) ??
    (Array.isArray(details) ? field(details[0], "reason") : undefined) ??
    (typeof error === "string" ? error : undefined);
  if (found === "ACCESS_TOKEN_SCOPE_INSUFFICIENT") return "insufficientPermissions";
  return typeof found === "string" && /^[A-Za-z_.]{1,60}$/.test(found) ? found : "";
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
