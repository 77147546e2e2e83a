import { AppError } from "@/lib/contracts/errors";
import { EgressError, vettedFetch } from "@/lib/egress/fetch";
import type { LoadedPage } from "./generate/source";

const maxBytes = 4 * 1024 * 1024;
const timeoutMs = 20_000;

/** Loads what a build starts from, through the egress rules. @throws AppError */
export async function loadPage(url: string, signal: AbortSignal): Promise<LoadedPage> {
  try {
    const response = await vettedFetch(url, {
      headers: { accept: "application/json, application/yaml, text/yaml, text/html;q=0.5, */*;q=0.1" },
      timeoutMs,
      maxBytes,
      signal,
    });
    return {
      status: response.status,
      contentType: response.headers["content-type"] ?? "",
      text: new TextDecoder().decode(response.body),
      url: response.url,
    };
  } catch (cause) {
    if (!(cause instanceof EgressError) || signal.aborted) throw cause;
    const hint =
      cause.failure === "blocked"
        ? "Whoever runs Burgeon can allow one address of the local network with BURGEON_EGRESS_ALLOW=host:port."
        : "Check the address, or paste the document instead.";
    throw new AppError(cause.failure === "blocked" ? "refused" : "unavailable", `${cause.message}.`, { cause, hint });
  }
}
