import { z } from "zod";
import { maskSecrets } from "@/lib/conversation/mask-secrets";
import { readBody, readBytes } from "@/lib/http/read-body";

const body = z.strictObject({ note: z.string().trim().max(4000).optional() });
const maxBytes = 64 * 1024;

/**
 * Why a version was decided on, in the person's words and with keys masked. Programs may send no body at all, so the route
 * cannot name the schema itself.
 * @throws AppError invalid when there is a body of another shape
 */
export async function readNote(request: Request): Promise<string | undefined> {
  const bytes = await readBytes(request, maxBytes);
  if (bytes.byteLength === 0) return undefined;
  const { method, headers } = request;
  const { note } = await readBody(new Request(request.url, { method, headers, body: new Uint8Array(bytes) }), body);
  return note ? maskSecrets(note).text : undefined;
}
