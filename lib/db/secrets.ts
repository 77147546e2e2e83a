import { newId } from "@/lib/contracts/id";
import type { Caller, System, Viewer } from "@/lib/contracts/viewer";
import { prisma } from "./client";
import { execute, executeOn, inTransaction, type Queryable } from "./statement";

/** A sealed value as it is stored. Only the vault can make or read one. */
export interface SealedSecret {
  scope: string;
  name: string;
  sealed: Uint8Array;
  keyId: string;
}

/** A row that is sealed with a key other than the current one. */
export interface StaleSecret extends SealedSecret {
  id: string;
  userId: string;
  /** Address of the account it belongs to, for the report. */
  owner: string;
}

/** Class of the advisory lock under which the vault writes ("vaul" as ASCII). */
const lockClass = 0x7661756c;

/**
 * One turn of the vault: nobody else seals, re-wraps or changes the file of keys until the transaction ends. Keys that are read
 * within it are therefore the ones that everybody seals with.
 */
export async function inVaultTurn<Result>(
  _caller: Caller,
  work: (client: Queryable) => Promise<Result>,
): Promise<Result> {
  return inTransaction(async (client) => {
    await lockVault(client);
    return work(client);
  });
}

/** Stores or replaces one of the viewer's secrets; give the client of a turn of the vault. */
export async function putSecret(
  viewer: Viewer,
  { scope, name, sealed, keyId }: SealedSecret,
  client?: Queryable,
): Promise<void> {
  await executeOn(client, {
    name: "put-secret",
    text: `INSERT INTO "Secret" (id, "userId", scope, name, sealed, "keyId", "updatedAt") VALUES ($1, $2, $3, $4, $5, $6, now())
           ON CONFLICT ("userId", scope, name)
           DO UPDATE SET sealed = excluded.sealed, "keyId" = excluded."keyId", "updatedAt" = now()`,
    values: [newId("sec"), viewer.userId, scope, name, Buffer.from(sealed), keyId],
  });
}

/**
 * Stores what a `sealer` of the vault made, in the caller's own transaction.
 * @throws an error that `inTransaction` answers by doing its work again, when the key was retired since the value was sealed
 */
export async function storeSealed(viewer: Viewer, secret: SealedSecret, client: Queryable): Promise<void> {
  await lockVault(client);
  // A key in use has at least the row by which a wrong key is noticed; one that has none is a key that nobody has any more.
  const { rows } = await client.query({
    name: "has-secrets-of-key",
    text: `SELECT 1 FROM "Secret" WHERE "keyId" = $1 LIMIT 1`,
    values: [secret.keyId],
  });
  if (rows.length === 0)
    throw Object.assign(new Error("sealed with a key that was retired meanwhile"), { code: "40001" });
  await putSecret(viewer, secret, client);
}

/** One of the viewer's secrets, still sealed. */
export async function findSecret(
  viewer: Viewer,
  scope: string,
  name: string,
  client?: Queryable,
): Promise<SealedSecret | null> {
  const { rows } = await executeOn<SealedSecret>(client, {
    name: "find-secret",
    text: `SELECT scope, name, sealed, "keyId" FROM "Secret" WHERE "userId" = $1 AND scope = $2 AND name = $3`,
    values: [viewer.userId, scope, name],
  });
  return rows[0] ?? null;
}

/** The viewer's secrets of one scope, still sealed, by name. */
export async function listSecrets(viewer: Viewer, scope: string): Promise<SealedSecret[]> {
  return prisma().secret.findMany({
    where: { userId: viewer.userId, scope },
    select: { scope: true, name: true, sealed: true, keyId: true },
    orderBy: { name: "asc" },
  });
}

/** Names of what is stored in a scope; the values stay where they are. */
export async function listSecretNames(viewer: Viewer, scope: string): Promise<string[]> {
  const rows = await prisma().secret.findMany({
    where: { userId: viewer.userId, scope },
    select: { name: true },
    orderBy: { name: "asc" },
  });
  return rows.map((row) => row.name);
}

/** Forgets one secret, or all of a scope. Returns how many there were. */
export async function removeSecrets(viewer: Viewer, scope: string, name?: string): Promise<number> {
  const { rowCount } = await execute({
    name: "remove-secrets",
    text: `DELETE FROM "Secret" WHERE "userId" = $1 AND scope = $2 AND ($3::text IS NULL OR name = $3)`,
    values: [viewer.userId, scope, name ?? null],
  });
  return rowCount ?? 0;
}

/** Is anything stored, of anyone, that was sealed with a key other than these? */
export async function hasSecretsOfOtherKeys(
  _caller: System,
  keyIds: readonly string[],
  client?: Queryable,
): Promise<boolean> {
  const { rows } = await executeOn(client, {
    name: "has-secrets-of-other-keys",
    text: `SELECT 1 FROM "Secret" WHERE "keyId" <> ALL($1) LIMIT 1`,
    values: [keyIds],
  });
  return rows.length > 0;
}

/** How many values, of everyone, are sealed with which key. */
export async function countSecretsByKey(
  _caller: System,
  client?: Queryable,
): Promise<{ keyId: string; count: number }[]> {
  const { rows } = await executeOn<{ keyId: string; count: number }>(client, {
    name: "count-secrets-by-key",
    text: `SELECT "keyId", count(*)::int AS count FROM "Secret" GROUP BY 1 ORDER BY 1`,
  });
  return rows;
}

/** The next rows, of everyone, that are sealed with a key other than this one, by id. */
export async function listStaleSecrets(
  _caller: System,
  { keyId, afterId, limit }: { keyId: string; afterId: string; limit: number },
  client?: Queryable,
): Promise<StaleSecret[]> {
  const { rows } = await executeOn<StaleSecret>(client, {
    name: "list-stale-secrets",
    text: `SELECT s.id, s."userId", u.email AS owner, s.scope, s.name, s.sealed, s."keyId"
           FROM "Secret" s JOIN "User" u ON u.id = s."userId"
           WHERE s."keyId" <> $1 AND s.id > $2 ORDER BY s.id LIMIT $3`,
    values: [keyId, afterId, limit],
  });
  return rows;
}

/**
 * Replaces sealed values by the same ones under another key. A row that was changed or removed since it was read stays as it is.
 * The time of its last change stays, too: the value is still the same.
 */
export async function replaceSealed(
  _caller: System,
  changes: readonly { id: string; before: Uint8Array; sealed: Uint8Array; keyId: string }[],
  client?: Queryable,
): Promise<number> {
  const { rowCount } = await executeOn(client, {
    name: "replace-sealed",
    text: `UPDATE "Secret" s SET sealed = c.sealed, "keyId" = c."keyId"
           FROM unnest($1::text[], $2::bytea[], $3::bytea[], $4::text[]) AS c (id, before, sealed, "keyId")
           WHERE s.id = c.id AND s.sealed = c.before`,
    values: [
      changes.map(({ id }) => id),
      changes.map(({ before }) => Buffer.from(before)),
      changes.map(({ sealed }) => Buffer.from(sealed)),
      changes.map(({ keyId }) => keyId),
    ],
  });
  return rowCount ?? 0;
}

async function lockVault(client: Queryable): Promise<void> {
  await client.query({ name: "lock-vault", text: "SELECT pg_advisory_xact_lock($1, 1)", values: [lockClass] });
}
