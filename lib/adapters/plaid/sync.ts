import { z } from "zod";
import type { AdapterIo, FinanceStore, SourceAccount, SourceTransaction, SyncReport } from "../../contracts/adapter";
import type { Skipped } from "../../contracts/connection";
import { AppError } from "../../contracts/errors";
import { logger } from "../../logger";
import type { PlaidClient } from "./client";
import { consentEndOf, mapAccount, mapTransaction, plaidAccountSchema, plaidTransactionSchema } from "./map";
import { hasPlaidCode } from "./problem";

const log = logger.child({ room: "adapter", adapter: "plaid" });
/** The most that Plaid gives. */
const pageSize = 500;
/** 730 days of a busy household are about 20 pages; a loop that goes on for ever ends here. */
const maxPages = 400;
const maxRestarts = 5;

/** What is used of an answer of /transactions/sync; its transactions are read one by one, so that a bad one spoils no other. */
const pageSchema = z.object({
  added: z.array(z.unknown()),
  modified: z.array(z.unknown()),
  removed: z.array(z.object({ transaction_id: z.string().min(1) })),
  next_cursor: z.string(),
  has_more: z.boolean(),
  transactions_update_status: z.string(),
});

interface Collected {
  upserts: Map<string, SourceTransaction>;
  removed: Set<string>;
  skipped: { id: string | null; reason: string }[];
  cursor: string;
  status: string;
  /** Read without a cursor: with the status "historical" this is all there is. */
  isFromStart: boolean;
}

/**
 * Brings an item's transactions and balances. Either all pages and the cursor after them are kept, or nothing is; so it may be
 * killed at any point and started again. One at a time per item: the host holds the lock.
 */
export async function syncFinance(client: PlaidClient, io: AdapterIo, store: FinanceStore): Promise<SyncReport> {
  const accessToken = await io.accessToken();
  const first = await store.cursor();
  const collected = await collectAfter(client, { accessToken, cursor: first, signal: io.signal });
  const { accounts, consentExpiresAt } = await readAccounts(client, { accessToken, signal: io.signal });
  const { upserts, removed, status, isFromStart } = collected;
  const skipped = tellSkipped(collected.skipped);
  const isComplete = status !== "NOT_READY" && status !== "INITIAL_UPDATE_COMPLETE";
  // Plaid gives no cursor while nothing is ready: then the one from before stays, or none. A refused one stays until everything
  // could be read, so that what went meanwhile is found.
  const isOldKept = collected.cursor === "" || (isFromStart && !isComplete && first !== null);
  const unread = collected.skipped.flatMap(({ id }) => id ?? []);
  const result = await store.commit({
    accounts,
    transactions: [...upserts.values()],
    removed: [...removed],
    // One without an id could be any of those that seem to be gone.
    isFull: isFromStart && status === "HISTORICAL_UPDATE_COMPLETE" && unread.length === collected.skipped.length,
    unread,
    cursor: isOldKept ? first : collected.cursor,
  });
  return { isComplete, consentExpiresAt, ...result, ...(skipped ? { skipped } : {}) };
}

/** Asks the bank itself for balances, which takes seconds and is billed per request; `syncFinance` brings those Plaid holds. */
export async function refreshBalances(client: PlaidClient, io: AdapterIo, store: FinanceStore): Promise<SyncReport> {
  const accessToken = await io.accessToken();
  const { accounts } = await readAccounts(client, { accessToken, signal: io.signal, isLive: true });
  const result = await store.commit({ accounts, transactions: [], removed: [] });
  return { isComplete: true, ...result };
}

interface Loop {
  accessToken: string;
  cursor: string | null;
  signal: AbortSignal;
}

/** Starts again from the loop's first cursor when the data changed under it: pages of two states do not fit together. */
async function collectAfter(client: PlaidClient, loop: Loop): Promise<Collected> {
  let cursor = loop.cursor;
  for (let restarts = 0; ; restarts++) {
    try {
      return await collectPages(client, { ...loop, cursor });
    } catch (error) {
      if (hasPlaidCode(error, "TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION") && restarts < maxRestarts) continue;
      // A cursor that Plaid knows no more. The other fields never change, so it is what INVALID_FIELD means here.
      if (hasPlaidCode(error, "INVALID_FIELD") && cursor !== null) {
        log.warn({ code: "cursor-refused" }, "Plaid refused the cursor; everything is read again");
        cursor = null;
        continue;
      }
      throw error;
    }
  }
}

