import { createHash, generateKeyPairSync, type KeyObject, randomUUID, sign } from "node:crypto";
import type { JWKPublicKey } from "plaid";

interface SigningKey {
  kid: string;
  privateKey: KeyObject;
  view: JWKPublicKey;
}

export interface SignedWebhook {
  headers: Record<string, string>;
  body: string;
}
export interface SampleWebhook {
  target: string | null;
  item: string;
  code: string;
  signed: SignedWebhook;
}

/** What a forger may change. */
export interface SigningOptions {
  iat?: number;
  algorithm?: string;
  kid?: string;
  /** The bytes that are hashed, where they are not those that are sent. */
  hashedBody?: string;
  /** Signs with a key that Plaid never had. */
  isForged?: boolean;
}

/** Signs webhooks as Plaid does: ES256 over a JWT that holds the SHA-256 of the raw body. */
export class WebhookSigner {
  private readonly keys: SigningKey[] = [];
  private readonly now: () => Date;

  constructor(now: () => Date) {
    this.now = now;
    this.rotate(null);
  }

  /** @param oldExpiresInMs when the key that was in use ends; null: it does not */
  rotate(oldExpiresInMs: number | null): string {
    const old = this.keys.at(-1);
    if (old && oldExpiresInMs !== null)
      old.view.expired_at = Math.floor((this.now().getTime() + oldExpiresInMs) / 1000);
    const key = newKey(this.now());
    this.keys.push(key);
    return key.kid;
  }

  find(kid: string): JWKPublicKey | null {
    return this.keys.find((key) => key.kid === kid)?.view ?? null;
  }

  sign(payload: object, options: SigningOptions = {}): SignedWebhook {
    const newest = this.keys.at(-1);
    if (!newest) throw new Error("There is no key to sign with.");
    const key = options.isForged ? newKey(this.now()) : (this.keys.find(({ kid }) => kid === options.kid) ?? newest);
    // With spaces, as Plaid sends it: whoever hashes what they parsed and wrote again gets another hash.
    const body = JSON.stringify(payload, null, 2);
    const header = { alg: options.algorithm ?? "ES256", kid: options.kid ?? newest.kid, typ: "JWT" };
    const claims = {
      iat: options.iat ?? Math.floor(this.now().getTime() / 1000),
      request_body_sha256: createHash("sha256")
        .update(options.hashedBody ?? body)
        .digest("hex"),
    };
    const signed = `${encode(header)}.${encode(claims)}`;
    const signature = sign("sha256", Buffer.from(signed), { key: key.privateKey, dsaEncoding: "ieee-p1363" });
    return {
      headers: {
        "content-type": "application/json",
        "plaid-verification": `${signed}.${signature.toString("base64url")}`,
      },
      body,
    };
  }
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function newKey(now: Date): SigningKey {
  const kid = randomUUID();
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { x = "", y = "" } = publicKey.export({ format: "jwk" });
  const createdAt = Math.floor(now.getTime() / 1000);
  const view = {
    alg: "ES256",
    crv: "P-256",
    kid,
    kty: "EC",
    use: "sig",
    x,
    y,
    created_at: createdAt,
    expired_at: null,
  };
  return { kid, privateKey, view };
}

/** Posts what was signed. @returns the status, or null when nobody answered */
export async function postWebhook({ target, signed }: SampleWebhook): Promise<number | null> {
  if (target === null) return null;
  try {
    const { status } = await fetch(target, { method: "POST", headers: signed.headers, body: signed.body });
    return status;
  } catch {
    // Plaid tries again for a day; the fake leaves that to whoever asks it to.
    return null;
  }
}
