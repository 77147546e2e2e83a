import { errorBodySchema } from "@/lib/contracts/errors";

/** What went wrong, in words for a person; `hint` says what to do. */
export class ApiFailure extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly hint?: string,
  ) {
    super(message);
    this.name = "ApiFailure";
  }
}

/**
 * Calls Burgeon's own API from the browser and returns the parsed reply.
 * @param headers such as `if-match`, beside those of the body
 * @throws ApiFailure with the server's sentence, or one of our own when the server was not reached
 */
export async function sendJson<T>(
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<T> {
  const response = await fetch(path, {
    method,
    headers: method === "GET" ? headers : { ...headers, "content-type": "application/json" },
    body: method === "GET" ? undefined : JSON.stringify(body ?? {}),
  }).catch(() => {
    throw new ApiFailure("unreachable", "Burgeon did not answer.", "Check that it is still running, then try again.");
  });
  const reply: unknown = await response.json().catch(() => null);
  if (response.ok) return reply as T;
  const failure = errorBodySchema.safeParse(reply);
  if (failure.success)
    throw new ApiFailure(failure.data.error.code, failure.data.error.message, failure.data.error.hint);
  throw new ApiFailure(
    "unknown",
    `Burgeon answered with status ${response.status}.`,
    "Try again; if it stays, look at the log.",
  );
}

/** The sentence of any failure, for an alert next to the control that caused it. */
export function describeFailure(error: unknown): string {
  if (error instanceof ApiFailure) return error.hint ? `${error.message} ${error.hint}` : error.message;
  return "Something went wrong. Try again.";
}
