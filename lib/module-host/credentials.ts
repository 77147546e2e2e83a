import { credentialNamesOf, type ModuleManifest } from "@/lib/contracts/module";
import type { Viewer } from "@/lib/contracts/viewer";
import { listNames } from "@/lib/vault/vault";

/** Where a module's credentials lie in the vault. */
export function credentialScope(category: string, name: string): string {
  return `module:${category}/${name}`;
}

/** Names of the credentials that the module's connections need and that are not set. */
export async function missingCredentials(viewer: Viewer, manifest: ModuleManifest): Promise<string[]> {
  const needed = neededCredentials(manifest);
  if (needed.length === 0) return [];
  const set = await listNames(viewer, credentialScope(manifest.category, manifest.name));
  return needed.filter((name) => !set.includes(name));
}

/** Names of the credentials that the module's connections need. */
export function neededCredentials(manifest: ModuleManifest): string[] {
  return [...new Set(Object.values(manifest.connections).flatMap(({ auth }) => credentialNamesOf(auth)))];
}
