import type { Adapter, AdapterIo, OutsideAnswer, OutsideRequest } from "@/lib/contracts/adapter";
import { AppError } from "@/lib/contracts/errors";
import type { Viewer } from "@/lib/contracts/viewer";
import { EgressError, vettedFetch } from "@/lib/egress/fetch";
import { freshAccessToken } from "./tokens";

/** What one connection of the viewer lends its adapter for a piece of work. */
export function connectionIo(viewer: Viewer, connectionId: string, adapter: Adapter, signal: AbortSignal): AdapterIo {
  return {
    ...outsideIo(signal),
    accessToken: (refused) => freshAccessToken(viewer, connectionId, adapter, refused),
  };
}

/** The same for sources that nobody signs in to. */
export function outsideIo(signal: AbortSignal): AdapterIo {
  return {
    accessToken: () => Promise.reject(new Error("open data has no access token")),
    fetch: (url, options) => fetchOutside(url, options ?? {}, signal),
    signal,
    now: () => new Date(),
  };
}

async function fetchOutside(url: string, options: OutsideRequest, signal: AbortSignal): Promise<OutsideAnswer> {
  try {
    const { status, headers, body } = await vettedFetch(url, { ...options, signal });
    return { status, headers, body };
  } catch (cause) {
    if (!(cause instanceof EgressError)) throw cause;
    // Why the work was ended is told by whoever ended it.
    signal.throwIfAborted();
    const code = cause.failure === "blocked" ? "refused" : "unavailable";
    throw new AppError(code, cause.message, { cause });
  }
}
