import { AppError } from "@/lib/contracts/errors";
import type { AccountView, Provenance } from "@/lib/contracts/finance";
import type { Viewer } from "@/lib/contracts/viewer";
import { execute } from "../statement";
import { toStorableText } from "../storable-json";

interface AccountRow {
  id: string;
  mergedIntoId: string | null;
  name: string;
  ownName: string | null;
  type: AccountView["type"];
  currency: string;
  balanceMinor: number | null;
  availableMinor: number | null;
  limitMinor: number | null;
  balanceAt: Date | null;
  institution: string | null;
  mask: string | null;
  isHidden: boolean;
  connectionId: string | null;
  adapter: string | null;
  connectionTitle: string | null;
  state: string | null;
  isInTrouble: boolean;
  lastGoodAt: Date | null;
  syncedAt: Date | null;
}

/** The viewer's accounts, in the order they came. One that was linked anew is one account, as it is now. */
export async function listAccounts(viewer: Viewer): Promise<AccountView[]> {
  return groupRows(await readRows(viewer)).map(({ root, rows }) => {
    const live = liveRow(rows);
    return {
      id: root.id,
      name: root.ownName ?? live.name,
      sourceName: live.name,
      type: live.type,
      currency: live.currency,
      balanceMinor: live.balanceMinor,
      availableMinor: live.availableMinor,
      limitMinor: live.limitMinor,
      balanceAt: live.balanceAt?.toISOString() ?? null,
      institution: live.institution ?? root.institution,
      mask: live.mask ?? root.mask,
      isHidden: root.isHidden,
      connection:
        live.connectionId === null
          ? null
          : {
              id: live.connectionId,
              adapter: live.adapter ?? "",
              title: live.connectionTitle ?? "",
              state: live.state ?? "",
            },
      syncedAt: live.syncedAt?.toISOString() ?? null,
      mergedIds: rows.filter((row) => row !== root).map(({ id }) => id),
    };
  });
}

/**
 * Hides an account from every list and sum, or shows it again.
 * @throws AppError not-found when the viewer has no such account
 */
export async function setAccountHidden(viewer: Viewer, accountId: string, isHidden: boolean): Promise<void> {
  const { rowCount } = await execute({
    name: "set-account-hidden",
    text: `UPDATE "FinancialAccount" SET "isHidden" = $3 WHERE "userId" = $1
             AND id = (SELECT COALESCE("mergedIntoId", id) FROM "FinancialAccount" WHERE id = $2 AND "userId" = $1)`,
    values: [viewer.userId, accountId, isHidden],
  });
  if (rowCount === 0) throw new AppError("not-found", "There is no such account.");
}

/**
 * Calls an account as the person does, everywhere. It stays through synchronisations and when the bank is connected anew.
 * @param name null: as its bank calls it
 * @throws AppError not-found when the viewer has no such account
 */
export async function nameAccount(viewer: Viewer, accountId: string, name: string | null): Promise<void> {
  const { rowCount } = await execute({
    name: "name-account",
    text: `UPDATE "FinancialAccount" a SET "ownName" = CASE WHEN a.id = f.root THEN $3 END
           FROM (SELECT COALESCE("mergedIntoId", id) AS root FROM "FinancialAccount" WHERE id = $2 AND "userId" = $1) f
           WHERE a."userId" = $1 AND COALESCE(a."mergedIntoId", a.id) = f.root`,
    values: [viewer.userId, accountId, name === null ? null : toStorableText(name)],
  });
  if (rowCount === 0) throw new AppError("not-found", "There is no such account.");
}

/** How fresh a figure over these accounts is, and what it lacks. `accountId` narrows it to one account. */
export async function readFreshness(
  viewer: Viewer,
  accountId?: string,
): Promise<Pick<Provenance, "syncedAt" | "excluded"> & { rootOf: ReadonlyMap<string, { id: string; name: string }> }> {
  const rows = await readRows(viewer);
  const groups = groupRows(rows);
  const rootOf = new Map(
    groups.flatMap(({ root, rows: all }) =>
      all.map((row) => [row.id, { id: root.id, name: root.ownName ?? liveRow(all).name }] as const),
    ),
  );
  const wanted = accountId === undefined ? undefined : rootOf.get(accountId)?.id;
  const live = groups
    .filter(({ root }) => !root.isHidden && (accountId === undefined || root.id === wanted))
    .map(({ rows: all }) => liveRow(all));
  const excluded = new Map<string, Provenance["excluded"][number]>();
  const fresh: Date[] = [];
  for (const row of live) {
    const reason = reasonOf(row);
    if (reason === null) {
      if (row.syncedAt) fresh.push(row.syncedAt);
      continue;
    }
    const since = (reason === "disconnected" ? row.balanceAt : (row.lastGoodAt ?? row.syncedAt))?.toISOString() ?? null;
    const title = row.connectionTitle ?? row.institution ?? row.ownName ?? row.name;
    excluded.set(row.connectionId ?? row.id, { title, since, reason });
  }
  fresh.sort((a, b) => a.getTime() - b.getTime());
  return { syncedAt: fresh[0]?.toISOString() ?? null, excluded: [...excluded.values()], rootOf };
}

function reasonOf(row: AccountRow): Provenance["excluded"][number]["reason"] | null {
  if (row.connectionId === null || row.state === "disconnecting") return "disconnected";
  if (row.state === "needs_reauth") return "sign-in-again";
  return row.isInTrouble ? "trouble" : null;
}

/** The row that its source still keeps up to date: the newest balance of those that are connected. */
function liveRow(rows: readonly [AccountRow, ...AccountRow[]]): AccountRow {
  const rank = (row: AccountRow) =>
    (row.connectionId === null ? 0 : 2e15) + (row.state === "active" ? 1e15 : 0) + (row.balanceAt?.getTime() ?? 0);
  return rows.reduce((best, row) => (rank(row) >= rank(best) ? row : best));
}

function groupRows(rows: readonly AccountRow[]): { root: AccountRow; rows: [AccountRow, ...AccountRow[]] }[] {
  return rows
    .filter(({ mergedIntoId }) => mergedIntoId === null)
    .map((root) => ({ root, rows: [root, ...rows.filter(({ mergedIntoId }) => mergedIntoId === root.id)] }));
}

/** A connection that fails for less than a day is only late. */
async function readRows(viewer: Viewer): Promise<AccountRow[]> {
  const { rows } = await execute<AccountRow>({
    name: "list-financial-accounts",
    text: `SELECT a.id, a."mergedIntoId", a.name, a."ownName", a.type, a.currency, a."balanceMinor"::float8 AS "balanceMinor",
             a."availableMinor"::float8 AS "availableMinor", a."limitMinor"::float8 AS "limitMinor", a."balanceAt", a.institution, a.mask,
             a."isHidden", c.id AS "connectionId", c.adapter, c.title AS "connectionTitle", c.state, c."lastGoodAt", s."syncedAt",
             COALESCE(c.warning IS NOT NULL AND COALESCE(c."lastGoodAt", c."createdAt") < clock_timestamp() - interval '1 day', false) AS "isInTrouble"
           FROM "FinancialAccount" a LEFT JOIN "Connection" c ON c.id = a."connectionId"
           LEFT JOIN "SyncCursor" s ON s."connectionId" = c.id AND s.stream = 'transactions'
           WHERE a."userId" = $1 ORDER BY a."createdAt", a.id`,
    values: [viewer.userId],
  });
  return rows;
}
