import type { TransactionFilter } from "@/lib/contracts/finance";
import type { Viewer } from "@/lib/contracts/viewer";
import { toStorableText } from "../storable-json";

export interface Condition {
  /** SQL over a transaction `t`. */
  where: string;
  values: unknown[];
}

/**
 * What counts for a viewer and fits the filter. Doubles and the transactions of hidden accounts count nowhere.
 *
 * The statements made of it have no name: which index is best depends on the words and dates, and a statement without a
 * name is planned for its very values.
 */
export function conditionOf(viewer: Viewer, filter: TransactionFilter): Condition {
  const values: unknown[] = [viewer.userId];
  const place = (value: unknown) => `$${values.push(value)}`;
  const conditions = [
    `t."userId" = $1 AND t."mergedIntoId" IS NULL`,
    // Looked up once, not for each row. Said of the hidden ones, so that the index of the dates or words is the one to use.
    `t."accountId" <> ALL (ARRAY(
       SELECT a.id FROM "FinancialAccount" a LEFT JOIN "FinancialAccount" r ON r.id = a."mergedIntoId"
       WHERE a."userId" = $1 AND COALESCE(r."isHidden", a."isHidden")))`,
  ];
  const add = (value: unknown, sql: (at: string) => string) => {
    if (value !== undefined) conditions.push(sql(place(value)));
  };
  add(
    filter.accountId,
    (at) => `t."accountId" = ANY (ARRAY(
       SELECT a.id FROM "FinancialAccount" a JOIN "FinancialAccount" f ON COALESCE(f."mergedIntoId", f.id) = COALESCE(a."mergedIntoId", a.id)
       WHERE f.id = ${at} AND f."userId" = $1 AND a."userId" = $1))`,
  );
  add(filter.category, (at) => `t.category = ${at}`);
  add(filter.company, (at) => `t.company = ${at}`);
  add(filter.kind, (at) => `t.kind = ${at}`);
  add(filter.currency, (at) => `t.currency = ${at}`);
  add(filter.from, (at) => `t.date >= ${at}::date`);
  add(filter.to, (at) => `t.date <= ${at}::date`);
  add(filter.minMinor, (at) => `(t."amountMinor" >= ${at}::bigint OR t."amountMinor" <= -${at}::bigint)`);
  add(filter.maxMinor, (at) => `t."amountMinor" BETWEEN -${at}::bigint AND ${at}::bigint`);
  add(filter.isPending, (at) => `t."isPending" = ${at}::boolean`);
  add(filter.text === undefined ? undefined : toStorableText(filter.text), (at) => `t.search @@ ${searchQuery(at)}`);
  return { where: conditions.join(" AND "), values };
}

/** What people write in a search box, where every word may go on: "star" finds Starbucks. Folded as the text that is searched. */
function searchQuery(at: string): string {
  return `regexp_replace(websearch_to_tsquery('simple', fold_text(${at}))::text, '''([^'']+)''', '''\\1'':*', 'g')::tsquery`;
}
