import { AppError } from "@/lib/contracts/errors";
import { asSystem, type Viewer } from "@/lib/contracts/viewer";
import {
  findSecret,
  hasSecretsOfOtherKeys,
  inVaultTurn,
  listSecretNames,
  listSecrets,
  putSecret,
  removeSecrets,
  type SealedSecret,
} from "@/lib/db/secrets";
import type { Queryable } from "@/lib/db/statement";
import { EnvelopeError, type MasterKey, openEnvelope, sealEnvelope } from "./envelope";
import { type MasterKeys, readMasterKeys } from "./master-keys";

/** A row of the vault itself for everyone who has secrets, by which a wrong master key is noticed before anything is written. */
export const canary = { scope: "vault", name: "canary", plain: "burgeon" } as const;
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
  await inVaultTurn(viewer, async (client) => {
    const keys = readMasterKeys();
    await requireUnlocked(viewer, keys, client);
    await putSecret(viewer, sealWith(keys[0], viewer, { scope, name }, plain), client);
  });
}

/**
 * Seals values that somebody else stores with `storeSealed`, in one transaction with what belongs to them. Seal within it: with
 * the key of that moment.
 * @throws AppError unavailable while the vault is locked
 */
export async function sealer(viewer: Viewer): Promise<(scope: string, name: string, plain: string) => SealedSecret> {
  await inVaultTurn(viewer, (client) => requireUnlocked(viewer, readMasterKeys(), client));
  return (scope, name, plain) => sealWith(readMasterKeys()[0], viewer, { scope, name }, plain);
}

/** Opens what a `sealer` made. Throws like `open`. */
export function unseal(viewer: Viewer, secret: SealedSecret): string {
  return openWith(readMasterKeys(), viewer, secret);
}

/**
 * The value of one of the viewer's secrets; null when none is stored. For the request it is needed in, and nothing else.
 * @throws AppError unavailable while the vault is locked or when the stored value was tampered with
 */
export async function open(viewer: Viewer, scope: string, name: string): Promise<string | null> {
  return retryMoved(async () => {
    const secret = await findSecret(viewer, scope, name);
    return secret && openWith(readMasterKeys(), viewer, secret);
  });
}

/** All values of one scope, by name. Throws like `open`. */
export async function openAll(viewer: Viewer, scope: string): Promise<Record<string, string>> {
  return retryMoved(async () => {
    const secrets = await listSecrets(viewer, scope);
    if (secrets.length === 0) return {};
    const keys = readMasterKeys();
    return Object.fromEntries(secrets.map((secret) => [secret.name, openWith(keys, viewer, secret)]));
  });
}

/** Names of what is stored in a scope. Works while the vault is locked. */
export async function listNames(viewer: Viewer, scope: string): Promise<string[]> {
  return listSecretNames(viewer, scope);
}

/** Forgets one secret, or all of a scope. Returns how many there were. Works while the vault is locked. */
export async function remove(viewer: Viewer, scope: string, name?: string): Promise<number> {
  return removeSecrets(viewer, scope, name);
}

/** Can what is stored be opened with the configured key? For Health and for whoever tells a person. */
export async function vaultState(): Promise<"open" | "locked" | "no-key"> {
  try {
    for (let keys = readMasterKeys(); ; ) {
      if (!(await isOfOtherKey(keys))) return "open";
      const ids = idsOf(keys);
      keys = readMasterKeys();
      // Otherwise a rotation began or ended between the two looks.
      if (idsOf(keys).join() === ids.join()) return "locked";
    }
  } catch (error) {
    if (error instanceof AppError) return "no-key";
    throw error;
  }
}

/** Seals one value for one person under this key. For the vault and its rotation. */
export function sealWith(
  master: MasterKey,
  { userId }: { userId: string },
  { scope, name }: { scope: string; name: string },
  plain: string,
): SealedSecret {
  return { scope, name, keyId: master.id, sealed: sealEnvelope(master, { userId, scope, name }, plain) };
}

export function lockedError(cause?: unknown): AppError {
  return new AppError("unavailable", "The vault is locked: what is stored was sealed with another master key.", {
    cause,
    hint: "Start Burgeon with the master key of this installation. Nothing was overwritten.",
  });
}

const maxLooks = 3;

/** Between reading a row and reading the keys a rotation may have moved the one and retired the other: then look again. */
async function retryMoved<Result>(look: () => Promise<Result>): Promise<Result> {
  for (let looks = 1; ; looks++) {
    try {
      return await look();
    } catch (error) {
      const cause = error instanceof AppError ? error.cause : null;
      const isUnknown = cause instanceof EnvelopeError && cause.problem === "unknown-key";
      if (!isUnknown || looks >= maxLooks) throw error;
    }
  }
}

/** In a turn of the vault. The person's canary follows the current key, so that every key in use has a row. */
async function requireUnlocked(viewer: Viewer, keys: MasterKeys, client: Queryable): Promise<void> {
  if (await isOfOtherKey(keys, client)) throw lockedError();
  const found = await findSecret(viewer, canary.scope, canary.name, client);
  if (found?.keyId === keys[0].id) return;
  await putSecret(viewer, sealWith(keys[0], viewer, canary, canary.plain), client);
}

function isOfOtherKey(keys: MasterKeys, client?: Queryable): Promise<boolean> {
  return hasSecretsOfOtherKeys(asSystem("auth"), idsOf(keys), client);
}

const idsOf = (keys: MasterKeys): string[] => keys.map(({ id }) => id);

function openWith(keys: MasterKeys, { userId }: Viewer, { scope, name, keyId, sealed }: SealedSecret): string {
  try {
    return openEnvelope(keys, { userId, scope, name }, keyId, sealed);
  } catch (cause) {
    if (!(cause instanceof EnvelopeError)) throw cause;
    if (cause.problem === "unknown-key") throw lockedError(cause);
    throw new AppError("unavailable", `The stored value of "${name}" is damaged and cannot be used.`, {
      cause,
      hint: "Enter it again.",
    });
  }
}
