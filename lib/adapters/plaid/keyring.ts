import { importJWK } from "jose";
import { z } from "zod";
import { AppError } from "../../contracts/errors";
import type { PlaidClient } from "./client";
import { hasPlaidCode } from "./problem";

const refreshAfterMs = 24 * 3_600_000;
const unknownForMs = 5 * 60_000;
const maxKeys = 200;
/** A stranger may name any key: no more than this many questions to Plaid a minute come of it. */
const maxLookupsPerMinute = 30;

const keySchema = z.object({
  alg: z.literal("ES256"),
  crv: z.literal("P-256"),
  kty: z.literal("EC"),
  kid: z.string(),
  x: z.string(),
  y: z.string(),
  /** Seconds since 1970. Null: in use. */
  expired_at: z.number().nullish(),
});

interface Held {
  /** Null: Plaid has no such key. */
  key: CryptoKey | null;
  expiresAtMs: number | null;
  askedAtMs: number;
}

export interface Keyring {
  /**
   * @returns null when Plaid has no such key or it has expired
   * @throws AppError unavailable when Plaid cannot be asked
   */
  find(kid: string, now: Date, signal: AbortSignal): Promise<CryptoKey | null>;
}

/** Plaid's public keys by id, asked for once a day each; that there is no such key is remembered, too. */
export function createKeyring(client: PlaidClient): Keyring {
  const held = new Map<string, Held>();
  const asking = new Map<string, Promise<Held>>();
  const lookups: number[] = [];

  const ask = async (kid: string, now: Date, signal: AbortSignal): Promise<Held> => {
    const nowMs = now.getTime();
    while (lookups.length > 0 && (lookups[0] ?? 0) <= nowMs - 60_000) lookups.shift();
    if (lookups.length >= maxLookupsPerMinute)
      throw new AppError("unavailable", "Too many unknown keys were named. Plaid is asked again in a minute.");
    lookups.push(nowMs);
    const fresh = await fetchKey(client, kid, nowMs, signal);
    held.delete(kid);
    held.set(kid, fresh);
    const oldest = held.keys().next();
    if (held.size > maxKeys && !oldest.done) held.delete(oldest.value);
    return fresh;
  };

  return {
    async find(kid, now, signal) {
      const known = held.get(kid);
      const lifetimeMs = known?.key ? refreshAfterMs : unknownForMs;
      const isFresh = known !== undefined && now.getTime() - known.askedAtMs < lifetimeMs;
      let entry = known;
      if (!isFresh) {
        const question = asking.get(kid) ?? ask(kid, now, signal).finally(() => asking.delete(kid));
        asking.set(kid, question);
        entry = await question;
      }
      if (!entry?.key) return null;
      return entry.expiresAtMs !== null && entry.expiresAtMs <= now.getTime() ? null : entry.key;
    },
  };
}

async function fetchKey(client: PlaidClient, kid: string, askedAtMs: number, signal: AbortSignal): Promise<Held> {
  const none: Held = { key: null, expiresAtMs: null, askedAtMs };
  try {
    const answer = await client.call((api, options) => api.webhookVerificationKeyGet({ key_id: kid }, options), {
      signal,
    });
    const read = keySchema.safeParse(answer.key);
    if (!read.success || read.data.kid !== kid) return none;
    const { alg, crv, kty, x, y, expired_at: expiredAt } = read.data;
    const key = await importJWK({ alg, crv, kty, x, y }, "ES256");
    if (!("type" in key)) return none;
    return { key, expiresAtMs: expiredAt ? expiredAt * 1000 : null, askedAtMs };
  } catch (error) {
    // Plaid answered that it has none; whatever may pass is not remembered.
    const isOurFault = hasPlaidCode(error, "INVALID_API_KEYS", "UNAUTHORIZED_ENVIRONMENT");
    if (error instanceof AppError && error.code === "refused" && !isOurFault) return none;
    throw error;
  }
}
