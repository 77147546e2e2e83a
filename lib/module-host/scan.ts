import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { moduleSlugSchema } from "@/lib/contracts/module";
import { actAs, asSystem, type Viewer } from "@/lib/contracts/viewer";
import { changeModule, findModuleRow, listModuleRows, noteModuleProblem, saveVersion } from "@/lib/db/modules";
import { findVersion } from "@/lib/db/module-versions";
import { findOwner } from "@/lib/db/users";
import { env } from "@/lib/env";
import { logger } from "@/lib/logger";
import { checkModule } from "./check";
import { digestOf } from "./digest";
import { readModuleFolder } from "./read-folder";

export interface ScanResult {
  found: number;
  checked: number;
  /** Folders that cannot be used, with the reason. */
  problems: { category: string; name: string; problem: string }[];
  removed: number;
}

/**
 * Looks through the modules folder for what a person put there: each is checked once per content and waits for the owner's
 * approval. A broken or hostile folder is a line in the list and holds up nothing else. What is gone from the disk is out of use.
 */
export async function scanModuleFolders(): Promise<ScanResult> {
  const result: ScanResult = { found: 0, checked: 0, problems: [], removed: 0 };
  const owner = await findOwner(asSystem("worker"));
  if (!owner) return result;
  const viewer = actAs(owner.id, owner.role);
  const places = await listPlaces(env().BURGEON_MODULES_DIR);
  result.found = places.length;
  for (const place of places) {
    try {
      if (await takeIn(viewer, place, result)) result.checked += 1;
    } catch (cause) {
      logger.error({ room: "module-host", ...place, cause }, "a module folder could not be taken in");
      result.problems.push({
        ...place,
        problem: "Something went wrong inside Burgeon; the worker's log has the detail.",
      });
    }
  }
  result.removed = await removeMissing(viewer, places);
  logger.info(
    { room: "module-host", found: result.found, checked: result.checked, removed: result.removed },
    "module folders scanned",
  );
  return result;
}

interface Place {
  category: string;
  name: string;
}

/** Returns true when the folder was checked, false when its content was known. */
async function takeIn(viewer: Viewer, place: Place, result: ScanResult): Promise<boolean> {
  const { category, name } = place;
  const read = await readModuleFolder(join(env().BURGEON_MODULES_DIR, category, name));
  if (read.problem !== null) {
    result.problems.push({ ...place, problem: read.problem });
    await noteModuleProblem(viewer, { ...place, title: name }, read.problem);
    return false;
  }
  const module = await findModuleRow(viewer, category, name);
  const known =
    module && module.state !== "archived" ? await findVersion(viewer, module.id, digestOf(read.files)) : null;
  if (known && known.state !== "tests_failed") {
    await noteModuleProblem(viewer, { ...place, title: name }, null);
    return false;
  }
  const { digest, manifest, report } = await checkModule(read.files, { place });
  const first = report.findings[0];
  if (!manifest) {
    const problem = first ? `${first.file}: ${first.message}` : "The manifest cannot be read.";
    result.problems.push({ ...place, problem });
    await noteModuleProblem(viewer, { ...place, title: name }, problem);
    return true;
  }
  await saveVersion(viewer, { digest, files: read.files, manifest, report, origin: "folder" });
  const problem = report.ok ? null : `${first?.file ? `${first.file}: ` : ""}${first?.message ?? "The check failed."}`;
  if (problem !== null) result.problems.push({ ...place, problem });
  await noteModuleProblem(viewer, { ...place, title: manifest.title }, problem);
  return true;
}

async function listPlaces(root: string): Promise<Place[]> {
  const places: Place[] = [];
  for (const category of await listFolders(root)) {
    if (category === "sdk") continue;
    for (const name of await listFolders(join(root, category))) {
      const isNamed = moduleSlugSchema.safeParse(category).success && moduleSlugSchema.safeParse(name).success;
      if (isNamed) places.push({ category, name });
      else
        logger.warn(
          { room: "module-host", category, name },
          "a module folder is passed over: its name is no lower-case slug",
        );
    }
  }
  return places;
}

/** Real folders only: a link could lead anywhere. */
async function listFolders(path: string): Promise<string[]> {
  const isFolder = await lstat(path).then(
    (stat) => stat.isDirectory(),
    () => false,
  );
  if (!isFolder) return [];
  const entries = await readdir(path, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
    .map((entry) => entry.name)
    .sort();
}

async function removeMissing(viewer: Viewer, places: Place[]): Promise<number> {
  const present = new Set(places.map(({ category, name }) => `${category}/${name}`));
  let removed = 0;
  for (const { category, name, source } of await listModuleRows(viewer)) {
    if (source !== "folder" || present.has(`${category}/${name}`)) continue;
    await changeModule(viewer, { category, name }, () => ({
      action: "module-folder-removed",
      module: { state: "archived", activeDigest: null, previousDigest: null, disabledBy: null, problem: null },
    }));
    removed += 1;
  }
  return removed;
}
