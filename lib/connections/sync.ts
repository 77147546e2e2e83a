import { getAdapter } from "@/lib/adapters/registry";
import type { Adapter, SyncReport } from "@/lib/contracts/adapter";
import { AppError } from "@/lib/contracts/errors";
import type { Viewer } from "@/lib/contracts/viewer";
import { calendarStore } from "@/lib/db/calendar/calendar-store";
import { type ConnectionRow, getConnectionRow, recordTry } from "@/lib/db/connections";
import { financeStore } from "@/lib/db/finance/finance-store";
import { requestSync } from "@/lib/db/jobs";
import { withLock } from "@/lib/db/lock";
import { getTimeZone } from "@/lib/db/profile";
import { isDatabaseOutage } from "@/lib/db/statement";
import { logger } from "@/lib/logger";
import { finishDisconnect } from "./disconnect";
import { connectionIo } from "./io";
import { renewPush } from "./push";
import { toWarning } from "./warnings";

export type SyncOutcome =
  | { kind: "good"; report: SyncReport }
  | { kind: "failed"; code: string; message: string; hint?: string }
  /** Another process is at it. */
  | { kind: "busy" }
  /** Nothing is fetched for this kind of connection. */
  | { kind: "idle" };

const firstBackoffMs = 60_000;
const maxBackoffMs = 6 * 60 * 60_000;
const notReadyMs = 60_000;

/**
 * Brings one connection up to date, once at a time whoever asks. What went wrong is kept with the connection, with the time of
 * the next try; a good synchronisation clears it.
 * @throws AppError not-found when the viewer has no such connection
 */
export async function syncConnection(viewer: Viewer, connectionId: string, signal: AbortSignal): Promise<SyncOutcome> {
  const outcome = await withLock("connection-sync", connectionId, { wait: false }, async () => {
    const connection = await getConnectionRow(viewer, connectionId);
    const adapter = getAdapter(connection.adapter);
    if (connection.state === "disconnecting") {
      await finishDisconnect(viewer, connection, adapter, signal);
      return { kind: "idle" } as const;
    }
    return tryOnce(viewer, connection, adapter, signal);
  });
  return outcome ?? { kind: "busy" };
}

async function tryOnce(
  viewer: Viewer,
  connection: ConnectionRow,
  adapter: Adapter,
  signal: AbortSignal,
): Promise<SyncOutcome> {
  const { title, syncEveryMs } = adapter.manifest;
  const startedAt = Date.now();
  try {
    const report = await fetchAll(viewer, connection, adapter, signal);
    if (!report) {
      await record(viewer, connection, { isGood: true, warning: null, nextInMs: syncEveryMs });
      return { kind: "idle" };
    }
    // Not ready is no fault and no success: what is shown stays as it was.
    const everyMs = syncEveryMs === null ? null : withJitter(syncEveryMs);
    const nextInMs = report.isComplete ? everyMs : notReadyMs;
    await record(viewer, connection, {
      isGood: report.isComplete,
      warning: null,
      nextInMs,
      skipped: report.skipped ?? null,
      ...(report.consentExpiresAt === undefined ? {} : { consentExpiresAt: report.consentExpiresAt }),
    });
    logger.info(
      { room: "connections", connectionId: connection.id, ...report, durationMs: Date.now() - startedAt },
      "connection synchronised",
    );
    return { kind: "good", report };
  } catch (cause) {
    if (isDatabaseOutage(cause)) throw cause;
    signal.throwIfAborted();
    return recordFailure(viewer, connection, title, cause);
  }
}

async function fetchAll(viewer: Viewer, connection: ConnectionRow, adapter: Adapter, signal: AbortSignal) {
  const io = connectionIo(viewer, connection.id, adapter, signal);
  if (adapter.syncCalendar) {
    const report = await adapter.syncCalendar(io, calendarStore(viewer, connection.id));
    await renewPush(viewer, connection, adapter, io);
    return report;
  }
  if (adapter.syncFinance)
    return adapter.syncFinance(io, financeStore(viewer, connection.id, { timeZone: await getTimeZone(viewer) }));
  if (adapter.syncUrl) {
    // What stands in the place of a token is the feed's address.
    return adapter.syncUrl(io, await io.accessToken(), calendarStore(viewer, connection.id));
  }
  return null;
}

/** Keeps with the connection what went wrong, with the time of the next try. */
export async function recordFailure(
  viewer: Viewer,
  connection: ConnectionRow,
  title: string,
  cause: unknown,
): Promise<Extract<SyncOutcome, { kind: "failed" }>> {
  const warning = toWarning(cause, title);
  const needsReauth = cause instanceof AppError && cause.code === "auth-expired";
  const nextInMs = needsReauth ? null : backoffMs(connection.failures, cause);
  await record(viewer, connection, { isGood: false, warning, nextInMs, needsReauth });
  const entry = { room: "connections", connectionId: connection.id, code: warning.code, nextInMs };
  if (cause instanceof AppError) logger.warn(entry, "connection could not be synchronised");
  else logger.error({ ...entry, cause }, "connection could not be synchronised");
  return { kind: "failed", ...warning };
}

/** News that came during the try may be of what it had read already: then it is read once more, and at once. */
async function record(
  viewer: Viewer,
  connection: ConnectionRow,
  outcome: Parameters<typeof recordTry>[2],
): Promise<void> {
  const isDueAgain = await recordTry(viewer, connection.id, { ...outcome, dueAt: connection.nextAt });
  if (isDueAgain) await requestSync({ userId: connection.userId, connectionId: connection.id });
}

/** Doubles from a minute to six hours; what the other side asked for is the least. */
function backoffMs(failures: number, cause: unknown): number {
  const doubled = Math.min(maxBackoffMs, firstBackoffMs * 2 ** Math.min(failures, 20));
  const asked = cause instanceof AppError ? (cause.retryAfterMs ?? 0) : 0;
  return Math.max(asked, withJitter(doubled));
}

/** Up to a tenth more or less, so that a thousand connections do not ask in the same second. */
function withJitter(ms: number): number {
  return Math.round(ms * (0.9 + Math.random() * 0.2));
}
