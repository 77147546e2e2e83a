import { adapters, getAdapter } from "@/lib/adapters/registry";
import { AppError } from "@/lib/contracts/errors";
import { asSystem, type Viewer } from "@/lib/contracts/viewer";
import { getConnectionRow } from "@/lib/db/connections";
import { financeStore } from "@/lib/db/finance/finance-store";
import { withLock } from "@/lib/db/lock";
import { takeFromBucket } from "@/lib/db/rate-buckets";
import { isDatabaseOutage } from "@/lib/db/statement";
import { connectionIo } from "./io";
import { recordFailure } from "./sync";

/** Banks take seconds, and each time they are asked may cost. */
const oncePerMinute = { capacity: 1, perMinute: 1 };
const askMs = 60_000;

/** Whether connections of this kind can be asked for balances at once. */
export function canRefreshBalances(adapterId: string): boolean {
  return adapters.some(({ manifest, refreshBalances }) => manifest.id === adapterId && refreshBalances !== undefined);
}

/**
 * Has the balances of one connection read at the bank itself, because the person asks. What goes wrong is kept with the
 * connection as after a synchronisation; a success clears nothing there, since no transaction was read.
 * @throws AppError not-found, invalid when this kind cannot, conflict while it is synchronised, rate-limited within a minute of
 * the last time, auth-expired, or what the bank's side said
 */
export async function refreshBalances(viewer: Viewer, connectionId: string): Promise<void> {
  // Whose it is comes before whether somebody is at it.
  await getConnectionRow(viewer, connectionId);
  const isDone = await withLock("connection-sync", connectionId, { wait: false }, async () => {
    await askOnce(viewer, connectionId);
    return true;
  });
  if (isDone) return;
  throw new AppError(
    "conflict",
    "Burgeon is synchronising this connection right now, so the bank was not asked again.",
    {
      hint: "Try again in a moment.",
    },
  );
}

async function askOnce(viewer: Viewer, connectionId: string): Promise<void> {
  const connection = await getConnectionRow(viewer, connectionId);
  const adapter = getAdapter(connection.adapter);
  const { title } = connection;
  if (!adapter.refreshBalances)
    throw new AppError("invalid", `${title} cannot be asked for balances; they come with each synchronisation.`);
  if (connection.state === "needs_reauth")
    throw new AppError("auth-expired", `${title} no longer accepts Burgeon's sign-in, so it was not asked.`, {
      hint: "Sign in again on Connections.",
    });
  if (connection.state === "disconnecting")
    throw new AppError("conflict", `${title} is being disconnected, so it was not asked.`);
  const decision = await takeFromBucket(asSystem("auth"), `balances:${connectionId}`, oncePerMinute);
  if (!decision.allowed)
    throw new AppError("rate-limited", `${title} was asked less than a minute ago, so it was not asked again.`, {
      hint: `Try again in ${Math.ceil(decision.retryAfterMs / 1000)} seconds.`,
      retryAfterMs: decision.retryAfterMs,
    });
  const signal = AbortSignal.timeout(askMs);
  try {
    await adapter.refreshBalances(
      connectionIo(viewer, connectionId, adapter, signal),
      financeStore(viewer, connectionId),
    );
  } catch (cause) {
    if (isDatabaseOutage(cause)) throw cause;
    const failure = signal.aborted ? tookTooLong(title, cause) : cause;
    const { code: _, message, hint } = await recordFailure(viewer, connection, adapter.manifest.title, failure);
    throw failure instanceof AppError ? failure : new AppError("unavailable", message, { cause, hint });
  }
}

function tookTooLong(title: string, cause: unknown): AppError {
  return new AppError("unavailable", `${title} did not answer within a minute. The balances stay as they were.`, {
    cause,
    hint: "Try again later.",
  });
}
