import { AppError } from "@/lib/contracts/errors";
import type { ModuleManifest } from "@/lib/contracts/module";
import type { Viewer } from "@/lib/contracts/viewer";
import { findVersion } from "@/lib/db/module-versions";
import { compileModule } from "@/lib/sandbox/compile";
import { digestOf } from "./digest";

export interface LoadedModule {
  code: string;
  manifest: ModuleManifest;
}

/** Compiled versions by module and digest, the one longest unused first. A few kilobytes each. */
const compiled = new Map<string, LoadedModule>();
const maxCompiled = 200;

/**
 * The code of exactly the version that was approved: compiled from the stored source, which must still have the digest that
 * the approval names. What runs is never read from a folder and never stored compiled.
 * @throws AppError unavailable, refused
 */
export async function loadCode(viewer: Viewer, moduleId: string, digest: string): Promise<LoadedModule> {
  const key = `${moduleId}/${digest}`;
  const known = compiled.get(key);
  if (known) {
    compiled.delete(key);
    compiled.set(key, known);
    return known;
  }
  const version = await findVersion(viewer, moduleId, digest);
  if (!version) throw new AppError("not-found", "There is no such module.");
  if (version.state !== "approved" || digestOf(version.files) !== digest)
    throw new AppError("refused", "The stored module is not what was approved, so it was not run.", {
      hint: "Look at the module's page and review it again.",
    });
  const result = await compileModule(version.files);
  if (!result.ok)
    throw new AppError("unavailable", "The approved module does not compile with this version of Burgeon.", {
      hint: "Ask for changes on its page: it is built again.",
    });
  const loaded = { code: result.code, manifest: version.manifest };
  compiled.set(key, loaded);
  const oldest = compiled.keys().next().value;
  if (compiled.size > maxCompiled && oldest !== undefined) compiled.delete(oldest);
  return loaded;
}
