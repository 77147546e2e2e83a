import { createHash, randomBytes } from "node:crypto";
import { z } from "zod";
import { AppError } from "@/lib/contracts/errors";
import { asSystem, type Scope, scopes, type Viewer } from "@/lib/contracts/viewer";
import { appendAudit } from "@/lib/db/audit";
import { findTokenUser, insertToken, listTokenRows, revokeTokenRow, type TokenView } from "@/lib/db/tokens";

const maxLifeMs = 366 * 86_400_000;
const tokenPattern = /^bgn_[A-Za-z0-9_-]{43}$/;

export const newTokenSchema = z.strictObject({
  name: z.string().trim().min(1, "give the token a name").max(100),
  scopes: z.array(z.enum(scopes)).min(1, "choose at least one right"),
  /** At most a year from now. */
  expiresAt: z.iso.datetime({ offset: true }),
});

/** Makes a token for the viewer; it is shown here once and stored as its SHA-256 only. A token cannot give more rights than its maker has. */
export async function createToken(
  viewer: Viewer,
  { name, scopes: wanted, expiresAt }: z.infer<typeof newTokenSchema>,
): Promise<{ token: string; view: TokenView }> {
  const missing = wanted.filter((scope) => !viewer.scopes.includes(scope));
  if (missing.length > 0)
    throw new AppError("forbidden", `You cannot give rights you do not have: ${missing.join(", ")}.`);
  const until = new Date(expiresAt);
  const lifeMs = until.getTime() - Date.now();
  if (lifeMs <= 0 || lifeMs > maxLifeMs) throw new AppError("invalid", "A token ends between now and a year from now.");
  const token = `bgn_${randomBytes(32).toString("base64url")}`;
  const view = await insertToken(viewer, {
    name,
    hash: hashToken(token),
    prefix: token.slice(0, 8),
    scopes: wanted,
    expiresAt: until,
  });
  await appendAudit(viewer, {
    action: "token-created",
    subject: view.id,
    detail: { name, scopes: wanted, expiresAt: until.toISOString() },
  });
  return { token, view };
}

/** The viewer's tokens, newest first. */
export function listTokens(viewer: Viewer): Promise<TokenView[]> {
  return listTokenRows(viewer);
}

/** @throws AppError not-found */
export async function revokeToken(viewer: Viewer, tokenId: string): Promise<TokenView> {
  const view = await revokeTokenRow(viewer, tokenId);
  await appendAudit(viewer, { action: "token-revoked", subject: tokenId, detail: { name: view.name } });
  return view;
}

/** Who the token of an Authorization header speaks for; null when it is unknown, revoked or expired. */
export async function findTokenViewer(token: string): Promise<Viewer | null> {
  if (!tokenPattern.test(token)) return null;
  const found = await findTokenUser(asSystem("auth"), hashToken(token));
  return (
    found && {
      kind: "viewer",
      userId: found.userId,
      role: found.role,
      via: "token",
      scopes: found.scopes satisfies Scope[],
    }
  );
}

function hashToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
