import type { z } from "zod";
import { AppError } from "@/lib/contracts/errors";
import { toInvalid } from "./error-response";

/** Enough for a pasted OpenAPI document. A route that takes files asks for more. */
const usualBytes = 2 * 1024 * 1024;
const maxDepth = 64;

/** The parsed JSON body. @throws AppError invalid when it is no JSON, too large, too deep, or of another shape */
export async function readBody<Schema extends z.ZodType>(
  request: Request,
  schema: Schema,
  maxBytes = usualBytes,
): Promise<z.output<Schema>> {
  const type = request.headers.get("content-type") ?? "";
  if (!/^application\/json\s*(;|$)/i.test(type))
    throw new AppError("invalid", "The body must be JSON, with the header Content-Type: application/json.");
  const text = new TextDecoder().decode(await readBytes(request, maxBytes));
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new AppError("invalid", "The body is not valid JSON.", { cause });
  }
  if (isDeeperThan(value, maxDepth))
    throw new AppError("invalid", `The body is nested more than ${maxDepth} levels deep.`);
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw toInvalid(parsed.error, "body");
  return parsed.data;
}

/** The body as it came, for what is signed over its bytes. @throws AppError invalid when it is too large */
export async function readBytes(request: Request, limitBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > limitBytes) throw new AppError("invalid", `The body is larger than ${limitBytes / 1024 / 1024} MB.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levels === 0) return true;
  return Object.values(value).some((member) => isDeeperThan(member, levels - 1));
}
