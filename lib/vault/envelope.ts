import { createCipheriv, createDecipheriv, createHmac, randomBytes } from "node:crypto";

/** A key that wraps the keys of records. Its id is derived from it, so a wrong key is recognised and never guessed at. */
export interface MasterKey {
  id: string;
  key: Buffer;
}

/** What a sealed value is bound to: moved to another user, scope or name it cannot be opened. */
export interface Binding {
  userId: string;
  scope: string;
  name: string;
}

export class EnvelopeError extends Error {
  constructor(
    readonly problem: "unknown-key" | "damaged",
    options?: { cause?: unknown },
  ) {
    super(problem === "unknown-key" ? "sealed with another key" : "damaged or moved", options);
    this.name = "EnvelopeError";
  }
}

const version = 1;
const cipherName = "aes-256-gcm";
const keyBytes = 32;
const ivBytes = 12;
const tagBytes = 16;
// version | iv of the wrap | wrapped data key | tag | iv of the value | value | tag
const wrapEnd = 1 + ivBytes + keyBytes + tagBytes;

/**
 * Reads a master key: 32 bytes as base64, base64url or hex.
 * @throws Error that does not show it
 */
export function parseMasterKey(text: string): MasterKey {
  const trimmed = text.trim();
  const isHex = /^[0-9a-f]{64}$/i.test(trimmed);
  const isBase64 = /^[A-Za-z0-9+/_-]{43}=?$/.test(trimmed);
  const key = isHex ? Buffer.from(trimmed, "hex") : isBase64 ? Buffer.from(trimmed, "base64") : null;
  if (key?.length !== keyBytes) throw new Error("the master key must be 32 bytes in base64");
  return { key, id: createHmac("sha256", key).update("burgeon master key id").digest("hex").slice(0, 16) };
}

/** Seals a value under a key of its own, which the master key wraps. */
export function sealEnvelope(master: MasterKey, binding: Binding, plain: string): Buffer {
  const dataKey = randomBytes(keyBytes);
  const wrapped = encrypt(master.key, aad(binding, master.id, "key"), dataKey);
  const value = encrypt(dataKey, aad(binding, master.id, "value"), Buffer.from(plain, "utf8"));
  dataKey.fill(0);
  return Buffer.concat([Buffer.from([version]), wrapped, value]);
}

/**
 * Opens what `sealEnvelope` made.
 * @throws EnvelopeError when the key is not among the given ones, or any byte or the binding differs
 */
export function openEnvelope(
  masters: readonly MasterKey[],
  binding: Binding,
  keyId: string,
  sealed: Uint8Array,
): string {
  const master = masters.find(({ id }) => id === keyId);
  if (!master) throw new EnvelopeError("unknown-key");
  if (sealed.length < wrapEnd + ivBytes + tagBytes || sealed[0] !== version) throw new EnvelopeError("damaged");
  try {
    const dataKey = decrypt(master.key, aad(binding, keyId, "key"), sealed.subarray(1, wrapEnd));
    const plain = decrypt(dataKey, aad(binding, keyId, "value"), sealed.subarray(wrapEnd));
    dataKey.fill(0);
    return plain.toString("utf8");
  } catch (cause) {
    throw new EnvelopeError("damaged", { cause });
  }
}

function encrypt(key: Buffer, bound: Buffer, plain: Buffer): Buffer {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv(cipherName, key, iv, { authTagLength: tagBytes }).setAAD(bound);
  return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(key: Buffer, bound: Buffer, data: Uint8Array): Buffer {
  const tagStart = data.length - tagBytes;
  // The length is fixed: without it, Node accepts a tag cut down to four bytes.
  const decipher = createDecipheriv(cipherName, key, data.subarray(0, ivBytes), { authTagLength: tagBytes });
  decipher.setAAD(bound).setAuthTag(data.subarray(tagStart));
  return Buffer.concat([decipher.update(data.subarray(ivBytes, tagStart)), decipher.final()]);
}

/** JSON of a list is unambiguous: no two bindings have the same text. */
function aad({ userId, scope, name }: Binding, keyId: string, part: "key" | "value"): Buffer {
  return Buffer.from(JSON.stringify([version, part, userId, scope, name, keyId]), "utf8");
}
