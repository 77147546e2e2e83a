import { AppError } from "@/lib/contracts/errors";
import { readMasterKey } from "@/lib/env";
import { type MasterKey, parseMasterKey } from "./envelope";

/** The configured keys, the current one first; further ones (separated by white space or commas) only open. */
export type MasterKeys = readonly [MasterKey, ...MasterKey[]];

/**
 * Reads the keys anew, as a rotation may have changed their file since.
 * @throws AppError unavailable when there is none, or it is not one
 */
export function readMasterKeys(): MasterKeys {
  const [current, ...older] = (readText() ?? "").split(/[\s,]+/).filter(Boolean);
  if (current === undefined)
    throw new AppError("unavailable", "The vault has no master key, so nothing can be stored.", { hint });
  try {
    return [parseMasterKey(current), ...older.map(parseMasterKey)];
  } catch (cause) {
    throw new AppError("unavailable", "The master key of the vault is not valid.", { cause, hint });
  }
}

const hint = "Set BURGEON_MASTER_KEY or BURGEON_MASTER_KEY_FILE to 32 random bytes in base64.";

function readText(): string | null {
  try {
    return readMasterKey();
  } catch (cause) {
    throw new AppError("unavailable", "The file of the master key cannot be read, so the vault is locked.", {
      cause,
      hint: "Make the file that BURGEON_MASTER_KEY_FILE names readable for the account that runs Burgeon.",
    });
  }
}
