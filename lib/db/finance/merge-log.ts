import { AppError } from "@/lib/contracts/errors";
import type { MergeView } from "@/lib/contracts/finance";
import type { Viewer } from "@/lib/contracts/viewer";
import { execute, inTransaction, type Queryable } from "../statement";
import { sortingColumns } from "./categories";

type MergeRow = Omit<MergeView, "createdAt" | "undoneAt"> & { createdAt: Date; undoneAt: Date | null };

/** Doubles of a transaction of the account `m."mergedId"` and another one, either of which may be the one that is kept. */
const isOfAccounts = `x.kind = 'transactions' AND x."userId" = m."userId" AND EXISTS (
  SELECT 1 FROM "FinancialTransaction" d JOIN "FinancialTransaction" k ON k.id = d."mergedIntoId"
  WHERE d.id = x."mergedId" AND k.id = x."keptId" AND (d."accountId" = m."mergedId") <> (k."accountId" = m."mergedId"))`;

const columns = `m.id, m.kind, m.reason, m."keptId", m."mergedId", m."createdAt", m."undoneAt",
  CASE m.kind WHEN 'transactions' THEN (SELECT jsonb_build_object('company', k.company, 'date', k.date, 'amountMinor', k."amountMinor",
    'currency', k.currency) FROM "FinancialTransaction" k WHERE k.id = m."keptId" AND k."userId" = m."userId") END AS kept,
  CASE m.kind WHEN 'categories' THEN jsonb_array_length(m.detail->'rows') WHEN 'transactions' THEN 1 ELSE
    (SELECT count(*)::int FROM "MergeLog" x WHERE x."undoneAt" IS NULL AND ${isOfAccounts}) END AS count`;

/**
 * What Burgeon took for the same or changed in bulk, newest first: accounts with the number of their doubles, and sortings.
 * @param options.before id of the last entry of the page before
 */
export async function listMerges(
  viewer: Viewer,
  options: { before?: string; limit?: number } = {},
): Promise<MergeView[]> {
  return readMerges(viewer, `m.kind IN ('accounts', 'categories')`, options);
}

/** The doubles of one merged account, each of which can be split by itself. */
export async function listMergedTransactions(
  viewer: Viewer,
  mergeId: string,
  options: { before?: string; limit?: number } = {},
): Promise<MergeView[]> {
  const isOfIt = `m.kind = 'transactions' AND EXISTS (
    SELECT 1 FROM "MergeLog" o JOIN "FinancialTransaction" d ON d.id = m."mergedId" JOIN "FinancialTransaction" k ON k.id = m."keptId"
    WHERE o.id = $4 AND o."userId" = $1 AND o.kind = 'accounts' AND (d."accountId" = o."mergedId") <> (k."accountId" = o."mergedId"))`;
  return readMerges(viewer, isOfIt, options, mergeId);
}

async function readMerges(
  viewer: Viewer,
  condition: string,
  { before, limit }: { before?: string; limit?: number },
  ...more: unknown[]
): Promise<MergeView[]> {
  const { rows } = await execute<MergeRow>({
    name: more.length === 0 ? "list-merges" : "list-merged-transactions",
    text: `SELECT ${columns} FROM "MergeLog" m WHERE m."userId" = $1 AND ${condition}
             AND ($2::text IS NULL OR (m."createdAt", m.id) < (SELECT b."createdAt", b.id FROM "MergeLog" b WHERE b.id = $2 AND b."userId" = $1))
           ORDER BY m."createdAt" DESC, m.id DESC LIMIT $3`,
    values: [viewer.userId, before ?? null, Math.min(Math.max(limit ?? 50, 1), 200), ...more],
  });
  return rows.map(toView);
}

/**
 * Takes an entry of the merge log back: doubles count again, accounts are two again, rows are sorted as before where nobody
 * changed them since. What was split is not merged again by itself. Doing it twice does it once.
 * @returns how many transactions it put back
 * @throws AppError not-found when the viewer has no such entry
 */
