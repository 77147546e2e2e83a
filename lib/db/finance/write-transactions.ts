import type { SourceTransaction } from "@/lib/contracts/adapter";
import { dayIn } from "@/lib/contracts/day";
import { newId } from "@/lib/contracts/id";
import type { Viewer } from "@/lib/contracts/viewer";
import { type CompiledRules, categorize } from "@/lib/finance/categorize";
import type { Queryable } from "../statement";
import { toStorableText } from "../storable-json";

/** What a source says about one of our accounts. */
export interface Placed {
  source: SourceTransaction;
  accountId: string;
}

export interface WriteResult {
  id: string;
  isNew: boolean;
}

/** Written over an existing row only where one of these differs. */
const facts = ["date", "at", "amountMinor", "currency", "merchant", "description", "sourceCategory", "isPending"];
const factsOf = (table: string) => facts.map((name) => `${table}."${name}"`).join(", ");
/** A row is sorted anew only when what the rules look at has changed: new rules are applied when a person says so. */
const keepsSorting = `t."categoryBy" = 'person' OR (t.merchant, t.description, t."sourceCategory", sign(t."amountMinor"))
  IS NOT DISTINCT FROM (excluded.merchant, excluded.description, excluded."sourceCategory", sign(excluded."amountMinor"))`;
const sorted = ["company", "category", "kind", "categoryBy", "ruleId"];

const writeSql = `INSERT INTO "FinancialTransaction" AS t (id, "userId", "accountId", "sourceId", date, at, "amountMinor", currency, merchant,
    description, "sourceCategory", "isPending", company, category, kind, "categoryBy", "ruleId", "importId", "createdAt")
  SELECT i.id, $1, i."accountId", i."sourceId", i.date, i.at, i."amountMinor", i.currency, i.merchant, i.description, i."sourceCategory",
    i."isPending", i.company, i.category, i.kind, i."categoryBy", i."ruleId", $2, clock_timestamp()
  FROM unnest($3::text[], $4::text[], $5::text[], $6::date[], $7::timestamptz[], $8::bigint[], $9::text[], $10::text[], $11::text[], $12::text[],
    $13::boolean[], $14::text[], $15::text[], $16::text[], $17::text[], $18::text[])
    AS i (id, "accountId", "sourceId", date, at, "amountMinor", currency, merchant, description, "sourceCategory", "isPending", company,
      category, kind, "categoryBy", "ruleId")
  ON CONFLICT ("accountId", "sourceId") DO UPDATE SET ${facts.map((name) => `"${name}" = excluded."${name}"`).join(", ")},
    ${sorted.map((name) => `"${name}" = CASE WHEN ${keepsSorting} THEN t."${name}" ELSE excluded."${name}" END`).join(", ")},
    "mergedIntoId" = CASE WHEN (t."amountMinor", t.currency) = (excluded."amountMinor", excluded.currency) THEN t."mergedIntoId" END
  WHERE (${factsOf("t")}) IS DISTINCT FROM (${factsOf("excluded")})
  RETURNING t.id, t.xmax = 0 AS "isNew"`;

/**
 * Inserts and updates in one statement, the newest word of the source last. A double whose amount changed is one no more.
 * @returns the rows that were written; those that said the same already are left out
 */
export async function writeTransactions(
  client: Queryable,
  viewer: Viewer,
  transactions: readonly Placed[],
  options: {
    rules: CompiledRules;
    timeZone: string;
    importId: string | undefined;
  },
): Promise<WriteResult[]> {
  if (transactions.length === 0) return [];
  const rows = transactions.map((placed) => toRow(placed, options));
  const column = <Key extends keyof (typeof rows)[number]>(key: Key) => rows.map((row) => row[key]);
  const { rows: written } = await client.query<WriteResult>({
    name: "write-transactions",
    text: writeSql,
    values: [
      viewer.userId,
      options.importId ?? null,
      ...[column("id"), column("accountId"), column("sourceId"), column("date"), column("at"), column("amountMinor")],
      ...[column("currency"), column("merchant"), column("description"), column("sourceCategory"), column("isPending")],
      ...[column("company"), column("category"), column("kind"), column("categoryBy"), column("ruleId")],
    ],
  });
  return written;
}

