import { randomInt } from "node:crypto";
import { z } from "zod";
import type { Adapter, TokenSet } from "@/lib/contracts/adapter";
import { AppError } from "@/lib/contracts/errors";
import type { Viewer } from "@/lib/contracts/viewer";
import { getConnectionRow, recordTry, replaceTokens, secretScopeOf } from "@/lib/db/connections";
import { withLock } from "@/lib/db/lock";
import { open, sealer } from "@/lib/vault/vault";
import { reauthWarning } from "./warnings";

/** One sealed value, so that access token, its end and the refresh token are never of two different answers. */
const tokensSchema = z.object({
  accessToken: z.string(),
  /** Null: it does not end by itself (Plaid). */
  accessExpiresAt: z.iso.datetime().nullable(),
  refreshToken: z.string().nullable(),
});
export type HeldTokens = z.infer<typeof tokensSchema>;

const tokensName = "tokens";
const earlyMs = 60_000;
const jitterMs = 30_000;
const refreshMs = 20_000;
/** Of this process: whoever asks while one is on its way waits for that one. */
const underWay = new Map<string, Promise<string>>();

/** What is stored of a token set, given what was held before: a provider that sends no new refresh token means the old one. */
export function toHeld(tokens: TokenSet, before: HeldTokens | null): HeldTokens {
  return {
    accessToken: tokens.accessToken,
    accessExpiresAt: tokens.accessExpiresAt.toISOString(),
    refreshToken: tokens.refreshToken ?? before?.refreshToken ?? null,
  };
}

/** Seals tokens for `saveConnection`. */
export async function tokenSealer(viewer: Viewer) {
  const seal = await sealer(viewer);
  return (connectionId: string, tokens: HeldTokens) =>
    seal(secretScopeOf(connectionId), tokensName, JSON.stringify(tokens));
}

/** The tokens of a connection; null when none are stored. @throws AppError unavailable while the vault is locked */
export async function findTokens(viewer: Viewer, connectionId: string): Promise<HeldTokens | null> {
  const text = await open(viewer, secretScopeOf(connectionId), tokensName);
  return text === null ? null : tokensSchema.parse(JSON.parse(text));
}

/**
 * An access token that is good for a while. However many ask, in however many processes, the provider is asked once.
 * @param refused the one that was refused just now although it looked good
 * @throws AppError auth-expired when the person must sign in again; the connection says so from then on
 */
export async function freshAccessToken(
  viewer: Viewer,
  connectionId: string,
  adapter: Adapter,
  refused?: string,
): Promise<string> {
  const held = await needTokens(viewer, connectionId);
  if (isGood(held, refused)) return held.accessToken;
  if (!adapter.oauth) throw await giveUp(viewer, connectionId, adapter);
  const known = underWay.get(connectionId);
  if (known) return known;
  const task = refreshOnce(viewer, connectionId, adapter, refused).finally(() => underWay.delete(connectionId));
  underWay.set(connectionId, task);
  return task;
}

async function refreshOnce(viewer: Viewer, connectionId: string, adapter: Adapter, refused?: string): Promise<string> {
  const token = await withLock("connection-tokens", connectionId, { wait: true }, async () => {
    const { tokenVersion } = await getConnectionRow(viewer, connectionId);
    const held = await needTokens(viewer, connectionId);
    // Whoever had the lock before may have done it.
    if (isGood(held, refused)) return held.accessToken;
    if (held.refreshToken === null || !adapter.oauth) throw await giveUp(viewer, connectionId, adapter);
    const tokens = await askForTokens(viewer, connectionId, adapter, held.refreshToken);
    const next = toHeld(tokens, held);
    const seal = await tokenSealer(viewer);
    const isStored = await replaceTokens(viewer, connectionId, {
      tokenVersion,
      sealed: seal(connectionId, next),
      consentExpiresAt: tokens.consentExpiresAt,
    });
    // The person connected anew meanwhile: theirs are newer than ours.
    return isStored ? next.accessToken : (await needTokens(viewer, connectionId)).accessToken;
  });
  if (token === null) throw new Error("a lock that is waited for is always got");
  return token;
}

async function askForTokens(viewer: Viewer, connectionId: string, adapter: Adapter, refreshToken: string) {
  try {
    if (!adapter.oauth) throw new Error("only adapters with OAuth refresh");
    return await adapter.oauth.refresh({ refreshToken, signal: AbortSignal.timeout(refreshMs) });
  } catch (cause) {
    if (cause instanceof AppError && cause.code === "auth-expired") throw await giveUp(viewer, connectionId, adapter);
    throw cause;
  }
}

async function needTokens(viewer: Viewer, connectionId: string): Promise<HeldTokens> {
  const held = await findTokens(viewer, connectionId);
  if (!held) throw new AppError("auth-expired", "This connection holds no sign-in.", { hint: "Connect it again." });
  return held;
}

function isGood(held: HeldTokens, refused: string | undefined): boolean {
  if (held.accessToken === refused) return false;
  if (held.accessExpiresAt === null) return true;
  return Date.parse(held.accessExpiresAt) - Date.now() > earlyMs + randomInt(jitterMs);
}

async function giveUp(viewer: Viewer, connectionId: string, adapter: Adapter): Promise<AppError> {
  const warning = reauthWarning(adapter.manifest.title);
  await recordTry(viewer, connectionId, { isGood: false, warning, nextInMs: null, needsReauth: true });
  return new AppError("auth-expired", warning.message, { hint: warning.hint });
}
