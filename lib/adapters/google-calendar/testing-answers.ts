/** How Google answers. */

export function json(value: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(value), {
    status,
    headers: { "content-type": "application/json; charset=UTF-8", ...headers },
  });
}

/** A refusal by the Calendar API: thrown anywhere inside the fake, answered by its entrance. */
export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    readonly reason: string,
    message: string,
    readonly retryAfterSeconds?: number,
  ) {
    super(message);
  }

  toResponse(): Response {
    const { status, reason, message } = this;
    const domain = reason.startsWith("push")
      ? "push"
      : status === 403 && /imit|uota/.test(reason)
        ? "usageLimits"
        : "global";
    return json(
      { error: { code: status, message, errors: [{ domain, reason, message }] } },
      status,
      this.retryAfterSeconds === undefined ? {} : { "retry-after": String(this.retryAfterSeconds) },
    );
  }
}

/** A refusal by the sign-in (RFC 6749, section 5.2). */
export function oauthProblem(error: string, description: string, status = 400): Response {
  return json({ error, error_description: description }, status);
}

/** As when the line is cut while the answer is on its way: the work is done, the answer never comes whole. */
export function cutAnswer(): Response {
  return new Response('{"kind":', {
    status: 200,
    headers: { "content-type": "application/json", "content-length": "100000", connection: "close" },
  });
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
