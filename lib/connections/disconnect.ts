import { getAdapter } from "@/lib/adapters/registry";
import type { Adapter } from "@/lib/contracts/adapter";
import { AppError } from "@/lib/contracts/errors";
import type { Viewer } from "@/lib/contracts/viewer";
import { type ConnectionRow, getConnectionRow, recordTry } from "@/lib/db/connections";
import { deleteConnection, markEnding } from "@/lib/db/ending";
import { isDatabaseOutage } from "@/lib/db/statement";
import { logger } from "@/lib/logger";
import { EnvelopeError } from "@/lib/vault/envelope";
import { stopPush } from "./push";
import { findTokens } from "./tokens";
import { toWarning } from "./warnings";

/** As long as a person waits; a job has more time. */
const personMs = 15_000;
const jobMs = 60_000;
/** Of that: channels that cannot be closed leave time for what matters. */
const channelsMs = 5_000;
const retryMs = 10 * 60_000;

/**
 * Ends a connection: first at the provider, then here, where its tokens are destroyed. When the provider cannot be reached, the
 * connection does nothing any more and Burgeon goes on trying to end it there.
 * @param choice.keepsHistory keeps accounts and transactions; calendars always go. Asked again before it ended, the latest counts
 * @param choice.forgetsAnyway ends it here also when this try at the provider fails, as tries before did: the person's way out
 * where a provider never answers again
 * @returns forgotten: ended here only
 * @throws AppError not-found; conflict when it is to be forgotten and nobody has tried to end it yet
 */
export async function disconnect(
  viewer: Viewer,
  connectionId: string,
  choice: { keepsHistory: boolean; forgetsAnyway?: boolean },
): Promise<"ended" | "ending" | "forgotten"> {
  const { keepsHistory, forgetsAnyway = false } = choice;
  const connection = await getConnectionRow(viewer, connectionId);
  const adapter = getAdapter(connection.adapter);
  if (forgetsAnyway) requireTried(connection, adapter);
  await markEnding(viewer, connectionId, keepsHistory);
  const state = await finishDisconnect(viewer, connection, adapter, new AbortController().signal, personMs);
  if (state === "ended" || !forgetsAnyway) return state;
  await deleteConnection(viewer, connectionId, { isProviderTold: false });
  logger.warn({ room: "connections", connectionId }, "a connection was forgotten that its provider was not told about");
  return "forgotten";
}

/** One try to end it at the provider, and then here. What becomes of its history stands with the connection. */
export async function finishDisconnect(
  viewer: Viewer,
  connection: ConnectionRow,
  adapter: Adapter,
  signal: AbortSignal,
  withinMs = jobMs,
): Promise<"ended" | "ending"> {
  const overdue = AbortSignal.timeout(withinMs);
  let isProviderTold = true;
  try {
    await endUpstream(viewer, connection, adapter, AbortSignal.any([signal, overdue]));
  } catch (cause) {
    if (isDatabaseOutage(cause)) throw cause;
    signal.throwIfAborted();
    const entry = { room: "connections", connectionId: connection.id, cause };
    if (!isHopeless(cause)) {
      const failure = overdue.aborted ? tookTooLong(adapter, withinMs, cause) : cause;
      await recordTry(viewer, connection.id, toOutcome(failure, adapter));
      logger.warn(entry, "could not end a connection upstream yet");
      return "ending";
    }
    logger.warn(entry, "nothing can be ended upstream with the token of a connection");
    isProviderTold = false;
  }
  await deleteConnection(viewer, connection.id, { isProviderTold });
  return "ended";
}

async function endUpstream(viewer: Viewer, connection: ConnectionRow, adapter: Adapter, signal: AbortSignal) {
  await tryStopPush(viewer, connection, adapter, signal);
  const tokens = await findTokens(viewer, connection.id);
  if (!tokens) return;
  if (adapter.oauth) await adapter.oauth.revoke({ token: tokens.refreshToken ?? tokens.accessToken, signal });
  if (adapter.link) await adapter.link.remove({ accessToken: tokens.accessToken, signal });
}

/** Channels that stay open end by themselves within days and tell nobody anything; an access that stays open does not. */
async function tryStopPush(viewer: Viewer, connection: ConnectionRow, adapter: Adapter, signal: AbortSignal) {
  try {
    await stopPush(viewer, connection, adapter, AbortSignal.any([signal, AbortSignal.timeout(channelsMs)]));
  } catch (cause) {
    if (isDatabaseOutage(cause)) throw cause;
    signal.throwIfAborted();
    logger.warn({ room: "connections", connectionId: connection.id, cause }, "could not close the push channels");
  }
}

/**
 * With this token nothing can be ended there, now or later: the access ended already, or nobody can read the token any more. What
 * is refused for other reasons, such as wrong keys of the installation, lives on there, and only this token can end it.
 */
function isHopeless(cause: unknown): boolean {
  if (!(cause instanceof AppError)) return false;
  const isDamaged = cause.cause instanceof EnvelopeError && cause.cause.problem === "damaged";
  return isDamaged || cause.code === "auth-expired" || cause.code === "not-found";
}

function toOutcome(cause: unknown, { manifest }: Adapter): Parameters<typeof recordTry>[2] {
  const asked = cause instanceof AppError ? (cause.retryAfterMs ?? 0) : 0;
  return { isGood: false, warning: toWarning(cause, manifest.title), nextInMs: Math.max(retryMs, asked) };
}

function tookTooLong({ manifest }: Adapter, withinMs: number, cause: unknown): AppError {
  return new AppError("unavailable", `${manifest.title} did not answer within ${withinMs / 1000} seconds.`, { cause });
}

/** Whoever forgets it while the provider would have answered leaves an access open there for nothing. */
function requireTried({ state, failures, title }: ConnectionRow, { manifest }: Adapter): void {
  if (state === "disconnecting" && failures > 0) return;
  throw new AppError(
    "conflict",
    `Burgeon has not tried to end ${title} at ${manifest.title} yet, so it was not forgotten.`,
    { hint: "Disconnect it first. If that cannot be done there, it can be forgotten afterwards." },
  );
}
