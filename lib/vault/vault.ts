import { AppError } from "@/lib/contracts/errors";
import { asSystem, type Viewer } from "@/lib/contracts/viewer";
import {
  findSecret,
  hasSecretsOfOtherKeys,
  listSecretNames,
  listSecrets,
  putSecret,
  putSecretIfAbsent,
  removeSecrets,
  type SealedSecret,
} from "@/lib/db/secrets";
import { readMasterKey } from "@/lib/env";
import { EnvelopeError, type MasterKey, openEnvelope, parseMasterKey, sealEnvelope } from "./envelope";

/** A row of the vault itself, by which a wrong master key is noticed before anything is written with it. */
const canary = { scope: "vault", name: "canary", plain: "burgeon" } as const;
const maxChars = 65_536;

/**
 * Seals a value and stores it for the viewer, replacing an older one of that name.
 * @param scope `module:<category>/<name>` or `model:<provider>`
 * @throws AppError unavailable while the vault is locked; nothing is written then
 */
export async function seal(viewer: Viewer, scope: string, name: string, plain: string): Promise<void> {
  if (plain === "") throw new AppError("invalid", "An empty value cannot be stored; remove it instead.");
  if (plain.length > maxChars) throw new AppError("invalid", `A secret may have at most ${maxChars} characters.`);
  if (scope === canary.scope || scope === "" || name === "")
    throw new AppError("invalid", "A secret needs a scope and a name.");
  const keys = masterKeys();
  await requireUnlocked(viewer, keys);
  await putSecret(viewer, sealWith(keys[0], viewer, scope, name, plain));
}

/**
 * The value of one of the viewer's secrets; null when none is stored. For the request it is needed in, and nothing else.
 * @throws AppError unavailable while the vault is locked or when the stored value was tampered with
 */
export async function open(viewer: Viewer, scope: string, name: string): Promise<string | null> {
  const secret = await findSecret(viewer, scope, name);
  return secret && openWith(masterKeys(), viewer, secret);
}

/** All values of one scope, by name. Throws like `open`. */
export async function openAll(viewer: Viewer, scope: string): Promise<Record<string, string>> {
  const secrets = await listSecrets(viewer, scope);
  if (secrets.length === 0) return {};
  const keys = masterKeys();
  return Object.fromEntries(secrets.map((secret) => [secret.name, openWith(keys, viewer, secret)]));
}

/** Names of what is stored in a scope. Works while the vault is locked. */
export async function listNames(viewer: Viewer, scope: string): Promise<string[]> {
  return listSecretNames(viewer, scope);
}

/** Forgets one secret, or all of a scope. Returns how many there were. Works while the vault is locked. */
export async function remove(viewer: Viewer, scope: string, name?: string): Promise<number> {
  return removeSecrets(viewer, scope, name);
}

/** Can what is stored be opened with the configured key? For Health. */
export async function vaultState(): Promise<"open" | "locked" | "no-key"> {
  try {
    const keys = masterKeys();
    return (await isOfOtherKey(keys)) ? "locked" : "open";
  } catch (error) {
    if (error instanceof AppError) return "no-key";
    throw error;
  }
}

type MasterKeys = readonly [MasterKey, ...MasterKey[]];

/** The configured keys, the current one first; further ones (separated by white space or commas) only open. */
function masterKeys(): MasterKeys {
  const text = readMasterKey();
  const [current, ...older] = (text ?? "").split(/[\s,]+/).filter(Boolean);
  const hint = "Set BURGEON_MASTER_KEY or BURGEON_MASTER_KEY_FILE to 32 random bytes in base64.";
  if (current === undefined)
    throw new AppError("unavailable", "The vault has no master key, so nothing can be stored.", { hint });
  try {
    return [parseMasterKey(current), ...older.map(parseMasterKey)];
  } catch (cause) {
    throw new AppError("unavailable", "The master key of the vault is not valid.", { cause, hint });
  }
}

async function requireUnlocked(viewer: Viewer, keys: MasterKeys): Promise<void> {
  if (await isOfOtherKey(keys)) throw locked();
  // Two processes that start with different keys on an empty vault both try; the second one finds the first one's canary.
  await putSecretIfAbsent(viewer, sealWith(keys[0], viewer, canary.scope, canary.name, canary.plain));
  const found = await findSecret(viewer, canary.scope, canary.name);
  if (!found || openWith(keys, viewer, found) !== canary.plain) throw locked();
}

function isOfOtherKey(keys: MasterKeys): Promise<boolean> {
  return hasSecretsOfOtherKeys(
    asSystem("auth"),
    keys.map(({ id }) => id),
  );
}

function sealWith(master: MasterKey, { userId }: Viewer, scope: string, name: string, plain: string): SealedSecret {
  return { scope, name, keyId: master.id, sealed: sealEnvelope(master, { userId, scope, name }, plain) };
}

function openWith(keys: MasterKeys, { userId }: Viewer, { scope, name, keyId, sealed }: SealedSecret): string {
  try {
    return openEnvelope(keys, { userId, scope, name }, keyId, sealed);
  } catch (cause) {
    if (!(cause instanceof EnvelopeError)) throw cause;
    if (cause.problem === "unknown-key") throw locked(cause);
    throw new AppError("unavailable", `The stored value of "${name}" is damaged and cannot be used.`, {
      cause,
      hint: "Enter it again.",
    });
  }
}

function locked(cause?: unknown): AppError {
  return new AppError("unavailable", "The vault is locked: what is stored was sealed with another master key.", {
    cause,
    hint: "Start Burgeon with the master key of this installation. Nothing was overwritten.",
  });
}
