import type { FileReading } from "@/lib/contracts/adapter";
import type { ImportResult } from "@/lib/contracts/finance";
import { newId } from "@/lib/contracts/id";
import type { Viewer } from "@/lib/contracts/viewer";
import { execute, inTransaction, type Queryable } from "../statement";
import { toStorableJson, toStorableText } from "../storable-json";
import { keepCursor, type StoreOptions, storeChange } from "./finance-store";
import { accountJoin, type TransactionRow, toTransactionView, transactionColumns } from "./transaction-row";

/** Ends the transaction of a preview, with what it found. */
class Preview extends Error {
  constructor(readonly result: ImportResult) {
    super("a preview changes nothing");
  }
}

/** The viewer's connection that most of these accounts came by; null when none of them is known. */
export async function findConnectionOfFile(
  viewer: Viewer,
  adapter: string,
  sourceIds: readonly string[],
): Promise<string | null> {
  const { rows } = await execute<{ id: string }>({
    name: "find-connection-of-file",
    text: `SELECT c.id FROM "FinancialAccount" a JOIN "Connection" c ON c.id = a."connectionId"
           WHERE a."userId" = $1 AND c."userId" = $1 AND c.adapter = $2 AND c.state <> 'disconnecting' AND a."sourceId" = ANY ($3::text[])
           GROUP BY c.id ORDER BY count(*) DESC, min(c."createdAt"), c.id LIMIT 1`,
    values: [viewer.userId, adapter, sourceIds],
  });
  return rows[0]?.id ?? null;
}

/**
 * What taking over a file would do: it is done and taken back, so that the preview cannot differ from the deed.
 * @param connectionId null: the file would make a connection of its own
 * @throws AppError not-found when the viewer has no such connection
 */
export async function previewImport(
  viewer: Viewer,
  connectionId: string | null,
  reading: FileReading,
  options: StoreOptions = {},
): Promise<ImportResult> {
  try {
    await inTransaction(async (client) => {
      const id = connectionId ?? (await addPassingConnection(client, viewer));
      throw new Preview(await takeOver(client, viewer, { connectionId: id, reading, ...options }));
    });
  } catch (cause) {
    if (cause instanceof Preview) return cause.result;
    throw cause;
  }
  throw new Error("a preview has no end");
}

/** Goes with the transaction of the preview. */
async function addPassingConnection(client: Queryable, viewer: Viewer): Promise<string> {
  const id = newId("conn");
  await client.query({
    name: "add-passing-connection",
    text: `INSERT INTO "Connection" (id, "userId", adapter, "accountKey", title, state) VALUES ($2, $1, 'preview', $2, '', 'active')`,
    values: [viewer.userId, id],
  });
  return id;
}

/**
 * Takes a file over. A file that was taken over before changes nothing, and neither do the days that it shares with another.
 * @param file.digest of its bytes
 * @throws AppError not-found when the viewer has no such connection
 */
export async function commitImport(
  viewer: Viewer,
  connectionId: string,
  file: { name: string; digest: string; reading: FileReading },
  options: StoreOptions = {},
): Promise<ImportResult> {
  return inTransaction(async (client) => {
    const importId = newId("imp");
    const { reading } = file;
    const result = await takeOver(client, viewer, { connectionId, reading, importId, ...options });
    await client.query({
      name: "note-import",
      text: `INSERT INTO "FileImport" (id, "userId", "connectionId", name, digest, rows, added, known, problems, "createdAt")
             SELECT $2, $1, $3, $4, $5, $6, $7, $8, $9::jsonb, clock_timestamp()
             WHERE $7 > 0 OR NOT EXISTS (SELECT 1 FROM "FileImport" WHERE "userId" = $1 AND "connectionId" = $3 AND digest = $5)`,
      values: [
        viewer.userId,
        importId,
        connectionId,
        toStorableText(file.name.slice(0, 300)),
        file.digest,
        result.rows,
        result.added,
        result.known + result.merged,
        toStorableJson(result.problems.slice(0, 500)),
      ],
    });
    await keepCursor(client, connectionId, null);
    return result;
  });
}

async function takeOver(
  client: Queryable,
  viewer: Viewer,
  options: StoreOptions & { connectionId: string; reading: FileReading; importId?: string },
): Promise<ImportResult> {
  const { reading, ...rest } = options;
  const { accounts, transactions, problems } = reading;
  const { written, mergedIds, newAccountIds } = await storeChange(client, viewer, {
    ...rest,
    change: { accounts, transactions, removed: [] },
  });
  const doubles = new Set(mergedIds);
  const fresh = written.filter(({ id, isNew }) => isNew && !doubles.has(id)).map(({ id }) => id);
  const merged = written.filter(({ id, isNew }) => isNew && doubles.has(id)).length;
  const updated = written.filter(({ isNew }) => !isNew).length;
  return {
    rows: transactions.length,
    added: fresh.length,
    merged,
    updated,
    known: transactions.length - fresh.length - merged - updated,
    problems,
    accounts: await readAccounts(client, viewer, { ...options, newAccountIds }),
    sample: await readSample(client, viewer, fresh),
  };
}

async function readAccounts(
  client: Queryable,
  viewer: Viewer,
  { connectionId, reading, newAccountIds }: { connectionId: string; reading: FileReading; newAccountIds: string[] },
): Promise<ImportResult["accounts"]> {
  const { rows } = await client.query<ImportResult["accounts"][number]>({
    name: "list-imported-accounts",
    text: `SELECT COALESCE(r."ownName", a."ownName", a.name) AS name, a.mask, a.id = ANY ($4::text[]) AS "isNew"
           FROM "FinancialAccount" a LEFT JOIN "FinancialAccount" r ON r.id = a."mergedIntoId"
           WHERE a."userId" = $1 AND a."connectionId" = $2 AND a."sourceId" = ANY ($3::text[]) ORDER BY a."createdAt", a.id`,
    values: [viewer.userId, connectionId, reading.accounts.map(({ id }) => id), newAccountIds],
  });
  return rows;
}

async function readSample(client: Queryable, viewer: Viewer, ids: readonly string[]): Promise<ImportResult["sample"]> {
  const { rows } = await client.query<TransactionRow>({
    name: "list-imported-sample",
    text: `SELECT ${transactionColumns} FROM "FinancialTransaction" t ${accountJoin}
           WHERE t."userId" = $1 AND t.id = ANY ($2::text[]) ORDER BY t.date DESC, t.id DESC LIMIT 20`,
    values: [viewer.userId, ids],
  });
  return rows.map(toTransactionView);
}
