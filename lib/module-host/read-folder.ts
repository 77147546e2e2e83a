import { lstat, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ModuleFiles } from "@/lib/contracts/module";

const maxFiles = 60;
const maxBytes = 1024 * 1024;
const maxDepth = 4;

export type ReadFolder = { files: ModuleFiles; problem: null } | { files: null; problem: string };

/**
 * The text files of a module's folder by path. Links are not followed, hidden files are left out; what is too much, or no
 * text, is a sentence instead.
 */
export async function readModuleFolder(folder: string): Promise<ReadFolder> {
  const files: ModuleFiles = {};
  let bytes = 0;
  const visit = async (path: string, depth: number): Promise<string | null> => {
    if (depth > maxDepth) return "The folder is nested too deeply.";
    for (const entry of (await readdir(join(folder, path), { withFileTypes: true })).sort((a, b) =>
      a.name < b.name ? -1 : 1,
    )) {
      if (entry.name.startsWith(".")) continue;
      const inner = path === "" ? entry.name : `${path}/${entry.name}`;
      if (entry.isDirectory()) {
        const problem = await visit(inner, depth + 1);
        if (problem !== null) return problem;
        continue;
      }
      if (!entry.isFile()) return `${inner} is a link or a device: only plain files are read.`;
      bytes += (await lstat(join(folder, inner))).size;
      if (bytes > maxBytes || Object.keys(files).length >= maxFiles)
        return `The folder holds more than ${maxFiles} files or ${maxBytes / 1024 / 1024} MB.`;
      const text = decode(await readFile(join(folder, inner)));
      if (text === null) return `${inner} is not UTF-8 text.`;
      files[inner] = text;
    }
    return null;
  };
  try {
    const problem = await visit("", 0);
    return problem === null ? { files, problem: null } : { files: null, problem };
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";
    if (code === "ENOENT" || code === "ENOTDIR") return { files: null, problem: "There is no such folder." };
    if (code === "EACCES" || code === "EPERM")
      return { files: null, problem: "The folder cannot be read: this account may not." };
    throw cause;
  }
}

function decode(bytes: Buffer): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null; // binary, or another encoding
  }
}
