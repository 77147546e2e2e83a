import { newId } from "@/lib/contracts/id";
import type { Viewer } from "@/lib/contracts/viewer";
import { type Doublable, matchDoubles } from "@/lib/finance/match-doubles";
import { findTwin, type Recognisable } from "@/lib/finance/recognise-account";
import type { Queryable } from "../statement";
import { toStorableJson } from "../storable-json";

/** An account that was found to be another one. */
export interface RecognisedAccount {
  accountId: string;
  rootId: string;
}

/** Finds accounts of this connection that the viewer had before, and shows each with its history as one. */
export async function recogniseAccounts(
  client: Queryable,
  viewer: Viewer,
  connectionId: string,
): Promise<RecognisedAccount[]> {
  const { rows: accounts } = await client.query<Recognisable & { name: string }>({
    name: "list-recognisable-accounts",
    text: `SELECT id, "connectionId", "mergedIntoId", "persistentId", institution, mask, type, currency, COALESCE("ownName", name) AS name FROM "FinancialAccount"
           WHERE "userId" = $1 ORDER BY "createdAt", id`,
    values: [viewer.userId],
  });
  const isRoot = new Set(accounts.flatMap(({ mergedIntoId }) => mergedIntoId ?? []));
  const candidates = accounts.filter(
    (account) => account.connectionId === connectionId && account.mergedIntoId === null && !isRoot.has(account.id),
  );
  if (candidates.length === 0 || accounts.length === candidates.length) return [];
  const parted = await listParted(client, viewer, "accounts");
  const recognised: RecognisedAccount[] = [];
  for (const account of candidates) {
    const older = accounts.slice(0, accounts.indexOf(account));
    const found = findTwin(account, older, (rootId, id) => parted.has(`${rootId} ${id}`));
    if (!found) continue;
    const rootId = found.twin.mergedIntoId ?? found.twin.id;
    recognised.push({ accountId: account.id, rootId });
    await mergeAccount(client, viewer, { account, rootId, name: found.twin.name, why: found.reason });
  }
  return recognised;
}

async function mergeAccount(
  client: Queryable,
  viewer: Viewer,
  merge: { account: { id: string; name: string }; rootId: string; name: string; why: string },
): Promise<void> {
  const { account, rootId, name, why } = merge;
  await client.query({
    name: "merge-account",
    text: `WITH merged AS (UPDATE "FinancialAccount" SET "mergedIntoId" = $3 WHERE id = $4 AND "userId" = $1 RETURNING id, "ownName"),
           named AS (UPDATE "FinancialAccount" r SET "ownName" = COALESCE(r."ownName", m."ownName") FROM merged m WHERE r.id = $3 AND r."userId" = $1)
           INSERT INTO "MergeLog" (id, "userId", kind, "keptId", "mergedId", reason, detail, "createdAt")
           SELECT $2, $1, 'accounts', $3, id, $5, '{}'::jsonb, clock_timestamp() FROM merged`,
    values: [
      viewer.userId,
      newId("merge"),
      rootId,
      account.id,
      `${account.name} was connected again and is shown as one with ${name}. ${why}`,
    ],
  });
}

export interface MergeResult {
  /** Transactions that turned out to be doubles. */
  mergedIds: string[];
}

interface DoubleRow extends Doublable {
  accountId: string;
  isPending: boolean;
  note: string | null;
  isNew: boolean;
  /** In which accounts it has a double already. */
  doubledIn: string[];
}

/**
 * Among accounts that are shown as one, finds new transactions that another of them already brought. The older row stays with
 * what a person wrote; the newer one is counted nowhere and kept for the split.
 */
export async function mergeDoubles(
  client: Queryable,
  viewer: Viewer,
  { connectionId, newIds, recognised }: { connectionId: string; newIds: string[]; recognised: RecognisedAccount[] },
): Promise<MergeResult> {
  if (newIds.length === 0 && recognised.length === 0) return { mergedIds: [] };
  const groups = await listGroups(client, viewer, connectionId);
  const mergedIds: string[] = [];
  for (const { accountId, others } of groups) {
    const isWhole = recognised.some((one) => one.accountId === accountId);
    const rows = await readCandidates(client, viewer, { accountId, others, newIds, isWhole });
    const newer = rows.filter(({ isNew }) => isNew);
    const older = rows.filter((row) => row.accountId !== accountId && !row.doubledIn.includes(accountId));
    const byId = new Map(rows.map((row) => [row.id, row]));
    const pairs = matchDoubles(older, newer).flatMap(({ olderId, newerId, daysApart }) => {
      const [kept, merged] = [byId.get(olderId), byId.get(newerId)];
      return kept && merged ? [{ kept, merged, daysApart }] : [];
    });
    await mergePairs(client, viewer, pairs);
    mergedIds.push(...pairs.map(({ merged }) => merged.id));
  }
  return { mergedIds };
}

