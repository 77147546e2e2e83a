import { getAdapter } from "@/lib/adapters/registry";
import type { Adapter } from "@/lib/contracts/adapter";
import { AppError } from "@/lib/contracts/errors";
import type { Viewer } from "@/lib/contracts/viewer";
import {
  adjustConnection,
  type ConnectionRow,
  deleteConnection,
  getConnectionRow,
  recordTry,
} from "@/lib/db/connections";
import { logger } from "@/lib/logger";
import { stopPush } from "./push";
import { findTokens } from "./tokens";
import { toWarning } from "./warnings";

const upstreamMs = 15_000;
const retryMs = 10 * 60_000;

/**
 * Ends a connection: first at the provider, then here, where its tokens are destroyed. When the provider cannot be reached, the
 * connection does nothing any more and Burgeon goes on trying to end it there.
 * @param keepHistory keeps accounts and transactions; calendars always go
 */
export async function disconnect(
  viewer: Viewer,
  connectionId: string,
  keepHistory: boolean,
): Promise<"ended" | "ending"> {
  const connection = await getConnectionRow(viewer, connectionId);
  await adjustConnection(viewer, connectionId, { state: "disconnecting" });
  const adapter = getAdapter(connection.adapter);
  return finishDisconnect(viewer, connection, adapter, AbortSignal.timeout(upstreamMs), keepHistory);
}

/** One try to end it at the provider. Whether the history is kept was decided when it began; without a word it is. */
export async function finishDisconnect(
  viewer: Viewer,
  connection: ConnectionRow,
  adapter: Adapter,
  signal: AbortSignal,
  keepHistory = true,
): Promise<"ended" | "ending"> {
  try {
    await endUpstream(viewer, connection, adapter, signal);
  } catch (cause) {
    // Tokens the provider takes no more, or that cannot be opened, end nothing there; here they can be destroyed all the same.
    const isHopeless = cause instanceof AppError && ["auth-expired", "refused", "not-found"].includes(cause.code);
    if (!isHopeless) {
      await recordTry(viewer, connection.id, {
        isGood: false,
        warning: toWarning(cause, adapter.manifest.title),
        nextInMs: retryMs,
      });
      logger.warn(
        { room: "connections", connectionId: connection.id, cause },
        "could not end a connection upstream yet",
      );
      return "ending";
    }
  }
  await deleteConnection(viewer, connection.id, keepHistory);
  return "ended";
}

async function endUpstream(viewer: Viewer, connection: ConnectionRow, adapter: Adapter, signal: AbortSignal) {
  await stopPush(viewer, connection, adapter, signal);
  const tokens = await findTokens(viewer, connection.id);
  if (!tokens) return;
  if (adapter.oauth) await adapter.oauth.revoke({ token: tokens.refreshToken ?? tokens.accessToken, signal });
  if (adapter.link) await adapter.link.remove({ accessToken: tokens.accessToken, signal });
}
