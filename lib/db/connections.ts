import type { ConnectionState, Skipped, Warning } from "@/lib/contracts/connection";
import { AppError } from "@/lib/contracts/errors";
import { newId } from "@/lib/contracts/id";
import type { Caller, System, Viewer } from "@/lib/contracts/viewer";
import { appendAudit } from "./audit";
import { isLocked } from "./lock";
import { type SealedSecret, storeSealed } from "./secrets";
import { execute, inTransaction } from "./statement";
import { toStorableJson, toStorableText } from "./storable-json";

export interface ConnectionRow {
  id: string;
  userId: string;
  adapter: string;
  accountKey: string;
  title: string;
  state: ConnectionState;
  warning: Warning | null;
  notice: Warning | null;
  skipped: Skipped | null;
  /** While it is being ended: whether its accounts and transactions stay. */
  keepsHistory: boolean;
  isWriteAllowed: boolean;
  consentExpiresAt: Date | null;
  tokenVersion: number;
  failures: number;
  lastTriedAt: Date | null;
  lastGoodAt: Date | null;
  nextAt: Date | null;
  createdAt: Date;
  isSyncing: boolean;
}

const columns = `c.id, c."userId", c.adapter, c."accountKey", c.title, c.state, c.warning, c.notice, c.skipped, c."keepsHistory", c."isWriteAllowed",
  c."consentExpiresAt", c."tokenVersion", c.failures, c."lastTriedAt", c."lastGoodAt", c."nextAt", c."createdAt",
  ${isLocked("connection-sync", "c.id")} AS "isSyncing"`;

/** The scope under which the vault keeps what a connection needs. */
export const secretScopeOf = (connectionId: string): string => `connection:${connectionId}`;

export interface NewConnection {
  adapter: string;
  accountKey: string;
  title: string;
  isWriteAllowed: boolean;
  consentExpiresAt?: Date;
  /** Makes the sealed tokens for the id that the connection got. Stored with it or not at all. */
  seal?(connectionId: string): SealedSecret;
}

/**
 * Keeps a connection that a person just made. The same account again is the same connection: it gets the new tokens, and is
 * synchronised at once.
 */
export async function saveConnection(viewer: Viewer, input: NewConnection): Promise<{ id: string; isNew: boolean }> {
  return inTransaction(async (client) => {
    const { rows } = await client.query<{ id: string; isNew: boolean }>({
      name: "save-connection",
      text: `INSERT INTO "Connection" (id, "userId", adapter, "accountKey", title, state, "isWriteAllowed", "consentExpiresAt", "tokenVersion", "nextAt", "createdAt", "updatedAt")
             VALUES ($1, $2, $3, $4, $5, 'active', $6, $7, 1, clock_timestamp(), clock_timestamp(), clock_timestamp())
             ON CONFLICT ("userId", adapter, "accountKey") DO UPDATE SET title = excluded.title, state = 'active',
               "isWriteAllowed" = excluded."isWriteAllowed", "consentExpiresAt" = excluded."consentExpiresAt",
               "tokenVersion" = "Connection"."tokenVersion" + 1, "nextAt" = excluded."nextAt", failures = 0, notice = NULL,
               "updatedAt" = excluded."updatedAt"
             RETURNING id, xmax = 0 AS "isNew"`,
      values: [
        newId("conn"),
        viewer.userId,
        input.adapter,
        input.accountKey,
        toStorableText(input.title),
        input.isWriteAllowed,
        input.consentExpiresAt ?? null,
      ],
    });
    const saved = rows[0];
    if (!saved) throw new Error("save-connection returned no row");
    if (input.seal) await storeSealed(viewer, input.seal(saved.id), client);
    await appendAudit(
      viewer,
      {
        action: saved.isNew ? "connection-made" : "connection-renewed",
        subject: saved.id,
        detail: { adapter: input.adapter, isWriteAllowed: input.isWriteAllowed },
      },
      client,
    );
    return saved;
  });
}

/** The viewer's connections, in the order they were made. */
export async function listConnectionRows(viewer: Viewer): Promise<ConnectionRow[]> {
  const { rows } = await execute<ConnectionRow>({
    name: "list-connections",
    text: `SELECT ${columns} FROM "Connection" c WHERE c."userId" = $1 ORDER BY c."createdAt", c.id`,
    values: [viewer.userId],
  });
  return rows;
}