async function collectPages(client: PlaidClient, { accessToken, cursor, signal }: Loop): Promise<Collected> {
  const collected: Collected = {
    upserts: new Map(),
    removed: new Set(),
    skipped: [],
    cursor: cursor ?? "",
    status: "",
    isFromStart: cursor === null,
  };
  for (let page = 0; page < maxPages; page++) {
    const answer = await client.call(
      (api, options) =>
        api.transactionsSync(
          {
            access_token: accessToken,
            count: pageSize,
            ...(collected.cursor ? { cursor: collected.cursor } : {}),
            options: { include_original_description: true },
          },
          options,
        ),
      { signal },
    );
    const read = readAnswer(pageSchema, answer);
    takePage(collected, read);
    if (!read.has_more) return collected;
    signal.throwIfAborted();
  }
  throw new AppError(
    "unavailable",
    "Plaid's list of transactions has no end. Burgeon kept what it had and tries again later.",
  );
}

function takePage(collected: Collected, page: z.output<typeof pageSchema>): void {
  // The same cursor again would be the same page for ever.
  if (page.has_more && page.next_cursor === collected.cursor)
    throw new AppError("unavailable", "Plaid answered with the same page twice. Burgeon tries again later.");
  for (const foreign of [...page.added, ...page.modified]) {
    const read = plaidTransactionSchema.safeParse(foreign);
    if (!read.success) {
      collected.skipped.push({ id: readId(foreign), reason: "an unknown shape" });
      continue;
    }
    const mapped = mapTransaction(read.data);
    if ("reason" in mapped) {
      collected.skipped.push(mapped);
      // What was stored under this id before is not true any more.
      collected.upserts.delete(mapped.id);
      collected.removed.add(mapped.id);
    } else {
      collected.upserts.set(mapped.id, mapped);
      collected.removed.delete(mapped.id);
    }
  }
  for (const { transaction_id: id } of page.removed) {
    collected.upserts.delete(id);
    collected.removed.add(id);
  }
  collected.cursor = page.next_cursor;
  collected.status = page.transactions_update_status;
}

/** All accounts: /transactions/sync names only those with news. */
async function readAccounts(
  client: PlaidClient,
  { accessToken, signal, isLive = false }: { accessToken: string; signal: AbortSignal; isLive?: boolean },
): Promise<{ accounts: SourceAccount[]; consentExpiresAt: Date | null }> {
  const request = { access_token: accessToken };
  const { accounts, item } = await client.call(
    (api, options) => (isLive ? api.accountsBalanceGet(request, options) : api.accountsGet(request, options)),
    { signal },
  );
  return {
    accounts: readAnswer(z.array(plaidAccountSchema), accounts).map((account) =>
      mapAccount(account, item.institution_name ?? null),
    ),
    consentExpiresAt: consentEndOf(item),
  };
}

function readAnswer<T extends z.ZodType>(schema: T, answer: unknown): z.output<T> {
  const read = schema.safeParse(answer);
  if (read.success) return read.data;
  throw new AppError("unavailable", "Plaid answered in a shape that Burgeon does not know. Burgeon tries again later.");
}

function readId(foreign: unknown): string | null {
  const id = (foreign as { transaction_id?: unknown } | null)?.transaction_id;
  return typeof id === "string" ? id : null;
}

/** Nothing is dropped silently: the log has the ids, the person the reasons. */
function tellSkipped(skipped: Collected["skipped"]): Skipped | undefined {
  if (skipped.length === 0) return undefined;
  const reasons = [...new Set(skipped.map(({ reason }) => reason))];
  log.warn(
    { count: skipped.length, reasons, ids: skipped.slice(0, 20).map(({ id }) => id) },
    "Transactions were left out",
  );
  return { count: skipped.length, reasons };
}
