import { AppError } from "@/lib/contracts/errors";
import { newId } from "@/lib/contracts/id";
import { type Role, roles, type Scope, type System, scopes as allScopes, type Viewer } from "@/lib/contracts/viewer";
import { execute } from "./statement";
import { toStorableText } from "./storable-json";

/** A token as its owner sees it; the token itself is stored nowhere. */
export interface TokenView {
  id: string;
  name: string;
  /** First characters, to tell tokens apart. */
  prefix: string;
  scopes: Scope[];
  createdAt: Date;
  expiresAt: Date;
  revokedAt: Date | null;
  lastUsedAt: Date | null;
}

export interface NewToken {
  name: string;
  hash: string;
  prefix: string;
  scopes: readonly Scope[];
  expiresAt: Date;
}

interface TokenRow extends Omit<TokenView, "scopes"> {
  scopes: string[];
}

const columns = `id, name, prefix, scopes, "createdAt", "expiresAt", "revokedAt", "lastUsedAt"`;
const maxActive = 50;

/** @throws AppError conflict when the viewer has too many active tokens */
export async function insertToken(viewer: Viewer, token: NewToken): Promise<TokenView> {
  const { rows } = await execute<TokenRow>({
    name: "insert-token",
    text: `INSERT INTO "ApiToken" (id, "userId", name, hash, prefix, scopes, "expiresAt")
           SELECT $1, $2, $3, $4, $5, $6, $7
           WHERE (SELECT count(*) FROM "ApiToken" WHERE "userId" = $2 AND "revokedAt" IS NULL AND "expiresAt" > now()) < $8
           RETURNING ${columns}`,
    values: [
      newId("tok"),
      viewer.userId,
      toStorableText(token.name),
      token.hash,
      token.prefix,
      token.scopes,
      token.expiresAt,
      maxActive,
    ],
  });
  if (!rows[0]) throw new AppError("conflict", `You have ${maxActive} active tokens.`, { hint: "Revoke one first." });
  return toView(rows[0]);
}

/** The viewer's tokens, newest first. */
export async function listTokenRows(viewer: Viewer): Promise<TokenView[]> {
  const { rows } = await execute<TokenRow>({
    name: "list-tokens",
    text: `SELECT ${columns} FROM "ApiToken" WHERE "userId" = $1 ORDER BY "createdAt" DESC, id DESC LIMIT 500`,
    values: [viewer.userId],
  });
  return rows.map(toView);
}

/** Ends a token at once; ending it again changes nothing. Throws AppError not-found when the viewer has no such token. */
export async function revokeTokenRow(viewer: Viewer, tokenId: string): Promise<TokenView> {
  const { rows } = await execute<TokenRow>({
    name: "revoke-token",
    text: `UPDATE "ApiToken" SET "revokedAt" = coalesce("revokedAt", now()) WHERE id = $1 AND "userId" = $2 RETURNING ${columns}`,
    values: [tokenId, viewer.userId],
  });
  if (!rows[0]) throw new AppError("not-found", "There is no such token.");
  return toView(rows[0]);
}

/** Who a valid token belongs to and what it may do. Notes its use, at most once a minute. */
export async function findTokenUser(
  _caller: System,
  hash: string,
): Promise<{ userId: string; role: Role; scopes: Scope[] } | null> {
  const { rows } = await execute<{ userId: string; role: string; scopes: string[] }>({
    name: "find-token-user",
    text: `WITH found AS (
             SELECT t.id, t.scopes, t."lastUsedAt", u.id AS "userId", u.role FROM "ApiToken" t JOIN "User" u ON u.id = t."userId"
             WHERE t.hash = $1 AND t."revokedAt" IS NULL AND t."expiresAt" > now()),
           noted AS (
             UPDATE "ApiToken" t SET "lastUsedAt" = now() FROM found f
             WHERE t.id = f.id AND (f."lastUsedAt" IS NULL OR f."lastUsedAt" < now() - interval '1 minute'))
           SELECT "userId", role, scopes FROM found`,
    values: [hash],
  });
  const row = rows[0];
  if (!row) return null;
  return { userId: row.userId, role: roles.find((known) => known === row.role) ?? "viewer", scopes: known(row.scopes) };
}

function toView(row: TokenRow): TokenView {
  return { ...row, scopes: known(row.scopes) };
}

function known(scopes: string[]): Scope[] {
  return allScopes.filter((scope) => scopes.includes(scope));
}