export async function splitMerge(viewer: Viewer, mergeId: string): Promise<{ changed: number }> {
  return inTransaction(async (client) => {
    const { rows } = await client.query<{ kind: string; mergedId: string | null; isUndone: boolean }>({
      name: "take-merge",
      text: `SELECT kind, "mergedId", "undoneAt" IS NOT NULL AS "isUndone" FROM "MergeLog"
             WHERE id = $2 AND "userId" = $1 AND kind IN ('accounts', 'transactions', 'categories') FOR UPDATE`,
      values: [viewer.userId, mergeId],
    });
    const [entry] = rows;
    if (!entry) throw new AppError("not-found", "There is no such entry of the merge log.");
    if (entry.isUndone) return { changed: 0 };
    const changed =
      entry.kind === "categories"
        ? await restoreSorting(client, viewer, mergeId)
        : entry.kind === "accounts"
          ? await splitAccount(client, viewer, mergeId)
          : await splitTransactions(client, viewer, [mergeId]);
    await markUndone(client, viewer, [mergeId]);
    return { changed };
  });
}

async function markUndone(client: Queryable, viewer: Viewer, mergeIds: readonly string[]): Promise<void> {
  await client.query({
    name: "mark-merges-undone",
    text: `UPDATE "MergeLog" SET "undoneAt" = clock_timestamp() WHERE "userId" = $1 AND id = ANY ($2::text[]) AND "undoneAt" IS NULL`,
    values: [viewer.userId, mergeIds],
  });
}

/** The kept row gives back what it took, unless it was changed since. */
async function splitTransactions(client: Queryable, viewer: Viewer, mergeIds: readonly string[]): Promise<number> {
  const { rowCount } = await client.query({
    name: "split-transactions",
    text: `WITH entries AS (SELECT * FROM "MergeLog" WHERE "userId" = $1 AND id = ANY ($2::text[]) AND kind = 'transactions'),
           kept AS (
             UPDATE "FinancialTransaction" t SET "isPending" = t."isPending" OR e.detail ? 'wasPending',
               note = CASE WHEN t.note = e.detail->>'tookNote' THEN NULL ELSE t.note END
             FROM entries e WHERE t.id = e."keptId" AND t."userId" = $1 AND e.detail <> '{}'::jsonb)
           UPDATE "FinancialTransaction" t SET "mergedIntoId" = NULL FROM entries e
           WHERE t.id = e."mergedId" AND t."mergedIntoId" = e."keptId" AND t."userId" = $1`,
    values: [viewer.userId, mergeIds],
  });
  return rowCount ?? 0;
}

async function splitAccount(client: Queryable, viewer: Viewer, mergeId: string): Promise<number> {
  const { rows } = await client.query<{ id: string }>({
    name: "list-doubles-of-account",
    text: `SELECT x.id FROM "MergeLog" m, "MergeLog" x WHERE m.id = $2 AND m."userId" = $1 AND x."undoneAt" IS NULL AND ${isOfAccounts}`,
    values: [viewer.userId, mergeId],
  });
  const ids = rows.map(({ id }) => id);
  const changed = await splitTransactions(client, viewer, ids);
  await markUndone(client, viewer, ids);
  await client.query({
    name: "split-account",
    text: `UPDATE "FinancialAccount" a SET "mergedIntoId" = NULL FROM "MergeLog" m
           WHERE m.id = $2 AND m."userId" = $1 AND a.id = m."mergedId" AND a."mergedIntoId" = m."keptId" AND a."userId" = $1`,
    values: [viewer.userId, mergeId],
  });
  return changed;
}

/** Rows that were sorted otherwise since, by hand or by rules, stay as they are. */
async function restoreSorting(client: Queryable, viewer: Viewer, mergeId: string): Promise<number> {
  const before = sortingColumns.map((name, at) => `"${name}" = r.row->'before'->>${at}`).join(", ");
  const after = sortingColumns.map((_name, at) => `r.row->'after'->>${at}`).join(", ");
  const { rowCount } = await client.query({
    name: "restore-sorting",
    text: `UPDATE "FinancialTransaction" t SET ${before}
           FROM "MergeLog" m, jsonb_array_elements(m.detail->'rows') AS r (row)
           WHERE m.id = $2 AND m."userId" = $1 AND t.id = r.row->>'id' AND t."userId" = $1
             AND (${sortingColumns.map((name) => `t."${name}"`).join(", ")}) IS NOT DISTINCT FROM (${after})`,
    values: [viewer.userId, mergeId],
  });
  return rowCount ?? 0;
}

function toView({ createdAt, undoneAt, ...row }: MergeRow): MergeView {
  return { ...row, createdAt: createdAt.toISOString(), undoneAt: undoneAt?.toISOString() ?? null };
}
