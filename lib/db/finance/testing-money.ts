import type { SourceAccount, SourceTransaction } from "@/lib/contracts/adapter";
import type { TransactionFilter, TransactionView } from "@/lib/contracts/finance";
import { newId } from "@/lib/contracts/id";
import type { Viewer } from "@/lib/contracts/viewer";
import { pool } from "../client";
import { financeStore } from "./finance-store";
import { listTransactions } from "./transactions";

/** A connection of the viewer's, as connecting makes one. */
export async function testConnection(viewer: Viewer, more: { adapter?: string; title?: string } = {}): Promise<string> {
  const id = newId("conn");
  await pool().query(
    `INSERT INTO "Connection" (id, "userId", adapter, "accountKey", title, state, "lastGoodAt") VALUES ($1, $2, $3, $1, $4, 'active', now())`,
    [id, viewer.userId, more.adapter ?? "plaid", more.title ?? "Test Bank"],
  );
  return id;
}

export function account(more: Partial<SourceAccount> = {}): SourceAccount {
  return { id: "acc-1", name: "Chequing", type: "checking", balance: money(100_000), ...more };
}

export function transaction(more: Partial<SourceTransaction> = {}): SourceTransaction {
  const id = more.id ?? "t1";
  return {
    id,
    at: "2026-11-03",
    amount: money(-450),
    merchant: "STARBUCKS 800",
    accountId: "acc-1",
    pending: false,
    ...more,
  };
}

export function money(amountMinor: number, currency = "CAD") {
  return { amountMinor, currency };
}

/** One synchronisation. */
export async function sync(
  viewer: Viewer,
  connectionId: string,
  change: { accounts?: SourceAccount[]; transactions?: SourceTransaction[]; removed?: string[]; cursor?: string },
) {
  return financeStore(viewer, connectionId).commit({
    accounts: change.accounts ?? [account()],
    transactions: change.transactions ?? [],
    removed: change.removed ?? [],
    cursor: change.cursor ?? null,
  });
}

/** Every transaction that counts, page after page. */
export async function listAll(viewer: Viewer, filter: TransactionFilter = {}): Promise<TransactionView[]> {
  const all: TransactionView[] = [];
  let cursor: string | undefined;
  do {
    const page = await listTransactions(viewer, filter, { limit: 200, ...(cursor ? { cursor } : {}) });
    all.push(...page.transactions);
    cursor = page.next ?? undefined;
  } while (cursor);
  return all;
}

/** Everything that is stored of a person's money, without ids of logs and times. */
export async function readMoneyRows(viewer: Viewer): Promise<unknown> {
  const tables = ["FinancialAccount", "FinancialTransaction", "CategoryRule", "SyncCursor", "FileImport", "MergeLog"];
  const found: Record<string, unknown> = {};
  for (const table of tables) {
    const isOwn =
      table === "SyncCursor" ? `"connectionId" IN (SELECT id FROM "Connection" WHERE "userId" = $1)` : `"userId" = $1`;
    const { rows } = await pool().query(`SELECT to_jsonb(t) AS row FROM "${table}" t WHERE ${isOwn} ORDER BY 1`, [
      viewer.userId,
    ]);
    found[table] = rows.map(({ row }) => row);
  }
  return found;
}
