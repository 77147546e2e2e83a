export type EgressFailure = "blocked" | "timeout" | "too_large" | "network" | "too_many_redirects" | "aborted";

/** Why a request was not made or not finished. The message is safe to show: it holds no header, body or query. */
export class EgressError extends Error {
  constructor(
    readonly failure: EgressFailure,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = "EgressError";
  }
}
