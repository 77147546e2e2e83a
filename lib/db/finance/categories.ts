import {
  categorySchema,
  type TransactionFilter,
  type TransactionKind,
  type TransactionView,
} from "@/lib/contracts/finance";
import { newId } from "@/lib/contracts/id";
import type { Viewer } from "@/lib/contracts/viewer";
import { AppError } from "@/lib/contracts/errors";
import { kindOfCategory } from "@/lib/finance/categorize";
import { execute, inTransaction, type Queryable } from "../statement";
import { toStorableText } from "../storable-json";
import { conditionOf } from "./transaction-filter";
import { getTransaction, transactionNotFound } from "./transactions";

export interface Sorting {
  category: string;
  /** The one there is when left out. */
  company?: string;
  /** What the category suggests when left out. */
  kind?: TransactionKind;
}

/** How rows are sorted, for undoing: before and after. */
export const sortingColumns = ["company", "category", "kind", "categoryBy", "ruleId"] as const;
const sortingOf = (table: string) => sortingColumns.map((name) => `${table}."${name}"`).join(", ");

/**
 * Sorts one transaction by hand. No rule and no synchronisation changes it from then on.
 * @throws AppError not-found when the viewer has no such transaction
 */
export async function setCategory(viewer: Viewer, transactionId: string, sorting: Sorting): Promise<TransactionView> {
  await sortByHand(viewer, [transactionId], sorting, 1);
  return getTransaction(viewer, transactionId);
}

/**
 * Sorts several by hand at once. @returns how many changed, and the entry of the merge log that undoes it
 * @throws AppError not-found when one of them is not the viewer's: then none is changed
 */
export async function setCategories(
  viewer: Viewer,
  transactionIds: readonly string[],
  sorting: Sorting,
): Promise<{ changed: number; undoId: string | null }> {
  return sortByHand(viewer, [...new Set(transactionIds)], sorting, transactionIds.length);
}

/** The same for everything that fits a filter, which may be more than a list shows. */
export async function setCategoriesOf(
  viewer: Viewer,
  filter: TransactionFilter,
  sorting: Sorting,
): Promise<{ changed: number; undoId: string | null }> {
  const { where, values } = conditionOf(viewer, filter);
  const { rows } = await execute<{ id: string }>({
    // See `conditionOf`.
    name: "",
    text: `SELECT t.id FROM "FinancialTransaction" t WHERE ${where}`,
    values,
  });
  return sortByHand(
    viewer,
    rows.map(({ id }) => id),
    sorting,
    rows.length,
  );
}

/**
 * Writes a note on a transaction; null takes it away.
 * @throws AppError not-found when the viewer has no such transaction
 */
export async function setNote(viewer: Viewer, transactionId: string, note: string | null): Promise<TransactionView> {
  const text = note?.trim().slice(0, 2000) ?? "";
  const { rowCount } = await execute({
    name: "set-transaction-note",
    text: `UPDATE "FinancialTransaction" SET note = $3 WHERE id = $2 AND "userId" = $1`,
    values: [viewer.userId, transactionId, text === "" ? null : toStorableText(text)],
  });
  if (rowCount === 0) throw transactionNotFound();
  return getTransaction(viewer, transactionId);
}

async function sortByHand(viewer: Viewer, ids: readonly string[], sorting: Sorting, asked: number) {
  const parsed = categorySchema.safeParse(sorting.category);
  if (!parsed.success) throw new AppError("invalid", "A category is a word or a few, at most 60 letters.");
  const category = toStorableText(parsed.data);
  const company = sorting.company?.trim() ? toStorableText(sorting.company.trim().slice(0, 100)) : null;
  return inTransaction(async (client) => {
    const { rows } = await client.query<{ count: number }>({
      name: "count-own-transactions",
      text: `SELECT count(*)::int AS count FROM (SELECT 1 FROM "FinancialTransaction" WHERE "userId" = $1 AND id = ANY ($2::text[]) FOR UPDATE) t`,
      values: [viewer.userId, ids],
    });
    if (rows[0]?.count !== ids.length) throw transactionNotFound();
    // Of money that came and money that went, a category may suggest different kinds.
    const kindFor = (amountMinor: number) => sorting.kind ?? kindOfCategory(category, amountMinor);
    return changeSorting(client, viewer, {
      wanted: `SELECT t.id, COALESCE($3, t.company), $4::text, CASE WHEN t."amountMinor" > 0 THEN $5::text ELSE $6::text END, 'person', NULL::text
               FROM "FinancialTransaction" t WHERE t."userId" = $1 AND t.id = ANY ($2::text[])`,
      values: [ids, company, category, kindFor(1), kindFor(-1)],
      reason: `You sorted ${asked === 1 ? "one transaction" : `${asked} transactions`} as ${category}.`,
    });
  });
}

/**
 * Changes how rows are sorted and notes how they were, in one statement.
 * @param change.wanted SQL that gives id, company, category, kind, categoryBy and ruleId; `values` are its `$2` and up
 * @returns how many rows differ now, and the entry that undoes it; null where nothing changed
 */
export async function changeSorting(
  client: Queryable,
  viewer: Viewer,
  change: { wanted: string; values: readonly unknown[]; reason: string },
): Promise<{ changed: number; undoId: string | null }> {
  const undoId = newId("merge");
  const next = change.values.length + 2;
  const { rows } = await client.query<{ changed: number }>({
    // The text differs with what is wanted; it runs seldom.
    name: "",
    text: `WITH wanted (id, company, category, kind, "categoryBy", "ruleId") AS (${change.wanted}),
           before AS (
             SELECT t.id, ${sortingOf("t")} FROM "FinancialTransaction" t JOIN wanted w ON w.id = t.id
             WHERE t."userId" = $1 AND (${sortingOf("t")}) IS DISTINCT FROM (${sortingOf("w")}) FOR UPDATE OF t
           ), changed AS (
             UPDATE "FinancialTransaction" t SET ${sortingColumns.map((name) => `"${name}" = w."${name}"`).join(", ")}
             FROM wanted w, before b WHERE w.id = t.id AND b.id = t.id RETURNING t.id, ${sortingOf("t")}
           ), noted AS (
             INSERT INTO "MergeLog" (id, "userId", kind, reason, detail, "createdAt")
             SELECT $${next}, $1, 'categories', $${next + 1}, jsonb_build_object('rows', jsonb_agg(jsonb_build_object('id', b.id,
                 'before', jsonb_build_array(${sortingOf("b")}), 'after', jsonb_build_array(${sortingOf("c")})))), clock_timestamp()
             FROM before b JOIN changed c ON c.id = b.id HAVING count(*) > 0)
           SELECT count(*)::int AS changed FROM changed`,
    values: [viewer.userId, ...change.values, undoId, change.reason],
  });
  const changed = rows[0]?.changed ?? 0;
  return { changed, undoId: changed > 0 ? undoId : null };
}
