import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync, zstdDecompressSync } from "node:zlib";
import { EgressError } from "./egress-error";

interface Limit {
  maxBytes: number;
  /** Named in the failure. */
  host: string;
}

/** Collects a stream and gives up as soon as it is larger than allowed. */
export async function readLimited(stream: AsyncIterable<Uint8Array>, limit: Limit): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > limit.maxBytes) throw tooLarge(limit);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Some servers compress although we ask them not to. The limit holds for what comes out, so a bomb ends early. */
export function decodeBody(raw: Uint8Array, contentEncoding: string | undefined, limit: Limit): Uint8Array {
  const encoding = contentEncoding?.trim().toLowerCase() ?? "identity";
  if (encoding === "identity" || encoding === "" || raw.length === 0) return raw;
  const options = { maxOutputLength: limit.maxBytes };
  try {
    switch (encoding) {
      case "gzip":
      case "x-gzip":
        return gunzipSync(raw, options);
      case "br":
        return brotliDecompressSync(raw, options);
      case "zstd":
        return zstdDecompressSync(raw, options);
      case "deflate":
        // Some servers leave out the zlib header, whose low four bits are 8.
        return ((raw[0] ?? 0) & 0x0f) === 8 ? inflateSync(raw, options) : inflateRawSync(raw, options);
    }
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ERR_BUFFER_TOO_LARGE")
      throw tooLarge(limit, cause);
    throw new EgressError("network", `${limit.host} answered with a damaged body`, { cause });
  }
  throw new EgressError("network", `${limit.host} answered in an encoding that Burgeon does not read`);
}

function tooLarge({ host, maxBytes }: Limit, cause?: unknown): EgressError {
  return new EgressError("too_large", `${host} answered with more than ${maxBytes} bytes`, { cause });
}
