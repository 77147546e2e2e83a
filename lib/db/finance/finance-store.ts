import type { FinanceStore, SourceAccount, SourceTransaction } from "@/lib/contracts/adapter";
import { AppError } from "@/lib/contracts/errors";
import { newId } from "@/lib/contracts/id";
import type { Viewer } from "@/lib/contracts/viewer";
import { compileRules } from "@/lib/finance/categorize";
import { noCurrency } from "@/lib/finance/recognise-account";
import { execute, inTransaction, type Queryable } from "../statement";
import { toStorableText } from "../storable-json";
import { type MergeResult, mergeDoubles, recogniseAccounts } from "./merge-doubles";
import { readRules } from "./rules";
import {
  listMissing,
  type Placed,
  removeTransactions,
  replacePending,
  type WriteResult,
  writeTransactions,
} from "./write-transactions";

const stream = "transactions";

export interface SourceChange {
  accounts: readonly SourceAccount[];
  transactions: readonly SourceTransaction[];
  removed: readonly string[];
  isFull?: boolean;
  unread?: readonly string[];
}

export interface StoreOptions {
  /** Of the person: an instant becomes a day there. */
  timeZone?: string;
}

/**
 * Where a finance adapter puts what it found for one connection of the viewer's. What was read after one cursor is kept only while
 * that cursor still stands: somebody who was held up so long that another read meanwhile takes nothing back.
 * Both functions throw AppError not-found when the viewer has no such connection; `commit` conflict when another one was quicker.
 */
export function financeStore(viewer: Viewer, connectionId: string, options: StoreOptions = {}): FinanceStore {
  let readAfter: { cursor: string | null } | undefined;
  return {
    async cursor() {
      readAfter = { cursor: await readCursor(viewer, connectionId) };
      return readAfter.cursor;
    },
    async commit({ cursor, ...change }) {
      const stored = await inTransaction(async (client) => {
        const { written, removed } = await storeChange(client, viewer, { connectionId, change, ...options });
        if (cursor !== undefined) await keepCursor(client, connectionId, cursor, readAfter);
        return { written: written.length, removed };
      });
      if (cursor !== undefined) readAfter = { cursor };
      return stored;
    },
  };
}

async function readCursor(viewer: Viewer, connectionId: string): Promise<string | null> {
  const { rows } = await execute<{ cursor: string | null }>({
    name: "read-finance-cursor",
    text: `SELECT s.cursor FROM "Connection" c LEFT JOIN "SyncCursor" s ON s."connectionId" = c.id AND s.stream = $3
           WHERE c.id = $2 AND c."userId" = $1`,
    values: [viewer.userId, connectionId, stream],
  });
  if (!rows[0]) throw connectionNotFound();
  return rows[0].cursor;
}

/**
 * Says how far was read and when, in the transaction of what was read.
 * @param after the cursor after which it was read, where there is one
 * @throws AppError conflict when that is no longer the one that is kept
 */
export async function keepCursor(
  client: Queryable,
  connectionId: string,
  cursor: string | null,
  after?: { cursor: string | null },
): Promise<void> {
  const { rowCount } = await client.query({
    name: "keep-finance-cursor",
    text: `INSERT INTO "SyncCursor" ("connectionId", stream, cursor, "syncedAt") VALUES ($1, $2, $3, clock_timestamp())
           ON CONFLICT ("connectionId", stream) DO UPDATE SET cursor = excluded.cursor, "syncedAt" = excluded."syncedAt"
           WHERE $4::boolean OR "SyncCursor".cursor IS NOT DISTINCT FROM $5`,
    values: [connectionId, stream, cursor, after === undefined, after?.cursor ?? null],
  });
  if (rowCount === 0)
    throw new AppError(
      "conflict",
      "This connection was read by somebody else meanwhile, so nothing of this reading was kept.",
    );
}

export interface StoredChange extends MergeResult {
  written: WriteResult[];
  removed: number;
  /** Ids of accounts that were not there before. */
  newAccountIds: string[];
}

/**
 * Writes what a source says: in this order, so that a posted transaction takes over the row of its pending one before that one
 * is removed. What a person wrote stays. An id that is in `transactions` and in `removed` is removed.
 * @throws AppError not-found when the viewer has no such connection
 */
export async function storeChange(
  client: Queryable,
  viewer: Viewer,
  options: StoreOptions & { connectionId: string; change: SourceChange; importId?: string },
): Promise<StoredChange> {
  const { connectionId, change, timeZone = "UTC", importId } = options;
  await lockMoney(client, viewer, connectionId);
  const rules = compileRules(await readRules(client, viewer));
  const { idOf, newAccountIds } = await writeAccounts(client, viewer, connectionId, change);
  const replaced = new Set(change.transactions.flatMap(({ replacesId }) => replacesId ?? []));
  const gone = new Set(change.removed);
  const kept = new Map<string, SourceTransaction>();
  for (const transaction of change.transactions)
    if (!gone.has(transaction.id) && !replaced.has(transaction.id))
      kept.set(`${transaction.accountId} ${transaction.id}`, transaction);
  const transactions = [...kept.values()].map((source) => ({
    source,
    accountId: idOf.get(source.accountId) ?? "",
  }));
  await replacePending(client, viewer, transactions);
  const written = await writeTransactions(client, viewer, transactions, { rules, timeZone, importId });
  const removed =
    (await removeTransactions(client, viewer, { connectionId, by: "sourceId", ids: [...gone] })) +
    (await removeMissing(client, viewer, { connectionId, change, transactions, idOf }));
  const recognised = await recogniseAccounts(client, viewer, connectionId);
  const newIds = written.filter(({ isNew }) => isNew).map(({ id }) => id);
  const merged = await mergeDoubles(client, viewer, { connectionId, newIds, recognised });
  return { written, removed, newAccountIds, ...merged };
}

