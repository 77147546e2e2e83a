import type { Viewer } from "@/lib/contracts/viewer";
import { calendarStore } from "./calendar/calendar-store";
import { listCalendars } from "./calendar/calendars";
import { findEventId } from "./calendar/events";
import { pool } from "./client";
import { saveAttempt } from "./connect-attempts";
import { saveConnection, secretScopeOf } from "./connections";
import { putPlace } from "./places";
import { putProfile } from "./profile";
import { saveChannel } from "./push-channels";

/** A connection and one of everything that hangs on it. Every text holds the word "zebra". */
export interface PlantedConnection {
  connectionId: string;
  calendarId: string;
  eventId: string;
  accountId: string;
  transactionId: string;
  ruleId: string;
  mergeId: string;
  importId: string;
  placeId: string;
}

export const attempt = { stateHash: "zebra state", sessionHash: "zebra session", adapter: "google-calendar" };
export const account = { adapter: "google-calendar", accountKey: "zebra key" };
export const channelId = "chan_zebra";
export const plainEvent = {
  ...{
    id: "zebra-event",
    title: "Feed the zebra",
    attendees: [],
    status: "confirmed" as const,
    location: "zebra house",
  },
  start: { at: "2026-11-30T09:00:00Z", timeZone: "Europe/Berlin" },
  end: { at: "2026-11-30T10:00:00Z", timeZone: "Europe/Berlin" },
};
export const zooCalendar = {
  ...{ id: "zebra-calendar", title: "zebra", timeZone: "Europe/Berlin", color: null },
  ...{ access: "write" as const, isPrimary: true },
};

/** Plants it for the viewer. The ids of the money are fixed parts and the viewer's own id. */
export async function plantConnection(owner: Viewer): Promise<PlantedConnection> {
  const { id: connectionId } = await saveConnection(owner, {
    ...account,
    ...{ title: "zebra@example.test", isWriteAllowed: true },
    seal: (id) => ({ scope: secretScopeOf(id), name: "tokens", sealed: Buffer.from("zebra"), keyId: "k" }),
  });
  const store = calendarStore(owner, connectionId);
  await store.saveCalendars([zooCalendar]);
  const change = { calendarId: zooCalendar.id, isFull: true, upserts: [plainEvent], removed: [], cursor: "zebra" };
  await store.commit(change);
  const calendarId = (await listCalendars(owner))[0]?.id ?? "";
  const eventId = (await findEventId(owner, calendarId, plainEvent.id)) ?? "";
  const channel = { id: `${channelId}_${owner.userId}`, connectionId, calendarId: zooCalendar.id, resourceId: "zebra" };
  await saveChannel(owner, { ...channel, tokenHash: "zebra", expiresAt: new Date(Date.now() + 86_400_000) });
  await saveAttempt(owner, {
    ...attempt,
    ...{ stateHash: `${attempt.stateHash} ${owner.userId}`, connectionId },
    ...{ sealedVerifier: Buffer.from("zebra"), keyId: "k", redirectUri: "http://zebra.test" },
  });
  await putProfile(owner, { timeZone: "Pacific/Chatham", currency: "XXX", transport: "cycling" });
  const place = { name: "zebra house", aliases: ["zebras"], label: "zebra", latitude: 1, longitude: 2, timeZone: null };
  const { id: placeId } = await putPlace(owner, place);
  return { connectionId, calendarId, eventId, placeId, ...(await plantMoney(owner, connectionId)) };
}

async function plantMoney({ userId }: Viewer, connectionId: string) {
  const ids = {
    ...{ accountId: `acc_${userId}`, transactionId: `txn_${userId}`, ruleId: `rule_${userId}` },
    ...{ mergeId: `merge_${userId}`, importId: `imp_${userId}` },
  };
  const query = (text: string, values: unknown[]) => pool().query(text, values);
  await query(
    `INSERT INTO "FinancialAccount" (id, "userId", "connectionId", "sourceId", name, type, currency, "balanceMinor", institution)
     VALUES ($1, $2, $3, 'zebra', 'zebra', 'checking', 'CAD', 1, 'zebra bank')`,
    [ids.accountId, userId, connectionId],
  );
  await query(
    `INSERT INTO "FinancialTransaction" (id, "userId", "accountId", "sourceId", date, "amountMinor", currency, merchant, company, category, kind)
     VALUES ($1, $2, $3, 'zebra', '2026-11-01', -100, 'CAD', 'zebra', 'zebra', 'zebra', 'expense')`,
    [ids.transactionId, userId, ids.accountId],
  );
  await query(
    `INSERT INTO "CategoryRule" (id, "userId", position, pattern, category) VALUES ($1, $2, 1, 'zebra', 'zebra')`,
    [ids.ruleId, userId],
  );
  await query(
    `INSERT INTO "MergeLog" (id, "userId", kind, "keptId", "mergedId", reason, detail) VALUES ($1, $2, 'transactions', 'zebra', 'zebra', 'zebra', '{}')`,
    [ids.mergeId, userId],
  );
  await query(
    `INSERT INTO "FileImport" (id, "userId", "connectionId", name, digest, rows, added, known, problems) VALUES ($1, $2, $3, 'zebra', 'zebra', 1, 1, 0, '[]')`,
    [ids.importId, userId, connectionId],
  );
  return ids;
}
