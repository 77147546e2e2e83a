import { AppError } from "@/lib/contracts/errors";
import type { Viewer } from "@/lib/contracts/viewer";
import { appendAudit } from "./audit";
import { secretScopeOf } from "./connections";
import { forgetAccounts } from "./finance/forget-accounts";
import { execute, inTransaction } from "./statement";

/**
 * From now on the connection only ends. What becomes of its history is kept with it however long its provider takes, and the
 * latest choice counts; that it is due soon brings it back when whoever ends it dies.
 * @throws AppError not-found when the viewer has no such connection
 */
export async function markEnding(viewer: Viewer, connectionId: string, keepsHistory: boolean): Promise<void> {
  const { rowCount } = await execute({
    name: "mark-connection-ending",
    text: `UPDATE "Connection" SET state = 'disconnecting', "keepsHistory" = $3, notice = NULL,
             warning = CASE WHEN state = 'disconnecting' THEN warning END,
             failures = CASE WHEN state = 'disconnecting' THEN failures ELSE 0 END,
             "nextAt" = clock_timestamp() + interval '1 minute', "updatedAt" = clock_timestamp()
           WHERE "userId" = $1 AND id = $2`,
    values: [viewer.userId, connectionId, keepsHistory],
  });
  if (rowCount === 0) throw new AppError("not-found", "There is no such connection.");
}

/**
 * Forgets a connection that is disconnecting: its tokens, calendars and cursors, and its accounts and transactions where that was
 * chosen last.
 * @param isProviderTold false: it could not be, with the token there was, or the person gave up waiting for it
 * @returns false when it is gone already, or was connected again meanwhile
 */
export async function deleteConnection(
  viewer: Viewer,
  connectionId: string,
  { isProviderTold }: { isProviderTold: boolean },
): Promise<boolean> {
  return inTransaction(async (client) => {
    // Not FOR UPDATE: a synchronisation that still writes holds the money's lock and only needs the row to be there.
    const { rows } = await client.query<{ keepHistory: boolean }>({
      name: "lock-ending-connection",
      text: `SELECT "keepsHistory" AS "keepHistory" FROM "Connection" WHERE "userId" = $1 AND id = $2 AND state = 'disconnecting' FOR NO KEY UPDATE`,
      values: [viewer.userId, connectionId],
    });
    if (!rows[0]) return false;
    const { keepHistory } = rows[0];
    if (!keepHistory) await forgetAccounts(client, viewer, connectionId);
    await client.query({
      name: "delete-secrets-of-connection",
      text: `DELETE FROM "Secret" WHERE "userId" = $1 AND scope = $2`,
      values: [viewer.userId, secretScopeOf(connectionId)],
    });
    await client.query({
      name: "delete-connection",
      text: `DELETE FROM "Connection" WHERE "userId" = $1 AND id = $2`,
      values: [viewer.userId, connectionId],
    });
    const detail = { keepHistory, isProviderTold };
    await appendAudit(viewer, { action: "connection-ended", subject: connectionId, detail }, client);
    return true;
  });
}
