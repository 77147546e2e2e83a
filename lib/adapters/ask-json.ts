import type { z } from "zod";
import type { AdapterIo, OutsideAnswer, OutsideRequest } from "../contracts/adapter";
import { AppError } from "../contracts/errors";
import { readRetryAfter } from "../contracts/retry-after";

export interface JsonRequest<Schema extends z.ZodType> {
  /** Who is asked, as people call them: the subject of every sentence about it. */
  service: string;
  url: string;
  /** Of the answer, unknown fields allowed. */
  schema: Schema;
  options?: OutsideRequest;
  /** What a status means at this service; undefined: what it means everywhere. The body is foreign text: for looking, not showing. */
  readFailure?: (answer: OutsideAnswer, body: unknown) => AppError | undefined;
}

const defaults = { timeoutMs: 10_000, maxBytes: 2 * 1024 * 1024 };

/**
 * Asks a service that answers in JSON. Nothing of the request is part of a failure, neither its address nor its headers: they
 * may hold a key.
 * @throws AppError rate-limited, refused, or unavailable; what ended the work when it was stopped
 */
export async function askJson<Schema extends z.ZodType>(
  io: AdapterIo,
  request: JsonRequest<Schema>,
): Promise<z.output<Schema>> {
  const { service, schema } = request;
  const answer = await send(io, request);
  const body = readBody(answer.body);
  if (answer.status < 200 || answer.status >= 300)
    throw request.readFailure?.(answer, body) ?? readStatus(service, answer, io.now());
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const paths = parsed.error.issues.slice(0, 5).map((issue) => `${issue.code} at ${issue.path.join(".")}`);
  throw new AppError("unavailable", `${service} answered with something that Burgeon cannot read. Try again later.`, {
    cause: new Error(`${service}: ${paths.join("; ")}`),
  });
}

/** What statuses mean at services that do not say more. */
export function readStatus(service: string, { status, headers }: OutsideAnswer, now: Date): AppError {
  const cause = new Error(`${service}: status ${status}`);
  const retryAfterMs = readRetryAfter(headers["retry-after"], now);
  if (status === 429)
    return new AppError("rate-limited", `${service} was asked too often. Burgeon can ask again in a while.`, {
      cause,
      retryAfterMs,
    });
  if (status === 401 || status === 403)
    return new AppError("refused", `${service} does not let Burgeon in.`, {
      cause,
      hint: "The owner of this installation can check its settings under Connections.",
    });
  if (status >= 500)
    return new AppError("unavailable", `${service} does not work at the moment. Try again later.`, {
      cause,
      retryAfterMs,
    });
  return new AppError("unavailable", `${service} did not accept the request. Burgeon cannot answer this now.`, {
    cause,
  });
}

async function send<Schema extends z.ZodType>(io: AdapterIo, request: JsonRequest<Schema>): Promise<OutsideAnswer> {
  try {
    return await io.fetch(request.url, { ...defaults, ...request.options });
  } catch (cause) {
    io.signal.throwIfAborted();
    if (cause instanceof AppError) throw cause;
    throw new AppError("unavailable", `${request.service} could not be reached. Try again later.`, { cause });
  }
}

/** Undefined for what is not JSON: no schema takes it. */
function readBody(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}
