import type { GrantItem, GrantRule } from "@/lib/contracts/approval";
import { AppError } from "@/lib/contracts/errors";
import { newId } from "@/lib/contracts/id";
import type { Viewer } from "@/lib/contracts/viewer";
import type { ApprovalRow } from "./approval-row";
import { appendAudit } from "./audit";
import { execute, inTransaction, type Queryable } from "./statement";
import { toStorableJson } from "./storable-json";

export interface GrantRow {
  id: string;
  tool: string;
  title: string;
  rules: GrantRule[];
  uses: number;
  lastUsedAt: Date | null;
  createdAt: Date;
}

const columns = `id, tool, title, rules, uses, "lastUsedAt", "createdAt"`;

/**
 * The right that comes of an "always": for this tool in this version, and with the named arguments as they were in the call
 * that was asked about. Their values are those of the question, never of the answer.
 * @throws AppError invalid where "always" was not offered or an argument is not one of the offered
 */
export async function insertGrant(
  client: Queryable,
  viewer: Viewer,
  asked: ApprovalRow,
  only: readonly string[],
): Promise<string> {
  const { grantable, arguments: given = {}, toolVersion = "", title } = asked.request;
  const offered = new Set(grantable?.map(({ argument }) => argument));
  if (!grantable || asked.kind !== "permission")
    throw new AppError("invalid", "This can only be allowed once.", { hint: "Choose Allow once, or Deny." });
  const unknown = only.find((argument) => !offered.has(argument));
  if (unknown !== undefined)
    throw new AppError("invalid", `"${unknown.slice(0, 80)}" is not an argument of this call.`);
  const rules = only.map((argument) => ({ argument, equals: given[argument] ?? null }));
  const id = newId("grant");
  await client.query({
    name: "insert-grant",
    text: `INSERT INTO "Grant" (id, "userId", tool, "toolVersion", title, rules, "approvalId", "createdAt")
           VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7, clock_timestamp())`,
    values: [id, viewer.userId, asked.tool, toolVersion, title, toStorableJson(rules), asked.id],
  });
  await appendAudit(
    viewer,
    { action: "grant-given", subject: id, detail: { tool: asked.tool, only: [...only] } },
    client,
  );
  return id;
}

/** The rights in force for a tool in this version, oldest first. A new version of a module has none. */
export async function listGrantsOf(viewer: Viewer, tool: string, toolVersion: string): Promise<GrantRow[]> {
  const { rows } = await execute<GrantRow>({
    name: "grants-of-tool",
    text: `SELECT ${columns} FROM "Grant" WHERE "userId" = $1 AND tool = $2 AND "toolVersion" = $3 AND "revokedAt" IS NULL
           ORDER BY "createdAt"`,
    values: [viewer.userId, tool, toolVersion],
  });
  return rows;
}

/** Counts one use, if the right is still in force: one that was taken back meanwhile gives nothing. */
export async function useGrant(viewer: Viewer, grantId: string): Promise<boolean> {
  const { rowCount } = await execute({
    name: "use-grant",
    text: `UPDATE "Grant" SET uses = uses + 1, "lastUsedAt" = clock_timestamp()
           WHERE id = $1 AND "userId" = $2 AND "revokedAt" IS NULL`,
    values: [grantId, viewer.userId],
  });
  return rowCount === 1;
}

/** The rights in force, newest first. */
export async function listGrants(viewer: Viewer): Promise<GrantItem[]> {
  const { rows } = await execute<GrantRow>({
    name: "list-grants",
    text: `SELECT ${columns} FROM "Grant" WHERE "userId" = $1 AND "revokedAt" IS NULL ORDER BY "createdAt" DESC LIMIT 500`,
    values: [viewer.userId],
  });
  return rows.map(({ id, tool, title, rules, uses, lastUsedAt, createdAt }) => ({
    grantId: id,
    tool,
    title,
    rules,
    uses,
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
  }));
}

/**
 * Takes a right back. What runs under it already is not interrupted; the next call asks.
 * @throws AppError not-found when the viewer has no such right, or has taken it back before
 */
export async function revokeGrant(viewer: Viewer, grantId: string): Promise<void> {
  await inTransaction(async (client) => {
    const { rows } = await client.query<{ tool: string }>({
      name: "revoke-grant",
      text: `UPDATE "Grant" SET "revokedAt" = clock_timestamp() WHERE id = $1 AND "userId" = $2 AND "revokedAt" IS NULL RETURNING tool`,
      values: [grantId, viewer.userId],
    });
    if (!rows[0]) throw new AppError("not-found", "There is no such right.");
    await appendAudit(viewer, { action: "grant-revoked", subject: grantId, detail: { tool: rows[0].tool } }, client);
  });
}
