import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { getAdapter } from "@/lib/adapters/registry";
import type { Adapter, OAuthPort } from "@/lib/contracts/adapter";
import { AppError } from "@/lib/contracts/errors";
import type { Viewer } from "@/lib/contracts/viewer";
import { saveAttempt, useAttempt } from "@/lib/db/connect-attempts";
import { findConnectionOfKey, getConnectionRow, saveConnection } from "@/lib/db/connections";
import { env } from "@/lib/env";
import { sealer, unseal } from "@/lib/vault/vault";
import { outsideIo } from "./io";
import { findTokens, toHeld, tokenSealer } from "./tokens";

const exchangeMs = 20_000;
const verifierName = "code-verifier";
const verifierScope = (stateHash: string) => `connect-attempt:${stateHash}`;
const sha256 = (text: string) => createHash("sha256").update(text).digest();

/** The one address a provider sends people back to. From the configuration, never from a request. */
export const redirectUriOf = (adapterId: string): string => `${env().BURGEON_URL}/api/connect/${adapterId}/callback`;

/**
 * Begins a sign-in at a provider: code flow with PKCE (RFC 7636) and a state that is good once, for ten minutes, for this person,
 * this browser and this provider.
 * @param browserMark what the browser proves itself with on the way back: a random cookie
 * @returns where to send the person
 */
export async function beginOAuth(
  viewer: Viewer,
  request: { adapterId: string; browserMark: string; isWriteWanted: boolean; connectionId: string | null },
): Promise<string> {
  const adapter = getAdapter(request.adapterId);
  const oauth = requireOAuth(adapter);
  const existing = request.connectionId === null ? null : await getConnectionRow(viewer, request.connectionId);
  if (existing && existing.adapter !== request.adapterId)
    throw new AppError("invalid", "This connection is of another kind.");
  const [state, codeVerifier] = [randomBytes(32).toString("base64url"), randomBytes(48).toString("base64url")];
  const stateHash = sha256(state).toString("hex");
  const redirectUri = redirectUriOf(request.adapterId);
  const seal = await sealer(viewer);
  const { sealed, keyId } = seal(verifierScope(stateHash), verifierName, codeVerifier);
  await saveAttempt(viewer, {
    ...{ stateHash, sessionHash: sha256(request.browserMark).toString("hex"), adapter: request.adapterId },
    ...{ connectionId: request.connectionId, sealedVerifier: sealed, keyId },
    redirectUri,
  });
  const held = existing && existing.state === "active" ? await findTokens(viewer, existing.id) : null;
  return oauth.authorizationUrl({
    ...{ state, redirectUri, isWriteWanted: request.isWriteWanted },
    codeChallenge: sha256(codeVerifier).toString("base64url"),
    hasRefreshToken: held?.refreshToken != null,
    ...(existing ? { account: existing.title } : {}),
  });
}

/**
 * Ends it: the way back is checked, the code is exchanged, the tokens are sealed.
 * @throws AppError refused when the way back is not of this person, browser and provider; what the provider's side says otherwise
 */
export async function finishOAuth(
  viewer: Viewer,
  back: { adapterId: string; browserMark: string; state: string; code: string; issuer?: string },
): Promise<{ connectionId: string; isNew: boolean }> {
  const adapter = getAdapter(back.adapterId);
  const oauth = requireOAuth(adapter);
  // A provider that names itself must be the one that was asked (RFC 9207).
  if (back.issuer !== undefined && oauth.issuer !== undefined && back.issuer !== oauth.issuer)
    throw new AppError("refused", `This answer is not from ${adapter.manifest.title}.`, { hint: "Begin again." });
  const stateHash = sha256(back.state).toString("hex");
  const sessionHash = sha256(back.browserMark).toString("hex");
  const attempt = await useAttempt(viewer, { stateHash, sessionHash, adapter: back.adapterId });
  if (!attempt)
    throw new AppError(
      "refused",
      "This sign-in was not begun here, is older than ten minutes or was finished already.",
      {
        hint: "Begin again on Connections.",
      },
    );
  const codeVerifier = unseal(viewer, {
    ...{ scope: verifierScope(stateHash), name: verifierName },
    ...{ sealed: attempt.sealedVerifier, keyId: attempt.keyId },
  });
  const { redirectUri } = attempt;
  const signal = AbortSignal.timeout(exchangeMs);
  const { account, ...tokens } = await oauth.exchange({ code: back.code, codeVerifier, redirectUri, signal });
  if (attempt.connectionId !== null) await requireSameAccount(viewer, attempt.connectionId, account, adapter);
  // Somebody who renews gets no new refresh token from some providers: the one that is held stays good.
  const known = await findConnectionOfKey(viewer, back.adapterId, account.key);
  const before = known === null ? null : await findTokens(viewer, known);
  const seal = await tokenSealer(viewer);
  const saved = await saveConnection(viewer, {
    ...{ adapter: back.adapterId, accountKey: account.key, title: account.title },
    // What the person ticked counts, and not what they were asked for.
    isWriteAllowed: oauth.mayWrite(tokens.scopes),
    consentExpiresAt: tokens.consentExpiresAt,
    seal: (connectionId) => seal(connectionId, toHeld(tokens, before)),
  });
  return { connectionId: saved.id, isNew: saved.isNew };
}

/** Connects a feed by its address. The address is as good as a password, so it is kept in the vault and shown nowhere. */
export async function connectUrl(viewer: Viewer, adapterId: string, url: string): Promise<{ connectionId: string }> {
  const adapter = getAdapter(adapterId);
  if (!adapter.checkUrl) throw new AppError("invalid", `${adapter.manifest.title} is not connected by an address.`);
  const { key, title } = await adapter.checkUrl(outsideIo(AbortSignal.timeout(exchangeMs)), url);
  const seal = await tokenSealer(viewer);
  const { id } = await saveConnection(viewer, {
    ...{ adapter: adapterId, accountKey: sha256(key).toString("hex"), title, isWriteAllowed: false },
    seal: (connectionId) => seal(connectionId, { accessToken: url, accessExpiresAt: null, refreshToken: null }),
  });
  return { connectionId: id };
}

/** Compares two texts in a time that says nothing about where they differ. */
export function isSameText(first: string, second: string): boolean {
  return timingSafeEqual(sha256(first), sha256(second));
}

/** @throws AppError refused, with the names of what must be set, while it cannot be connected */
export function requireSetUp({ manifest, missing }: Adapter): void {
  const names = missing();
  if (names.length === 0) return;
  throw new AppError("refused", `${manifest.title} is not set up yet: ${names.join(" and ")} must be set.`, {
    hint: "The steps are on Connections.",
  });
}

async function requireSameAccount(
  viewer: Viewer,
  connectionId: string,
  account: { key: string; title: string },
  adapter: Adapter,
): Promise<void> {
  const { accountKey, title } = await getConnectionRow(viewer, connectionId);
  if (isSameText(accountKey, account.key)) return;
  throw new AppError("conflict", `You signed in to ${adapter.manifest.title} with another account than ${title}.`, {
    hint: `Sign in again as ${title}, or add the other account as a new connection.`,
  });
}

function requireOAuth(adapter: Adapter): OAuthPort {
  if (!adapter.oauth) throw new AppError("invalid", `${adapter.manifest.title} is not connected by signing in.`);
  requireSetUp(adapter);
  return adapter.oauth;
}