/** The connection's accounts that are one with others, and those others. */
async function listGroups(client: Queryable, viewer: Viewer, connectionId: string) {
  const { rows } = await client.query<{ accountId: string; others: string[] }>({
    name: "list-account-groups",
    text: `SELECT a.id AS "accountId", array_agg(o.id) AS others FROM "FinancialAccount" a
           JOIN "FinancialAccount" o ON o."userId" = a."userId" AND o.id <> a.id AND COALESCE(o."mergedIntoId", o.id) = COALESCE(a."mergedIntoId", a.id)
           WHERE a."userId" = $1 AND a."connectionId" = $2 GROUP BY a.id ORDER BY min(a."createdAt"), a.id`,
    values: [viewer.userId, connectionId],
  });
  return rows;
}

/** New rows of the account, and the others' rows of those days. What was split is not new any more. */
async function readCandidates(
  client: Queryable,
  viewer: Viewer,
  asked: { accountId: string; others: string[]; newIds: string[]; isWhole: boolean },
): Promise<DoubleRow[]> {
  const { rows } = await client.query<DoubleRow>({
    name: "list-possible-doubles",
    text: `WITH newer AS (
             SELECT t.* FROM "FinancialTransaction" t
             WHERE t."userId" = $1 AND t."accountId" = $2 AND t."mergedIntoId" IS NULL AND ($5::boolean OR t.id = ANY ($4::text[]))
           ), span AS (SELECT min(date) - 3 AS "from", max(date) + 3 AS "to" FROM newer),
           older AS (
             SELECT t.* FROM "FinancialTransaction" t, span
             WHERE t."userId" = $1 AND t."accountId" = ANY ($3::text[]) AND t."mergedIntoId" IS NULL AND t.date BETWEEN span."from" AND span."to")
           SELECT t.id, t."accountId", t.date::text AS date, t."amountMinor"::float8 AS "amountMinor", t.currency, t.merchant, t.company, t."isPending", t.note,
             t."isNew", COALESCE(d."in", '{}') AS "doubledIn"
           FROM (SELECT *, true AS "isNew" FROM newer UNION ALL SELECT *, false FROM older) t
           LEFT JOIN (SELECT "mergedIntoId", array_agg("accountId") AS "in" FROM "FinancialTransaction"
             WHERE "userId" = $1 AND "mergedIntoId" IS NOT NULL GROUP BY 1) d ON d."mergedIntoId" = t.id
           ORDER BY t.date, t."createdAt", t.id`,
    values: [viewer.userId, asked.accountId, asked.others, asked.newIds, asked.isWhole],
  });
  // One that others were merged into stays what it is.
  return rows.filter(({ isNew, doubledIn }) => !isNew || doubledIn.length === 0);
}

interface Pair {
  kept: DoubleRow;
  merged: DoubleRow;
  daysApart: number;
}

/** What the kept row takes over from the other is noted, so that the split can give it back. */
async function mergePairs(client: Queryable, viewer: Viewer, pairs: readonly Pair[]): Promise<void> {
  if (pairs.length === 0) return;
  const details = pairs.map(({ kept, merged }) => ({
    ...(kept.isPending && !merged.isPending ? { wasPending: true } : {}),
    ...(kept.note === null && merged.note !== null ? { tookNote: merged.note } : {}),
  }));
  await client.query({
    name: "merge-transactions",
    text: `WITH pairs AS (
             SELECT * FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::jsonb[]) AS p (id, "keptId", "mergedId", reason, detail)
           ), merged AS (
             UPDATE "FinancialTransaction" t SET "mergedIntoId" = p."keptId" FROM pairs p WHERE t.id = p."mergedId" AND t."userId" = $1
           ), kept AS (
             UPDATE "FinancialTransaction" t SET "isPending" = t."isPending" AND NOT p.detail ? 'wasPending', note = COALESCE(t.note, p.detail->>'tookNote')
             FROM pairs p WHERE t.id = p."keptId" AND t."userId" = $1 AND p.detail <> '{}'::jsonb)
           INSERT INTO "MergeLog" (id, "userId", kind, "keptId", "mergedId", reason, detail, "createdAt")
           SELECT id, $1, 'transactions', "keptId", "mergedId", reason, detail, clock_timestamp() FROM pairs`,
    values: [
      viewer.userId,
      pairs.map(() => newId("merge")),
      pairs.map(({ kept }) => kept.id),
      pairs.map(({ merged }) => merged.id),
      pairs.map(
        ({ daysApart }) =>
          `Same account, amount and merchant, ${daysApart === 0 ? "on the same day" : `${daysApart} ${daysApart === 1 ? "day" : "days"} apart`}.`,
      ),
      details.map(toStorableJson),
    ],
  });
}

/** Pairs that a person has split: nobody merges them again. */
async function listParted(client: Queryable, viewer: Viewer, kind: string): Promise<Set<string>> {
  const { rows } = await client.query<{ keptId: string; mergedId: string }>({
    name: "list-parted",
    text: `SELECT "keptId", "mergedId" FROM "MergeLog" WHERE "userId" = $1 AND kind = $2 AND "undoneAt" IS NOT NULL`,
    values: [viewer.userId, kind],
  });
  return new Set(rows.map(({ keptId, mergedId }) => `${keptId} ${mergedId}`));
}
