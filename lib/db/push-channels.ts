import type { System, Viewer } from "@/lib/contracts/viewer";
import { execute } from "./statement";

export interface ChannelRow {
  id: string;
  connectionId: string;
  calendarId: string;
  resourceId: string;
  tokenHash: string;
  expiresAt: Date;
}

const columns = `p.id, p."connectionId", p."calendarId", p."resourceId", p."tokenHash", p."expiresAt"`;

/** Keeps a channel that was opened for a connection of the viewer. */
export async function saveChannel(viewer: Viewer, channel: ChannelRow): Promise<void> {
  await execute({
    name: "save-channel",
    text: `INSERT INTO "PushChannel" (id, "connectionId", "calendarId", "resourceId", "tokenHash", "expiresAt")
           SELECT $1, c.id, $4, $5, $6, $7 FROM "Connection" c WHERE c.id = $2 AND c."userId" = $3`,
    values: [
      channel.id,
      channel.connectionId,
      viewer.userId,
      channel.calendarId,
      channel.resourceId,
      channel.tokenHash,
      channel.expiresAt,
    ],
  });
}

/** The open channels of one of the viewer's connections. */
export async function listChannels(viewer: Viewer, connectionId: string): Promise<ChannelRow[]> {
  const { rows } = await execute<ChannelRow>({
    name: "list-channels",
    text: `SELECT ${columns} FROM "PushChannel" p JOIN "Connection" c ON c.id = p."connectionId" WHERE c."userId" = $1 AND c.id = $2`,
    values: [viewer.userId, connectionId],
  });
  return rows;
}

/** Forgets a channel; one that is gone already changes nothing. */
export async function dropChannel(viewer: Viewer, channelId: string): Promise<void> {
  await execute({
    name: "drop-channel",
    text: `DELETE FROM "PushChannel" p USING "Connection" c WHERE p."connectionId" = c.id AND c."userId" = $1 AND p.id = $2`,
    values: [viewer.userId, channelId],
  });
}

/** Whose channel a provider calls on; the caller compares the token. */
export async function findChannel(
  _caller: System,
  channelId: string,
): Promise<{ connectionId: string; userId: string; tokenHash: string } | null> {
  const { rows } = await execute<{ connectionId: string; userId: string; tokenHash: string }>({
    name: "find-channel",
    text: `SELECT p."connectionId", c."userId", p."tokenHash" FROM "PushChannel" p JOIN "Connection" c ON c.id = p."connectionId" WHERE p.id = $1`,
    values: [channelId],
  });
  return rows[0] ?? null;
}
