import { createHash } from "node:crypto";
import type { ModuleFiles } from "@/lib/contracts/module";

/**
 * What an approval names: SHA-256 over every file name and byte, manifest included, as `sha256:<hex>`. Names and texts are
 * framed by their lengths in bytes, so no two sets of files share a digest by moving a boundary.
 */
export function digestOf(files: ModuleFiles): string {
  const hash = createHash("sha256");
  for (const path of Object.keys(files).sort()) {
    const text = files[path] ?? "";
    hash.update(`${Buffer.byteLength(path)}:${path}:${Buffer.byteLength(text)}:${text}\n`);
  }
  return `sha256:${hash.digest("hex")}`;
}
