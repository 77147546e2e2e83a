import { createHash } from "node:crypto";
import { z } from "zod";
import type { ConnectionAuth } from "@/lib/contracts/module";
import { EgressError } from "./egress-error";
import { type EgressOptions, vettedFetch } from "./fetch";

export interface TokenRequest {
  auth: Extract<ConnectionAuth, { kind: "oauth2_client_credentials" }>;
  client: { clientId: string; clientSecret: string };
  /** Keeps people, modules and connections apart. */
  scope: string;
  options: Pick<EgressOptions, "timeoutMs" | "allow" | "resolve">;
}

export interface AccessToken {
  accessToken: string;
  /** For `forgetToken`. */
  key: string;
  /** True when it was asked for just now, so that asking again would give nothing better. */
  isFresh: boolean;
}

const replySchema = z.object({
  access_token: z.string().min(1).max(16_384),
  token_type: z.string().optional(),
  expires_in: z.coerce.number().positive().optional(),
});

/** Renewed this long before it ends, so that a request under way does not meet an expired token. */
const earlyMs = 60_000;
/** RFC 6749 leaves `expires_in` out at will. */
const unknownLifeSeconds = 300;
const maxReplyBytes = 64 * 1024;

const held = new Map<string, { accessToken: string; expiresAt: number }>();
const underWay = new Map<string, Promise<string>>();

/**
 * An access token of the client credentials grant (RFC 6749, section 4.4), kept in memory until shortly before it ends;
 * concurrent callers share one request.
 */
export async function clientCredentialsToken(request: TokenRequest): Promise<AccessToken> {
  const key = keyOf(request);
  const known = held.get(key);
  if (known && known.expiresAt > Date.now()) return { accessToken: known.accessToken, key, isFresh: false };
  const running = underWay.get(key) ?? fetchToken(request, key).finally(() => underWay.delete(key));
  underWay.set(key, running);
  return { accessToken: await running, key, isFresh: true };
}

/** Drops a token that the API refused, so that the next call asks for a new one. A newer one stays. */
export function forgetToken(token: AccessToken): void {
  if (held.get(token.key)?.accessToken === token.accessToken) held.delete(token.key);
}

function keyOf({ scope, auth, client }: TokenRequest): string {
  const parts = [scope, auth.tokenUrl, auth.scope ?? "", client.clientId, client.clientSecret];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

async function fetchToken({ auth, client, options }: TokenRequest, key: string): Promise<string> {
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    ...(auth.scope ? { scope: auth.scope } : {}),
  });
  // RFC 6749 section 2.3.1: both parts are form-encoded before they are joined.
  const pair = `${formEncode(client.clientId)}:${formEncode(client.clientSecret)}`;
  // No caller's signal: the request is shared by several, so no single one may stop it; the time limit stays.
  const reply = await vettedFetch(auth.tokenUrl, {
    ...options,
    method: "POST",
    headers: {
      authorization: `Basic ${Buffer.from(pair).toString("base64")}`,
      "content-type": "application/x-www-form-urlencoded",
      accept: "application/json",
    },
    body: form.toString(),
    redirect: "manual",
    maxBytes: maxReplyBytes,
  });
  const parsed = reply.status === 200 ? replySchema.safeParse(parseJson(reply.body)) : undefined;
  if (!parsed?.success || (parsed.data.token_type ?? "bearer").toLowerCase() !== "bearer") {
    const { host } = new URL(auth.tokenUrl);
    throw new EgressError(
      "network",
      `${host} did not give an access token (status ${reply.status}); check the client id and secret`,
    );
  }
  remember(key, parsed.data.access_token, (parsed.data.expires_in ?? unknownLifeSeconds) * 1000);
  return parsed.data.access_token;
}

function remember(key: string, accessToken: string, lifeMs: number): void {
  const now = Date.now();
  for (const [other, { expiresAt }] of held) if (expiresAt <= now) held.delete(other);
  // A token that lives shorter than the margin is used for half of its life.
  held.set(key, { accessToken, expiresAt: now + Math.max(lifeMs - earlyMs, lifeMs / 2) });
}

function formEncode(text: string): string {
  return new URLSearchParams({ s: text }).toString().slice(2);
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined; // judged by the schema like any other wrong reply
  }
}