/** After everything was read: what the source has no more, of the accounts that it named. @returns how many rows went */
async function removeMissing(
  client: Queryable,
  viewer: Viewer,
  told: { connectionId: string; change: SourceChange; transactions: readonly Placed[]; idOf: Map<string, string> },
): Promise<number> {
  const { connectionId, change, transactions, idOf } = told;
  if (!change.isFull) return 0;
  const accountIds = change.accounts.flatMap(({ id }) => idOf.get(id) ?? []);
  const ids = await listMissing(client, viewer, { accountIds, transactions, unread: change.unread ?? [] });
  return removeTransactions(client, viewer, { connectionId, by: "id", ids });
}

/** One change of a person's money at a time: what is a double of what is seen by both sides, or by neither. */
async function lockMoney(client: Queryable, viewer: Viewer, connectionId: string): Promise<void> {
  await client.query({
    name: "lock-money",
    text: `SELECT pg_advisory_xact_lock(hashtextextended('money ' || $1, 0))`,
    values: [viewer.userId],
  });
  const { rowCount } = await client.query({
    name: "hold-finance-connection",
    text: `SELECT 1 FROM "Connection" WHERE id = $2 AND "userId" = $1 FOR KEY SHARE`,
    values: [viewer.userId, connectionId],
  });
  if (rowCount === 0) throw connectionNotFound();
}

/** @returns our ids by the source's, of all accounts of the connection and of those that only transactions name */
async function writeAccounts(
  client: Queryable,
  viewer: Viewer,
  connectionId: string,
  { accounts, transactions }: SourceChange,
): Promise<{ idOf: Map<string, string>; newAccountIds: string[] }> {
  const currencyOf = new Map(transactions.map(({ accountId, amount }) => [accountId, amount.currency]));
  const named = new Map(accounts.map((account) => [account.id, account]));
  const { rows: known } = await client.query<{ id: string; sourceId: string }>({
    name: "list-accounts-of-connection",
    text: `SELECT id, "sourceId" FROM "FinancialAccount" WHERE "connectionId" = $2 AND "userId" = $1`,
    values: [viewer.userId, connectionId],
  });
  const idOf = new Map(known.map(({ id, sourceId }) => [sourceId, id]));
  // A transaction of an account that nobody described is still somebody's money.
  for (const id of currencyOf.keys())
    if (!named.has(id) && !idOf.has(id)) named.set(id, { id, name: "Unnamed account", type: "other", balance: null });
  const all = [...named.values()];
  const { rows } = await client.query<{ id: string; sourceId: string; isNew: boolean }>({
    name: "write-financial-accounts",
    text: `INSERT INTO "FinancialAccount" AS a (id, "userId", "connectionId", "sourceId", "persistentId", name, type, currency, "balanceMinor", "availableMinor",
             "limitMinor", "balanceAt", institution, mask, "createdAt")
           SELECT i.id, $1, $2, i."sourceId", i."persistentId", i.name, i.type, i.currency, i.balance, i.available, i."limit",
             CASE WHEN i.balance IS NULL AND i.available IS NULL THEN NULL ELSE clock_timestamp() END, i.institution, i.mask, clock_timestamp()
           FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bigint[], $10::bigint[], $11::bigint[], $12::text[], $13::text[])
             AS i (id, "sourceId", "persistentId", name, type, currency, balance, available, "limit", institution, mask)
           ON CONFLICT ("connectionId", "sourceId") DO UPDATE SET name = excluded.name, type = excluded.type,
             "persistentId" = COALESCE(excluded."persistentId", a."persistentId"), institution = COALESCE(excluded.institution, a.institution),
             mask = COALESCE(excluded.mask, a.mask),
             currency = CASE WHEN excluded.currency = '${noCurrency}' THEN a.currency ELSE excluded.currency END,
             "balanceMinor" = COALESCE(excluded."balanceMinor", a."balanceMinor"), "availableMinor" = COALESCE(excluded."availableMinor", a."availableMinor"),
             "limitMinor" = COALESCE(excluded."limitMinor", a."limitMinor"), "balanceAt" = COALESCE(excluded."balanceAt", a."balanceAt")
           RETURNING id, "sourceId", xmax = 0 AS "isNew"`,
    values: [
      viewer.userId,
      connectionId,
      all.map(() => newId("acc")),
      all.map(({ id }) => id),
      all.map(({ persistentId }) => persistentId ?? null),
      all.map(({ name }) => toStorableText(name)),
      all.map(({ type }) => type),
      all.map(
        ({ id, balance, available, limit }) =>
          (balance ?? available ?? limit)?.currency ?? currencyOf.get(id) ?? noCurrency,
      ),
      all.map(({ balance }) => balance?.amountMinor ?? null),
      all.map(({ available }) => available?.amountMinor ?? null),
      all.map(({ limit }) => limit?.amountMinor ?? null),
      all.map(({ institution }) => (institution === undefined ? null : toStorableText(institution))),
      all.map(({ mask }) => mask ?? null),
    ],
  });
  for (const { id, sourceId } of rows) idOf.set(sourceId, id);
  return { idOf, newAccountIds: rows.filter(({ isNew }) => isNew).map(({ id }) => id) };
}

function connectionNotFound(): AppError {
  return new AppError("not-found", "There is no such connection.");
}
