import type { CheckReport, ModuleFiles, ModuleManifest, VersionState } from "@/lib/contracts/module";
import type { Viewer } from "@/lib/contracts/viewer";
import { execute } from "./statement";

export interface VersionRow {
  moduleId: string;
  digest: string;
  state: VersionState;
  manifest: ModuleManifest;
  report: CheckReport | null;
  origin: "built" | "folder" | "import";
  buildId: string | null;
  note: string | null;
  createdAt: Date;
  decidedAt: Date | null;
}

const columns = `v."moduleId", v.digest, v.state, v.manifest, v.report, v.origin, v."buildId", v.note, v."createdAt", v."decidedAt"`;

/** All versions of one of the viewer's modules, newest first, without their files. */
export async function listVersionRows(viewer: Viewer, moduleId: string): Promise<VersionRow[]> {
  const { rows } = await execute<VersionRow>({
    name: "list-versions",
    text: `SELECT ${columns} FROM "ModuleVersion" v WHERE v."moduleId" = $1 AND v."userId" = $2 ORDER BY v."createdAt" DESC, v.id DESC LIMIT 200`,
    values: [moduleId, viewer.userId],
  });
  return rows;
}

/** The versions of several modules that are active, by module id. One query for the whole list. */
export async function listActiveVersions(viewer: Viewer): Promise<Map<string, VersionRow>> {
  const { rows } = await execute<VersionRow>({
    name: "list-active-versions",
    text: `SELECT ${columns} FROM "ModuleVersion" v JOIN "Module" m ON m.id = v."moduleId" AND m."activeDigest" = v.digest
           WHERE m."userId" = $1 AND v.state = 'approved'`,
    values: [viewer.userId],
  });
  return new Map(rows.map((row) => [row.moduleId, row]));
}

/** The newest version of each of the viewer's modules, by module id. */
export async function listNewestVersions(viewer: Viewer): Promise<Map<string, VersionRow>> {
  const { rows } = await execute<VersionRow>({
    name: "list-newest-versions",
    text: `SELECT DISTINCT ON (v."moduleId") ${columns} FROM "ModuleVersion" v WHERE v."userId" = $1
           ORDER BY v."moduleId", v."createdAt" DESC, v.id DESC`,
    values: [viewer.userId],
  });
  return new Map(rows.map((row) => [row.moduleId, row]));
}

/** One version with its files; null when the viewer has no such version. */
export async function findVersion(
  viewer: Viewer,
  moduleId: string,
  digest: string,
): Promise<(VersionRow & { files: ModuleFiles }) | null> {
  const { rows } = await execute<VersionRow & { files: ModuleFiles }>({
    name: "find-version",
    text: `SELECT ${columns}, v.files FROM "ModuleVersion" v WHERE v."moduleId" = $1 AND v.digest = $2 AND v."userId" = $3`,
    values: [moduleId, digest, viewer.userId],
  });
  return rows[0] ?? null;
}
