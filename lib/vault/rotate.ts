import { setTimeout as pause } from "node:timers/promises";
import { asSystem } from "@/lib/contracts/viewer";
import { dropAttemptsOfOtherKeys } from "@/lib/db/connect-attempts";
import { countSecretsByKey, inVaultTurn, listStaleSecrets, replaceSealed, type StaleSecret } from "@/lib/db/secrets";
import { EnvelopeError, type MasterKey, openEnvelope } from "./envelope";
import { findOwnKeyFile, makeMasterKeyText, masterKeyText, writeKeyFile } from "./key-file";
import { type MasterKeys, readMasterKeys } from "./master-keys";
import { canary, lockedError, sealWith } from "./vault";

export interface Rotation {
  /** `npm start` made the file of keys, and it was changed here. Otherwise only a person can change where the keys come from. */
  isOwnFile: boolean;
  /** False: the keys of an earlier rotation were taken up. */
  isNewKey: boolean;
  /** Id of the current key. */
  keyId: string;
  /** Values that were sealed anew. */
  rewrapped: number;
  /** Values that nobody can open any more. They stay as they are, under the older key. */
  damaged: { owner: string; scope: string; name: string }[];
  /** What is still sealed with other keys. The older ones among the configured keys can be retired when it is empty. */
  left: { keyId: string; count: number; isConfigured: boolean }[];
  /** Older keys under which nothing is left. They were taken out of our own file. */
  retired: string[];
}

export interface RotationOptions {
  onProgress?: (done: number, total: number) => void;
  /** How long a key that nothing needs any more stays in our own file, for those who have read a row or the keys just now. */
  settleMs?: number;
}

const caller = asSystem("cli");
const batchSize = 50;

/**
 * Seals everything that is stored under the current master key, which is a new one where the file of keys is ours. It may be
 * killed at any moment: the keys that rows need are in the file before a row needs them and until none does, and the next call goes
 * on. Running processes read the file anew and notice nothing.
 * @throws AppError unavailable while the vault is locked; nothing is changed then
 */
export async function rotateMasterKey(options: RotationOptions = {}): Promise<Rotation> {
  const file = findOwnKeyFile();
  const isNewKey = file !== null && (await addKey(file));
  const tell = options.onProgress ?? (() => undefined);
  let { rewrapped, damaged } = await rewrapAll(tell);
  if (file !== null) {
    await pause(options.settleMs ?? 2000);
    const late = await rewrapAll(tell);
    [rewrapped, damaged] = [rewrapped + late.rewrapped, late.damaged];
  }
  return { isOwnFile: file !== null, isNewKey, rewrapped, damaged, ...(await retireKeys(file)) };
}

/** Puts a new key in front of the present one. With several keys in the file, an earlier rotation was interrupted: its key is it. */
async function addKey(file: string): Promise<boolean> {
  return inVaultTurn(caller, async (client) => {
    const keys = readMasterKeys();
    if (keys.length > 1) return false;
    const counts = await countSecretsByKey(caller, client);
    // This may be the wrong file; a new key would only add to the confusion.
    if (counts.some(({ keyId }) => keyId !== keys[0].id)) throw lockedError();
    writeKeyFile(file, [makeMasterKeyText(), masterKeyText(keys[0])]);
    return true;
  });
}

/** Goes through all rows, and once more as long as there was something to do: a process with older keys may have written some. */
async function rewrapAll(
  tell: (done: number, total: number) => void,
): Promise<Pick<Rotation, "rewrapped" | "damaged">> {
  const total = await countStale();
  let rewrapped = 0;
  for (;;) {
    const damaged: StaleSecret[] = [];
    let [moved, seen, afterId] = [0, 0, ""];
    for (;;) {
      const batch = await rewrapBatch(afterId);
      moved += batch.moved;
      seen += batch.seen;
      damaged.push(...batch.damaged);
      if (batch.lastId === null) break;
      afterId = batch.lastId;
      tell(Math.min(rewrapped + seen, total), total);
    }
    rewrapped += moved;
    if (moved === 0) return { rewrapped, damaged: damaged.map(({ owner, scope, name }) => ({ owner, scope, name })) };
  }
}

async function countStale(): Promise<number> {
  const [current] = readMasterKeys();
  const counts = await countSecretsByKey(caller);
  return counts.reduce((sum, { keyId, count }) => sum + (keyId === current.id ? 0 : count), 0);
}

/** The rows after this one, a few in one short transaction. The keys are read in it: another rotation may have changed them. */
async function rewrapBatch(afterId: string) {
  return inVaultTurn(caller, async (client) => {
    const keys = readMasterKeys();
    const rows = await listStaleSecrets(caller, { keyId: keys[0].id, afterId, limit: batchSize }, client);
    const damaged: StaleSecret[] = [];
    const changes = rows.flatMap((row) => {
      const plain = openStale(keys, row);
      if (plain === "damaged") damaged.push(row);
      if (typeof plain === "string") return [];
      return [{ id: row.id, before: row.sealed, ...sealWith(keys[0], row, row, plain.text) }];
    });
    const moved = changes.length === 0 ? 0 : await replaceSealed(caller, changes, client);
    return { moved, seen: rows.length, damaged, lastId: rows.at(-1)?.id ?? null };
  });
}

function openStale(keys: MasterKeys, row: StaleSecret): { text: string } | "damaged" | "unknown-key" {
  try {
    return { text: openEnvelope(keys, row, row.keyId, row.sealed) };
  } catch (cause) {
    if (!(cause instanceof EnvelopeError)) throw cause;
    // Nobody can enter a canary again, and all it says is which key was in use.
    const isCanary = row.scope === canary.scope && row.name === canary.name;
    return isCanary && cause.problem === "damaged" ? { text: canary.plain } : cause.problem;
  }
}

/** Counts what is left, while nobody can seal, and takes the older keys that nothing needs out of our own file. */
async function retireKeys(file: string | null): Promise<Pick<Rotation, "keyId" | "left" | "retired">> {
  return inVaultTurn(caller, async (client) => {
    const [current, ...older] = readMasterKeys();
    const counts = await countSecretsByKey(caller, client);
    const isNeeded = ({ id }: MasterKey) => counts.some(({ keyId }) => keyId === id);
    const needed = older.filter((key) => key.id !== current.id && isNeeded(key));
    const retired = older.filter((key) => key.id !== current.id && !isNeeded(key)).map(({ id }) => id);
    if (file !== null && needed.length < older.length) {
      const kept = [current, ...needed];
      // Sign-ins under way are begun again; they are ten minutes old at most.
      await dropAttemptsOfOtherKeys(
        caller,
        kept.map(({ id }) => id),
        client,
      );
      writeKeyFile(file, kept.map(masterKeyText));
    }
    const left = counts
      .filter(({ keyId }) => keyId !== current.id)
      .map((one) => ({ ...one, isConfigured: older.some(({ id }) => id === one.keyId) }));
    return { keyId: current.id, left, retired };
  });
}
