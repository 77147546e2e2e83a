import type { Viewer } from "@/lib/contracts/viewer";
import type { Queryable } from "../statement";
import { sortingColumns } from "./categories";

/**
 * Deletes the accounts of a connection with all that is known of them, within a transaction. Where such an account was shown
 * as one with others, the oldest of those takes its place; a transaction that others know, too, goes on counting there, with
 * what a person wrote on it.
 */
export async function forgetAccounts(client: Queryable, viewer: Viewer, connectionId: string): Promise<void> {
  await client.query({
    name: "lock-money",
    text: `SELECT pg_advisory_xact_lock(hashtextextended('money ' || $1, 0))`,
    values: [viewer.userId],
  });
  const values = [viewer.userId, connectionId];
  await passOn(client, viewer, await findHeirs(client, "FinancialTransaction", `x."accountId"`, values));
  await passOn(client, viewer, await findHeirs(client, "FinancialAccount", "x.id", values));
  await client.query({
    name: "forget-merges",
    text: `DELETE FROM "MergeLog" m USING "FinancialAccount" a WHERE m."userId" = $1 AND a."userId" = $1 AND a."connectionId" = $2
             AND (m."mergedId" = a.id OR m."keptId" = a.id OR m.detail->>'accountId' = a.id
               OR m.kind = 'transactions' AND EXISTS (SELECT 1 FROM "FinancialTransaction" t WHERE t."accountId" = a.id AND t.id IN (m."keptId", m."mergedId")))`,
    values,
  });
  await client.query({
    name: "forget-accounts",
    text: `DELETE FROM "FinancialAccount" WHERE "userId" = $1 AND "connectionId" = $2`,
    values,
  });
}

type Table = "FinancialTransaction" | "FinancialAccount";
interface Heirs {
  table: Table;
  goneIds: string[];
  heirIds: string[];
}

/** For each row that goes and that others were merged into: the first of those that stay. */
async function findHeirs(client: Queryable, table: Table, accountOf: string, values: unknown[]): Promise<Heirs> {
  const isGone = (of: string) =>
    `${of} IN (SELECT id FROM "FinancialAccount" WHERE "userId" = $1 AND "connectionId" = $2)`;
  const { rows } = await client.query<{ goneId: string; heirId: string }>({
    name: `find-heirs-${table}`,
    text: `SELECT DISTINCT ON (x."mergedIntoId") x."mergedIntoId" AS "goneId", x.id AS "heirId"
           FROM "${table}" x JOIN "${table}" g ON g.id = x."mergedIntoId"
           WHERE x."userId" = $1 AND ${isGone(accountOf.replace("x.", "g."))} AND NOT ${isGone(accountOf)}
           ORDER BY x."mergedIntoId", x."createdAt", x.id`,
    values,
  });
  return { table, goneIds: rows.map(({ goneId }) => goneId), heirIds: rows.map(({ heirId }) => heirId) };
}

async function passOn(client: Queryable, viewer: Viewer, { table, goneIds, heirIds }: Heirs): Promise<void> {
  if (goneIds.length === 0) return;
  const pairs = `unnest($2::text[], $3::text[]) AS p ("goneId", "heirId")`;
  const values = [viewer.userId, goneIds, heirIds];
  const takesOver = sortingColumns.map(
    (name) =>
      `"${name}" = CASE WHEN x.id = p."heirId" AND g."categoryBy" = 'person' THEN g."${name}" ELSE x."${name}" END`,
  );
  const written =
    table === "FinancialTransaction"
      ? `, note = CASE WHEN x.id = p."heirId" THEN COALESCE(g.note, x.note) ELSE x.note END, ${takesOver.join(", ")}`
      : `, "isHidden" = CASE WHEN x.id = p."heirId" THEN g."isHidden" ELSE x."isHidden" END,
         "ownName" = CASE WHEN x.id = p."heirId" THEN COALESCE(g."ownName", x."ownName") ELSE x."ownName" END`;
  await client.query({
    name: `pass-on-${table}`,
    text: `UPDATE "${table}" x SET "mergedIntoId" = NULLIF(p."heirId", x.id) ${written}
           FROM ${pairs} JOIN "${table}" g ON g.id = p."goneId" WHERE x."userId" = $1 AND x."mergedIntoId" = p."goneId"`,
    values,
  });
  await client.query({
    name: "pass-on-merges",
    text: `UPDATE "MergeLog" m SET "keptId" = p."heirId" FROM ${pairs}
           WHERE m."userId" = $1 AND m."keptId" = p."goneId" AND m."mergedId" <> p."heirId"`,
    values,
  });
}