/** @throws AppError not-found when the viewer has no such connection */
export async function getConnectionRow(viewer: Viewer, connectionId: string): Promise<ConnectionRow> {
  const { rows } = await execute<ConnectionRow>({
    name: "get-connection",
    text: `SELECT ${columns} FROM "Connection" c WHERE c."userId" = $1 AND c.id = $2`,
    values: [viewer.userId, connectionId],
  });
  if (!rows[0]) throw new AppError("not-found", "There is no such connection.");
  return rows[0];
}

/** The viewer's connection of an account at a provider; null when there is none. */
export async function findConnectionOfKey(viewer: Viewer, adapter: string, accountKey: string): Promise<string | null> {
  const { rows } = await execute<{ id: string }>({
    name: "find-connection-of-key",
    text: `SELECT id FROM "Connection" WHERE "userId" = $1 AND adapter = $2 AND "accountKey" = $3`,
    values: [viewer.userId, adapter, accountKey],
  });
  return rows[0]?.id ?? null;
}

/** Whose account a provider speaks of. For webhooks, which name no person of ours. */
export async function findConnectionOfAccount(
  _caller: System,
  adapter: string,
  accountKey: string,
): Promise<{ id: string; userId: string } | null> {
  const { rows } = await execute<{ id: string; userId: string }>({
    name: "find-connection-of-account",
    text: `SELECT id, "userId" FROM "Connection" WHERE adapter = $1 AND "accountKey" = $2 AND state <> 'disconnecting' LIMIT 1`,
    values: [adapter, accountKey],
  });
  return rows[0] ?? null;
}

/**
 * Connections whose time has come and that nobody is at, across users: when one is due next is known at its end only. One that
 * waits for a sign-in has no time, unless its provider says that the sign-in was mended.
 */
export async function listDueConnections(_caller: System, limit: number): Promise<{ id: string; userId: string }[]> {
  const { rows } = await execute<{ id: string; userId: string }>({
    name: "list-due-connections",
    text: `SELECT c.id, c."userId" FROM "Connection" c WHERE c."nextAt" <= clock_timestamp()
             AND NOT ${isLocked("connection-sync", "c.id")} ORDER BY c."nextAt" LIMIT $1`,
    values: [limit],
  });
  return rows;
}

/**
 * Replaces the tokens, in one write with when the consent ends, unless somebody changed them since `tokenVersion` was read.
 * @returns false when somebody did: read again
 */
export async function replaceTokens(
  viewer: Viewer,
  connectionId: string,
  change: {
    tokenVersion: number;
    sealed: SealedSecret;
    consentExpiresAt?: Date;
  },
): Promise<boolean> {
  return inTransaction(async (client) => {
    const { rowCount } = await client.query({
      name: "replace-tokens",
      text: `UPDATE "Connection" SET "tokenVersion" = "tokenVersion" + 1,
               "consentExpiresAt" = coalesce($4, "consentExpiresAt"), "updatedAt" = clock_timestamp()
             WHERE "userId" = $1 AND id = $2 AND "tokenVersion" = $3`,
      values: [viewer.userId, connectionId, change.tokenVersion, change.consentExpiresAt ?? null],
    });
    if (rowCount === 0) return false;
    await storeSealed(viewer, change.sealed, client);
    return true;
  });
}

/**
 * What became of a try. A good one clears every warning; a notice that the consent will end gives way to the date, where one is known.
 * One that is being ended keeps a time for the next try, whoever reports.
 * @param outcome.dueAt when it was due as the try began: somebody who made it due meanwhile has news that the try may have
 * missed, and it stays due
 * @param outcome.consentExpiresAt as the provider says now; null: it does not end. Left out: nothing was said, and what is known stays
 * @param outcome.skipped null: everything could be read. Left out: nothing was read, and what is known stays
 * @returns true when it is due again already
 */
