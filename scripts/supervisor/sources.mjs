import { createHash } from "node:crypto";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { cacheDirectory, root } from "./install.mjs";

/** Never part of a build: tests, and what builds make. */
const isIgnored = (path) =>
  /\.test\.[cm]?tsx?$|(^|\/)(node_modules|generated|\.next|dist|__screenshots__)(\/|$)/.test(path);

/** SHA-256 over names and bytes of the given files and folders (relative to `base`), in a fixed order. */
export function hashSources(paths, base = root) {
  const hash = createHash("sha256");
  for (const path of paths.flatMap((path) => listFiles(path, base)).sort()) {
    const bytes = readFileSync(join(base, path));
    hash.update(`${path.length}:${path}:${bytes.length}:`).update(bytes);
  }
  return hash.digest("hex");
}

/** Does the thing `name` still come from sources with this hash? */
export function isCurrent(name, hash, folder = cacheDirectory) {
  const path = join(folder, name);
  return existsSync(path) && readFileSync(path, "utf8") === hash;
}

/** Forget first, remember last: what is interrupted in between is made again. */
export async function makeWhenChanged(name, hash, make, folder = cacheDirectory) {
  const path = join(folder, name);
  rmSync(path, { force: true });
  const result = await make();
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, hash);
  renameSync(`${path}.new`, path);
  return result;
}

function listFiles(path, base) {
  const full = join(base, path);
  if (isIgnored(path) || !existsSync(full)) return [];
  const stat = lstatSync(full);
  if (stat.isDirectory()) return readdirSync(full).flatMap((name) => listFiles(`${path}/${name}`, base));
  return stat.isFile() ? [path] : [];
}
