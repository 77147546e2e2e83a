import { randomBytes } from "node:crypto";
import {
  closeSync,
  fchownSync,
  fsyncSync,
  lstatSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { env } from "@/lib/env";
import type { MasterKey } from "./envelope";

/**
 * Path of the key file that `npm start` made in the data directory; null when the keys come from elsewhere, which is not ours to
 * change.
 */
export function findOwnKeyFile(): string | null {
  const { BURGEON_MASTER_KEY, BURGEON_MASTER_KEY_FILE, BURGEON_DATA_DIR } = env();
  if (BURGEON_MASTER_KEY || !BURGEON_MASTER_KEY_FILE) return null;
  const path = resolve(BURGEON_MASTER_KEY_FILE);
  if (path !== resolve(join(BURGEON_DATA_DIR, "master-key"))) return null;
  // A link was put there by somebody who keeps the key in another place.
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() ? path : null;
}

/** A new master key, as text for the file. */
export function makeMasterKeyText(): string {
  return randomBytes(32).toString("base64");
}

export function masterKeyText({ key }: MasterKey): string {
  return key.toString("base64");
}

/**
 * Puts these keys, the current one first, in the place of what the file holds. Whoever reads sees the old file or the new one,
 * and when this returns the new one outlives a power cut: rows are sealed with its key from now on.
 */
export function writeKeyFile(path: string, keys: readonly string[]): void {
  const temporary = `${path}.new`;
  const { uid, gid } = statSync(path);
  // What an interrupted write left.
  rmSync(temporary, { force: true });
  const file = openSync(temporary, "wx", 0o600);
  try {
    // Root may rotate for the account that runs Burgeon, which has to read the file afterwards.
    if (process.getuid?.() === 0) fchownSync(file, uid, gid);
    writeFileSync(file, `${keys.join("\n")}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
  syncFolder(dirname(path));
}

/** Makes the renaming itself durable. Windows knows no such thing as opening a folder. */
function syncFolder(path: string): void {
  if (process.platform === "win32") return;
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
