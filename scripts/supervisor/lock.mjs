// Runs before anything is installed: plain Node 20, no dependencies.
import { randomBytes } from "node:crypto";
import { linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { identify, isAlive } from "./process-identity.mjs";

/**
 * Takes the lock file for this process, or returns who holds it. A lock whose holder is gone (kill -9, power cut)
 * is taken over. `{ held: true, release, update }` or `{ held: false, holder }`.
 */
export function takeLock(path, content = {}) {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const own = { ...identify(process.pid), ...content };
    if (createWhole(path, own)) {
      return {
        held: true,
        update: (more) => replaceWhole(path, { ...own, ...more }),
        release: () => readHolder(path)?.pid === process.pid && rmSync(path, { force: true }),
      };
    }
    const holder = readHolder(path);
    if (holder && isAlive(holder)) return { held: false, holder };
    discardStale(path, holder);
  }
  throw new Error(`the lock ${path} could not be taken`);
}

/** Who holds the lock, or null. A file that cannot be read as a lock counts as nobody's. */
export function readHolder(path) {
  let text;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    if (cause.code === "ENOENT") return null;
    throw cause;
  }
  try {
    const holder = JSON.parse(text);
    return Number.isInteger(holder?.pid) ? holder : null;
  } catch {
    return null; // half a file after a power cut
  }
}

/** Runs `work` while nobody else on this machine holds the same file; waits for others. */
export async function withFileLock(path, work) {
  let lock = takeLock(path);
  while (!lock.held) {
    await delay(200);
    lock = takeLock(path);
  }
  try {
    return await work();
  } finally {
    lock.release();
  }
}

/** Written aside and linked: the file appears whole or not at all, and only if it was not there. */
function createWhole(path, value) {
  const aside = `${path}.${randomBytes(6).toString("hex")}`;
  writeFileSync(aside, JSON.stringify(value), { mode: 0o600 });
  try {
    linkSync(aside, path);
    return true;
  } catch (cause) {
    if (cause.code === "EEXIST") return false;
    throw cause;
  } finally {
    rmSync(aside, { force: true });
  }
}

function replaceWhole(path, value) {
  const aside = `${path}.${randomBytes(6).toString("hex")}`;
  writeFileSync(aside, JSON.stringify(value), { mode: 0o600 });
  renameSync(aside, path);
}

/** Moves the stale file away first: of two that find it stale only one may go on with this very file. */
function discardStale(path, seen) {
  const aside = `${path}.${randomBytes(6).toString("hex")}`;
  try {
    const before = statSync(path).ino;
    renameSync(path, aside);
    const moved = readHolder(aside);
    // Somebody took the lock between our look and our move: give it back.
    if (statSync(aside).ino !== before || (moved && moved.pid !== seen?.pid && isAlive(moved))) {
      renameSync(aside, path);
      return;
    }
  } catch (cause) {
    if (cause.code !== "ENOENT") throw cause;
  }
  rmSync(aside, { force: true });
}
