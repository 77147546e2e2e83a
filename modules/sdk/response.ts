import type { HttpResponse } from "./context";
import { ModuleError, type ModuleErrorCode } from "./module-error";

/** Returns the response when it is a success, and throws the fitting ModuleError when it is not. */
export function ensureOk(response: HttpResponse, what = "The service"): HttpResponse {
  if (response.ok) return response;
  throw new ModuleError(codeOf(response.status), `${what} answered with status ${response.status}.`);
}

/**
 * How long a `Retry-After` header asks to wait, in milliseconds from `now`. It holds seconds or an HTTP date.
 * null when there is none or it makes no sense; never negative.
 */
export function retryAfterMs(headers: Readonly<Record<string, string>>, now: string): number | null {
  const value = (headers["retry-after"] ?? headers["Retry-After"] ?? "").trim();
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  // A date, never a bare number with a sign or a fraction: those parse as years.
  if (!/[A-Za-z]/.test(value)) return null;
  const at = Date.parse(value);
  const from = Date.parse(now);
  return Number.isNaN(at) || Number.isNaN(from) ? null : Math.max(0, at - from);
}

function codeOf(status: number): ModuleErrorCode {
  if (status === 401 || status === 403) return "auth_invalid";
  if (status === 404 || status === 410) return "not_found";
  if (status === 429) return "rate_limited";
  if (status === 400 || status === 422) return "invalid_input";
  return "upstream";
}
