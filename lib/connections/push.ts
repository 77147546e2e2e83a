import { createHash, randomBytes } from "node:crypto";
import type { Adapter, AdapterIo } from "@/lib/contracts/adapter";
import type { Viewer } from "@/lib/contracts/viewer";
import { listCalendars } from "@/lib/db/calendar/calendars";
import type { ConnectionRow } from "@/lib/db/connections";
import { newId } from "@/lib/contracts/id";
import { dropChannel, listChannels, saveChannel } from "@/lib/db/push-channels";
import { env } from "@/lib/env";
import { requestSync } from "@/lib/db/jobs";
import { isDatabaseOutage } from "@/lib/db/statement";
import { logger } from "@/lib/logger";
import { connectionIo } from "./io";

const renewBeforeMs = 24 * 60 * 60_000;

/** Providers only call addresses that the world can reach over https; without one Burgeon asks by itself, now and then. */
export function webhookUrlOf(adapterId: string): string | undefined {
  const { BURGEON_WEBHOOK_URL, BURGEON_URL } = env();
  const base = BURGEON_WEBHOOK_URL ?? (BURGEON_URL.startsWith("https://") ? BURGEON_URL : undefined);
  return base && `${base}/api/webhooks/${adapterId}`;
}

export const hashToken = (token: string): string => createHash("sha256").update(token).digest("hex");

/** Keeps a channel open for every calendar of the connection. That one cannot be opened is no fault of the synchronisation. */
export async function renewPush(viewer: Viewer, connection: ConnectionRow, adapter: Adapter, io: AdapterIo) {
  const address = webhookUrlOf(adapter.manifest.id);
  if (!adapter.push || address === undefined) return;
  const channels = await listChannels(viewer, connection.id);
  const open = channels.filter(({ expiresAt }) => expiresAt.getTime() > Date.now());
  const until = Date.now() + renewBeforeMs;
  const covered = new Set(
    channels.filter(({ expiresAt }) => expiresAt.getTime() > until).map(({ calendarId }) => calendarId),
  );
  const calendars = (await listCalendars(viewer)).filter(({ connectionId }) => connectionId === connection.id);
  for (const { sourceId } of calendars) {
    if (covered.has(sourceId)) continue;
    try {
      const channel = { id: newId("chan"), token: randomBytes(32).toString("base64url"), address };
      const { resourceId, expiresAt } = await adapter.push.watch(io, sourceId, channel);
      await saveChannel(viewer, {
        ...{ id: channel.id, connectionId: connection.id, calendarId: sourceId },
        ...{ resourceId, expiresAt, tokenHash: hashToken(channel.token) },
      });
      // What changed between the reading and the opening was told to nobody.
      if (!open.some(({ calendarId }) => calendarId === sourceId))
        await requestSync({ userId: viewer.userId, connectionId: connection.id });
      // The new one stands before the old one goes, so that nothing is missed between them.
      for (const old of channels.filter(({ calendarId }) => calendarId === sourceId)) {
        await adapter.push.stop(io, old);
        await dropChannel(viewer, old.id);
      }
    } catch (cause) {
      if (isDatabaseOutage(cause)) throw cause;
      io.signal.throwIfAborted();
      // Some calendars, such as those of holidays, tell nobody of anything.
      logger.warn({ room: "connections", connectionId: connection.id, cause }, "no push channel, polling goes on");
    }
  }
}

/** Closes the channels of a connection that ends. */
export async function stopPush(viewer: Viewer, connection: ConnectionRow, adapter: Adapter, signal: AbortSignal) {
  if (!adapter.push) return;
  const io = connectionIo(viewer, connection.id, adapter, signal);
  for (const channel of await listChannels(viewer, connection.id)) {
    await adapter.push.stop(io, channel);
    await dropChannel(viewer, channel.id);
  }
}