function toRow({ source, accountId }: Placed, { rules, timeZone }: { rules: CompiledRules; timeZone: string }) {
  const isDay = source.at.length === 10;
  const merchant = toStorableText(source.merchant);
  const description = source.description === undefined ? null : toStorableText(source.description);
  const sourceCategory = source.sourceCategory ?? source.category ?? null;
  const { amountMinor, currency } = source.amount;
  const sortedAs = categorize({ merchant, description, sourceCategory, amountMinor }, rules);
  return {
    id: newId("txn"),
    accountId,
    sourceId: source.id,
    date: isDay ? source.at : dayIn(new Date(source.at), timeZone),
    at: isDay ? null : source.at,
    amountMinor,
    currency,
    merchant,
    description,
    sourceCategory: sourceCategory === null ? null : toStorableText(sourceCategory),
    isPending: source.pending,
    ...sortedAs,
  };
}

/**
 * A posted transaction takes over the row of its pending one, with its id, note and category. If that one was removed in an
 * earlier change, what a person wrote on it was kept for this moment.
 */
export async function replacePending(
  client: Queryable,
  viewer: Viewer,
  transactions: readonly Placed[],
): Promise<void> {
  const posted = transactions.filter(({ source }) => source.replacesId !== undefined);
  if (posted.length === 0) return;
  const values = [
    viewer.userId,
    posted.map(({ accountId }) => accountId),
    posted.map(({ source }) => source.replacesId),
    posted.map(({ source }) => source.id),
  ];
  const pairs = `unnest($2::text[], $3::text[], $4::text[]) AS i ("accountId", "oldId", "newId")`;
  await client.query({
    name: "replace-pending",
    text: `UPDATE "FinancialTransaction" t SET "sourceId" = i."newId" FROM ${pairs}
           WHERE t."userId" = $1 AND t."accountId" = i."accountId" AND t."sourceId" = i."oldId"
             AND NOT EXISTS (SELECT 1 FROM "FinancialTransaction" p WHERE p."accountId" = i."accountId" AND p."sourceId" = i."newId")`,
    values,
  });
  // Both are there when the posted one came first: then the words move, and the pending one goes.
  await client.query({
    name: "absorb-pending",
    text: `WITH gone AS (
             DELETE FROM "FinancialTransaction" t USING ${pairs} WHERE t."userId" = $1 AND t."accountId" = i."accountId" AND t."sourceId" = i."oldId"
             RETURNING t.*, i."newId")
           UPDATE "FinancialTransaction" p SET note = COALESCE(p.note, gone.note),
             ${sorted.map((name) => `"${name}" = CASE WHEN gone."categoryBy" = 'person' AND p."categoryBy" <> 'person' THEN gone."${name}" ELSE p."${name}" END`).join(", ")}
           FROM gone WHERE p."accountId" = gone."accountId" AND p."sourceId" = gone."newId"`,
    values,
  });
  await restorePending(client, values);
}