export async function recordTry(
  viewer: Viewer,
  connectionId: string,
  outcome: {
    isGood: boolean;
    warning: Warning | null;
    nextInMs: number | null;
    needsReauth?: boolean;
    dueAt?: Date | null;
    consentExpiresAt?: Date | null;
    skipped?: Skipped | null;
  },
): Promise<boolean> {
  const { rows } = await execute<{ isDue: boolean | null }>({
    name: "record-try",
    text: `UPDATE "Connection" SET "lastTriedAt" = clock_timestamp(), warning = CASE WHEN $3::boolean THEN NULL ELSE $4::jsonb END,
             "lastGoodAt" = CASE WHEN $3::boolean THEN clock_timestamp() ELSE "lastGoodAt" END,
             skipped = CASE WHEN $9::boolean THEN $10::jsonb ELSE skipped END,
             "consentExpiresAt" = CASE WHEN $11::boolean THEN $12::timestamptz ELSE "consentExpiresAt" END,
             notice = CASE WHEN $12::timestamptz IS NOT NULL AND notice->>'code' = 'expires' THEN NULL ELSE notice END,
             failures = CASE WHEN $3::boolean OR $4::jsonb IS NULL THEN 0 ELSE failures + 1 END,
             state = CASE WHEN state = 'disconnecting' THEN state WHEN $6::boolean THEN 'needs_reauth' WHEN $3::boolean THEN 'active' ELSE state END,
             "nextAt" = CASE WHEN $7::boolean AND "nextAt" IS DISTINCT FROM $8::timestamptz AND "nextAt" <= clock_timestamp() THEN "nextAt"
               WHEN $6::boolean AND state <> 'disconnecting' THEN NULL
               ELSE coalesce(clock_timestamp() + $5::double precision * interval '1 ms', CASE WHEN state = 'disconnecting' THEN "nextAt" END) END,
             "updatedAt" = clock_timestamp()
           WHERE "userId" = $1 AND id = $2 RETURNING "nextAt" <= clock_timestamp() AS "isDue"`,
    values: [
      viewer.userId,
      connectionId,
      outcome.isGood,
      outcome.warning === null ? null : toStorableJson(outcome.warning),
      outcome.nextInMs,
      outcome.needsReauth ?? false,
      outcome.dueAt !== undefined,
      outcome.dueAt ?? null,
      outcome.skipped !== undefined,
      outcome.skipped ? toStorableJson(outcome.skipped) : null,
      outcome.consentExpiresAt !== undefined,
      outcome.consentExpiresAt ?? null,
    ],
  });
  return rows[0]?.isDue ?? false;
}

/**
 * Changes what a provider told by itself, or a person asked for: when to try next, what to tell the person.
 * @param change.notice null: the person settled it
 */
export async function adjustConnection(
  viewer: Viewer,
  connectionId: string,
  change: {
    state?: "active" | "needs_reauth";
    warning?: Warning;
    notice?: Warning | null;
    isDueNow?: boolean;
    title?: string;
  },
): Promise<void> {
  const { rowCount } = await execute({
    name: "adjust-connection",
    text: `UPDATE "Connection" SET state = coalesce($3, state), warning = coalesce($4::jsonb, warning),
             title = coalesce($5, title), notice = CASE WHEN $7::boolean THEN $8::jsonb ELSE notice END,
             "nextAt" = CASE WHEN $6::boolean THEN clock_timestamp() WHEN $3 = 'needs_reauth' THEN NULL ELSE "nextAt" END, "updatedAt" = clock_timestamp()
           WHERE "userId" = $1 AND id = $2`,
    values: [
      viewer.userId,
      connectionId,
      change.state ?? null,
      change.warning === undefined ? null : toStorableJson(change.warning),
      change.title === undefined ? null : toStorableText(change.title),
      change.isDueNow ?? false,
      change.notice !== undefined,
      change.notice ? toStorableJson(change.notice) : null,
    ],
  });
  if (rowCount === 0) throw new AppError("not-found", "There is no such connection.");
}

export interface Holdings {
  connectionId: string;
  calendars: number;
  events: number;
  accounts: number;
  transactions: number;
}

/** How much each of the viewer's connections brought. */
export async function listHoldings(viewer: Caller & { userId: string }): Promise<Holdings[]> {
  const { rows } = await execute<Holdings>({
    name: "list-holdings",
    text: `SELECT c.id AS "connectionId",
             (SELECT count(*)::int FROM "Calendar" k WHERE k."connectionId" = c.id) AS calendars,
             (SELECT count(*)::int FROM "CalendarEvent" e JOIN "Calendar" k ON k.id = e."calendarId" WHERE k."connectionId" = c.id) AS events,
             (SELECT count(*)::int FROM "FinancialAccount" a WHERE a."connectionId" = c.id) AS accounts,
             (SELECT count(*)::int FROM "FinancialTransaction" t JOIN "FinancialAccount" a ON a.id = t."accountId" WHERE a."connectionId" = c.id) AS transactions
           FROM "Connection" c WHERE c."userId" = $1`,
    values: [viewer.userId],
  });
  return rows;
}
