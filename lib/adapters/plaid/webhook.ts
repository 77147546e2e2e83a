import { createHash, timingSafeEqual } from "node:crypto";
import { compactVerify, decodeProtectedHeader } from "jose";
import { z } from "zod";
import type { WebhookNews, WebhookPort } from "../../contracts/adapter";
import type { PlaidClient } from "./client";
import { isSignInMissing } from "./link";
import { createKeyring } from "./keyring";

const header = "plaid-verification";
const longestAgeMs = 5 * 60_000;
/** How far ahead Plaid's clock may be. */
const skewMs = 60_000;

const headerSchema = z.object({ alg: z.literal("ES256"), kid: z.uuid() });
const claimsSchema = z.object({ iat: z.number(), request_body_sha256: z.string().regex(/^[0-9a-f]{64}$/) });
const bodySchema = z.object({
  webhook_type: z.string(),
  webhook_code: z.string(),
  item_id: z.string().nullish(),
  error: z.object({ error_code: z.string().nullish() }).nullish().catch(null),
  consent_expiration_time: z.string().nullish().catch(null),
  disconnect_time: z.string().nullish().catch(null),
});

/** Webhooks as Plaid signs them (docs: api/webhooks/webhook-verification). */
export function createWebhookPort(client: PlaidClient): WebhookPort {
  const keyring = createKeyring(client);
  return {
    async verify({ headers, body, now, signal }) {
      const token = headers.get(header);
      if (!token || token.length > 4096) return null;
      const kid = readKid(token);
      if (kid === null) return null;
      // Throws when Plaid cannot be asked: then the answer is no 2xx, and Plaid sends it again.
      const key = await keyring.find(kid, now, signal);
      if (key === null) return null;
      const claims = await readClaims(token, key);
      if (claims === null) return null;
      const ageMs = now.getTime() - claims.iat * 1000;
      if (ageMs > longestAgeMs || ageMs < -skewMs) return null;
      const digest = createHash("sha256").update(body).digest();
      if (!timingSafeEqual(digest, Buffer.from(claims.request_body_sha256, "hex"))) return null;
      return readNews(body);
    },
  };
}

function readKid(token: string): string | null {
  try {
    const read = headerSchema.safeParse(decodeProtectedHeader(token));
    return read.success ? read.data.kid : null;
  } catch {
    // Not a JWT at all.
    return null;
  }
}

async function readClaims(token: string, key: Parameters<typeof compactVerify>[1] & CryptoKey) {
  try {
    const { payload } = await compactVerify(token, key, { algorithms: ["ES256"] });
    const read = claimsSchema.safeParse(JSON.parse(Buffer.from(payload).toString("utf8")));
    return read.success ? read.data : null;
  } catch {
    // Signed by somebody else, or no claims inside.
    return null;
  }
}

/** Signed by Plaid, so it is theirs; what Burgeon does not know is no news. */
function readNews(body: Uint8Array): WebhookNews {
  const none: WebhookNews = { about: { kind: "account", key: "" }, news: "none" };
  let foreign: unknown;
  try {
    foreign = JSON.parse(Buffer.from(body).toString("utf8"));
  } catch {
    return none;
  }
  const read = bodySchema.safeParse(foreign);
  if (!read.success || !read.data.item_id) return none;
  const about = { kind: "account", key: read.data.item_id } as const;
  const news = newsOf(read.data);
  if (news !== "expires") return { about, news };
  const at = Date.parse(read.data.consent_expiration_time ?? read.data.disconnect_time ?? "");
  return { about, news, ...(Number.isNaN(at) ? {} : { expiresAt: new Date(at) }) };
}

const newsByCode: Readonly<Record<string, WebhookNews["news"]>> = {
  "TRANSACTIONS SYNC_UPDATES_AVAILABLE": "changed",
  "TRANSACTIONS INITIAL_UPDATE": "changed",
  "TRANSACTIONS HISTORICAL_UPDATE": "changed",
  "TRANSACTIONS DEFAULT_UPDATE": "changed",
  "TRANSACTIONS TRANSACTIONS_REMOVED": "changed",
  "ITEM LOGIN_REPAIRED": "repaired",
  "ITEM PENDING_EXPIRATION": "expires",
  "ITEM PENDING_DISCONNECT": "expires",
  "ITEM USER_PERMISSION_REVOKED": "revoked",
  "ITEM USER_ACCOUNT_REVOKED": "revoked",
  "ITEM NEW_ACCOUNTS_AVAILABLE": "new-accounts",
};

function newsOf({ webhook_type: type, webhook_code: code, error }: z.output<typeof bodySchema>): WebhookNews["news"] {
  if (type === "ITEM" && code === "ERROR") return isSignInMissing(error) ? "login-required" : "none";
  return newsByCode[`${type} ${code}`] ?? "none";
}
