import type { z } from "zod";
import { AppError, type ErrorBody, type ErrorCode } from "@/lib/contracts/errors";
import { isDatabaseOutage } from "@/lib/db/statement";
import { logger } from "@/lib/logger";

/** The only place where a failure becomes a status. */
const statuses: Record<ErrorCode, number> = {
  "not-found": 404,
  invalid: 400,
  conflict: 409,
  "needs-approval": 409,
  "auth-required": 401,
  "auth-expired": 401,
  forbidden: 403,
  "rate-limited": 429,
  unavailable: 503,
  refused: 422,
  "budget-exhausted": 429,
};

/** `{ error: { code, message, hint? } }`. What is not an AppError is a bug: logged with its cause, shown without. */
export function toErrorResponse(cause: unknown, request: Request): Response {
  if (cause instanceof AppError) return respond(statuses[cause.code], cause, cause.retryAfterMs);
  const { pathname } = new URL(request.url);
  logger.error({ room: "http", method: request.method, path: pathname, cause }, "request failed");
  if (isDatabaseOutage(cause))
    return respond(
      503,
      {
        code: "unavailable",
        message: "The database does not answer.",
        hint: "Burgeon goes on by itself as soon as it is back.",
      },
      2000,
    );
  return respond(500, {
    code: "internal",
    message: "Something went wrong inside Burgeon.",
    hint: "The log of the web process has the detail.",
  });
}

/** Says which fields are wrong and why. */
export function toInvalid(error: z.ZodError, what: string): AppError {
  const problems = error.issues.slice(0, 5).map((issue) => {
    const path = issue.path.map(String).join(".");
    return path === "" ? issue.message : `${path}: ${issue.message}`;
  });
  return new AppError("invalid", `The ${what} is not valid: ${problems.join("; ").slice(0, 1000)}.`);
}

function respond(
  status: number,
  { code, message, hint }: { code: string; message: string; hint?: string },
  retryAfterMs?: number,
): Response {
  const body: ErrorBody = { error: { code, message, ...(hint === undefined ? {} : { hint }) } };
  const headers: Record<string, string> = { "cache-control": "no-store" };
  if (retryAfterMs !== undefined) headers["retry-after"] = String(Math.max(1, Math.ceil(retryAfterMs / 1000)));
  if (status === 401) headers["www-authenticate"] = "Bearer";
  return Response.json(body, { status, headers });
}