/** Puts back the row of a pending transaction that was removed before its posted form came. */
async function restorePending(client: Queryable, values: unknown[]): Promise<void> {
  await client.query({
    name: "restore-pending",
    text: `WITH found AS (
             UPDATE "MergeLog" m SET "undoneAt" = clock_timestamp()
             FROM unnest($2::text[], $3::text[], $4::text[]) AS i ("accountId", "oldId", "newId")
             WHERE m."userId" = $1 AND m.kind = 'pending' AND m."undoneAt" IS NULL AND m."mergedId" = i."oldId" AND m.detail->>'accountId' = i."accountId"
               AND NOT EXISTS (SELECT 1 FROM "FinancialTransaction" p WHERE p."accountId" = i."accountId" AND p."sourceId" = i."newId")
             RETURNING m.detail, i."newId")
           INSERT INTO "FinancialTransaction" (id, "userId", "accountId", "sourceId", date, at, "amountMinor", currency, merchant, description, "sourceCategory",
             company, category, kind, "categoryBy", "ruleId", note, "isPending", "createdAt")
           SELECT r.id, $1, r."accountId", found."newId", r.date, r.at, r."amountMinor", r.currency, r.merchant, r.description, r."sourceCategory",
             r.company, r.category, r.kind, r."categoryBy", r."ruleId", r.note, true, r."createdAt"
           FROM found, jsonb_populate_record(NULL::"FinancialTransaction", found.detail) r
           ON CONFLICT DO NOTHING`,
    values,
  });
}

/**
 * Removes what the source says is gone. What a person wrote on a pending one is kept for its posted form, which may come
 * later; doubles of a removed one count again. @returns how many rows went
 */
export async function removeTransactions(
  client: Queryable,
  viewer: Viewer,
  { connectionId, by, ids }: { connectionId: string; by: "sourceId" | "id"; ids: readonly string[] },
): Promise<number> {
  if (ids.length === 0) return 0;
  const { rows } = await client.query<{ id: string }>({
    name: `remove-transactions-by-${by}`,
    text: `WITH gone AS (
             DELETE FROM "FinancialTransaction" t USING "FinancialAccount" a
             WHERE a."connectionId" = $2 AND a."userId" = $1 AND t."accountId" = a.id AND t."${by}" = ANY ($3::text[]) RETURNING t.*
           ), kept AS (
             INSERT INTO "MergeLog" (id, "userId", kind, "keptId", "mergedId", reason, detail, "createdAt")
             SELECT 'merge_' || gone.id, $1, 'pending', gone.id, gone."sourceId", 'removed', to_jsonb(gone) - 'search', clock_timestamp()
             FROM gone WHERE gone."isPending" AND (gone.note IS NOT NULL OR gone."categoryBy" = 'person')
             ON CONFLICT (id) DO UPDATE SET detail = excluded.detail, "mergedId" = excluded."mergedId", "undoneAt" = NULL)
           SELECT id FROM gone`,
    values: [viewer.userId, connectionId, ids],
  });
  if (rows.length > 0)
    await client.query({
      name: "free-doubles",
      text: `UPDATE "FinancialTransaction" SET "mergedIntoId" = NULL WHERE "userId" = $1 AND "mergedIntoId" = ANY ($2::text[])`,
      values: [viewer.userId, rows.map(({ id }) => id)],
    });
  return rows.length;
}

/**
 * Which rows of these accounts a source that told all it has did not name. What is older than the oldest it named is beyond what
 * it tells, and what came by a file was never its own. @returns ids of rows
 */
export async function listMissing(
  client: Queryable,
  viewer: Viewer,
  told: { accountIds: readonly string[]; transactions: readonly Placed[]; unread: readonly string[] },
): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>({
    name: "list-missing-transactions",
    text: `WITH told AS (
             SELECT t.id, t.date FROM unnest($3::text[], $4::text[]) AS i ("accountId", "sourceId")
             JOIN "FinancialTransaction" t ON t."accountId" = i."accountId" AND t."sourceId" = i."sourceId" AND t."userId" = $1)
           SELECT t.id FROM "FinancialTransaction" t
           WHERE t."userId" = $1 AND t."accountId" = ANY ($2::text[]) AND t."importId" IS NULL AND t."sourceId" <> ALL ($5::text[])
             AND t.date >= (SELECT min(date) FROM told) AND NOT EXISTS (SELECT 1 FROM told WHERE told.id = t.id)`,
    values: [
      viewer.userId,
      told.accountIds,
      told.transactions.map(({ accountId }) => accountId),
      told.transactions.map(({ source }) => source.id),
      told.unread,
    ],
  });
  return rows.map(({ id }) => id);
}
