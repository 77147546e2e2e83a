import type { CheckReport, ModuleFiles, ModuleManifest, VersionState } from "@/lib/contracts/module";
import { newId } from "@/lib/contracts/id";
import { AppError } from "@/lib/contracts/errors";
import type { Viewer } from "@/lib/contracts/viewer";
import { appendAudit } from "./audit";
import { execute, inTransaction, type Queryable } from "./statement";
import { toStorableJson, toStorableText } from "./storable-json";

/** As stored: `needs_credentials` is derived by whoever looks. */
export type StoredModuleState =
  | "awaiting_review"
  | "tests_failed"
  | "active"
  | "degraded"
  | "disabled"
  | "archived"
  | "rejected"
  | "quarantined";

export interface ModuleRow {
  id: string;
  category: string;
  name: string;
  title: string;
  state: StoredModuleState;
  disabledBy: "auto" | "person" | null;
  source: "built" | "folder";
  problem: string | null;
  activeDigest: string | null;
  previousDigest: string | null;
  failureCount: number;
  updatedAt: Date;
}

export interface NewVersion {
  digest: string;
  files: ModuleFiles;
  manifest: ModuleManifest;
  report: CheckReport;
  origin: "built" | "folder" | "import";
  buildId?: string;
  note?: string;
}

const columns = `id, category, name, title, state, "disabledBy", source, problem, "activeDigest", "previousDigest", "failureCount", "updatedAt"`;

/** The viewer's modules by category and name. What was uninstalled is left out. */
export async function listModuleRows(viewer: Viewer): Promise<ModuleRow[]> {
  const { rows } = await execute<ModuleRow>({
    name: "list-modules",
    text: `SELECT ${columns} FROM "Module" WHERE "userId" = $1 AND state <> 'archived' ORDER BY category, name`,
    values: [viewer.userId],
  });
  return rows;
}

/** One of the viewer's modules, also an uninstalled one. */
export async function findModuleRow(viewer: Viewer, category: string, name: string): Promise<ModuleRow | null> {
  const { rows } = await execute<ModuleRow>({
    name: "find-module",
    text: `SELECT ${columns} FROM "Module" WHERE "userId" = $1 AND category = $2 AND name = $3`,
    values: [viewer.userId, category, name],
  });
  return rows[0] ?? null;
}

/** @throws AppError not-found, with the same words for another person's module */
export async function getModuleRow(viewer: Viewer, category: string, name: string): Promise<ModuleRow> {
  const row = await findModuleRow(viewer, category, name);
  if (!row) throw moduleNotFound();
  return row;
}

/**
 * Stores a checked version and, with the first one, its module. The same bytes again change nothing but the report of an
 * undecided version; a rejected one is put up again when a person had it built again, and all of an uninstalled module is reviewed anew. A newer version that awaits review makes older undecided ones stale.
 */
export async function saveVersion(viewer: Viewer, version: NewVersion): Promise<{ moduleId: string; isNew: boolean }> {
  return inTransaction(async (client) => {
    const { category, name, title } = version.manifest;
    const source = version.origin === "folder" ? "folder" : "built";
    const state: VersionState = version.report.ok ? "awaiting_review" : "tests_failed";
    await client.query({
      name: "ensure-module",
      text: `INSERT INTO "Module" (id, "userId", category, name, title, state, source, "updatedAt")
             VALUES ($1, $2, $3, $4, $5, $6, $7, now()) ON CONFLICT ("userId", category, name) DO NOTHING`,
      values: [newId("mod"), viewer.userId, category, name, toStorableText(title), state, source],
    });
    const module = await lockModule(client, viewer, category, name);
    const isNew = await insertVersion(client, viewer, module, version, state);
    if (isNew) await showNewVersion(client, module, version, state, source);
    return { moduleId: module.id, isNew };
  });
}

async function insertVersion(
  client: Queryable,
  viewer: Viewer,
  { id: moduleId, state: moduleState }: ModuleRow,
  version: NewVersion,
  state: VersionState,
): Promise<boolean> {
  const { digest, files, manifest, report, origin, buildId, note } = version;
  const values = [
    newId("ver"),
    moduleId,
    viewer.userId,
    digest,
    state,
    toStorableJson(files),
    toStorableJson(manifest),
    toStorableJson(report),
  ];
  const { rowCount } = await client.query({
    name: "insert-version",
    text: `INSERT INTO "ModuleVersion" (id, "moduleId", "userId", digest, state, files, manifest, report, origin, "buildId", note)
           VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7::jsonb, $8::jsonb, $9, $10, $11) ON CONFLICT ("moduleId", digest) DO NOTHING`,
    values: [...values, origin, buildId ?? null, note ?? null],
  });
  if (rowCount === 1) return true;
  const updated = await client.query({
    name: "refresh-version",
    text: `UPDATE "ModuleVersion" SET report = $3::jsonb, state = $4
           WHERE "moduleId" = $1 AND digest = $2 AND (($6 AND state <> 'quarantined')
             OR ($4 <> state AND (state IN ('tests_failed', 'stale') OR (state = 'rejected' AND $5))))`,
    values: [moduleId, digest, toStorableJson(report), state, origin === "built", moduleState === "archived"],
  });
  return updated.rowCount === 1;
}

/** The module's own state follows its newest version only while nothing of it is in use. */
async function showNewVersion(
  client: Queryable,
  module: ModuleRow,
  version: NewVersion,
  state: VersionState,
  source: string,
): Promise<void> {
  if (state === "awaiting_review")
    await client.query({
      name: "make-versions-stale",
      text: `UPDATE "ModuleVersion" SET state = 'stale' WHERE "moduleId" = $1 AND digest <> $2 AND state = 'awaiting_review'`,
      values: [module.id, version.digest],
    });
  const isInUse = module.activeDigest !== null && module.state !== "archived";
  await client.query({
    name: "show-new-version",
    text: `UPDATE "Module" SET title = CASE WHEN $2 THEN title ELSE $3 END, state = CASE WHEN $2 THEN state ELSE $4 END,
             source = $5, problem = NULL, "updatedAt" = now() WHERE id = $1`,
    values: [module.id, isInUse, toStorableText(version.manifest.title), state, source],
  });
}

/** Says why a folder cannot be used; a module that is in use goes on with its approved version. */
export async function noteModuleProblem(
  viewer: Viewer,
  module: { category: string; name: string; title: string },
  problem: string | null,
): Promise<void> {
  await execute({
    name: "note-module-problem",
    text: `INSERT INTO "Module" (id, "userId", category, name, title, state, source, problem, "updatedAt")
           SELECT $1, $2, $3, $4, $5, 'tests_failed', 'folder', $6, now() WHERE $6::text IS NOT NULL
             OR EXISTS (SELECT 1 FROM "Module" WHERE "userId" = $2 AND category = $3 AND name = $4)
           ON CONFLICT ("userId", category, name) DO UPDATE SET problem = EXCLUDED.problem, "updatedAt" = now(),
             state = CASE WHEN "Module"."activeDigest" IS NULL AND EXCLUDED.problem IS NOT NULL THEN 'tests_failed' ELSE "Module".state END
           WHERE "Module".problem IS DISTINCT FROM EXCLUDED.problem`,
    values: [
      newId("mod"),
      viewer.userId,
      module.category,
      module.name,
      toStorableText(module.title),
      problem === null ? null : toStorableText(problem),
    ],
  });
}

export interface ModuleChange {
  state?: StoredModuleState;
  disabledBy?: "auto" | "person" | null;
  problem?: string | null;
  activeDigest?: string | null;
  previousDigest?: string | null;
  title?: string;
}

export interface VersionChange {
  digest: string;
  /** What the version must be for the change to be allowed. */
  state: VersionState;
  note?: string;
}

/**
 * Changes a module under its lock: `decide` sees the newest row and answers with what to change, or throws. Rights, code and
 * state change together with the audit entry, or not at all.
 */
export async function changeModule(
  viewer: Viewer,
  at: { category: string; name: string },
  decide: (
    module: ModuleRow,
    versions: { digest: string; state: VersionState }[],
  ) => {
    action: string;
    module: ModuleChange;
    version?: VersionChange;
    detail?: Record<string, unknown>;
  },
): Promise<ModuleRow> {
  return inTransaction(async (client) => {
    const module = await lockModule(client, viewer, at.category, at.name);
    const { rows: versions } = await client.query<{ digest: string; state: VersionState }>({
      name: "list-version-states",
      text: `SELECT digest, state FROM "ModuleVersion" WHERE "moduleId" = $1 ORDER BY "createdAt" DESC, id DESC`,
      values: [module.id],
    });
    const change = decide(module, versions);
    const next = { ...module, ...change.module };
    const { rows } = await client.query<ModuleRow>({
      name: "change-module",
      text: `UPDATE "Module" SET state = $2, "disabledBy" = $3, problem = $4, "activeDigest" = $5, "previousDigest" = $6, title = $7,
               "failureCount" = 0, "updatedAt" = now() WHERE id = $1 RETURNING ${columns}`,
      values: [
        module.id,
        next.state,
        next.disabledBy,
        next.problem,
        next.activeDigest,
        next.previousDigest,
        toStorableText(next.title),
      ],
    });
    if (change.version)
      await client.query({
        name: "change-version",
        text: `UPDATE "ModuleVersion" SET state = $3, note = COALESCE($4, note), "decidedBy" = $5, "decidedAt" = now() WHERE "moduleId" = $1 AND digest = $2`,
        values: [module.id, change.version.digest, change.version.state, change.version.note ?? null, viewer.userId],
      });
    await appendAudit(
      viewer,
      { action: change.action, subject: module.id, detail: { category: at.category, name: at.name, ...change.detail } },
      client,
    );
    return rows[0] ?? module;
  });
}

async function lockModule(client: Queryable, viewer: Viewer, category: string, name: string): Promise<ModuleRow> {
  const { rows } = await client.query<ModuleRow>({
    name: "lock-module",
    text: `SELECT ${columns} FROM "Module" WHERE "userId" = $1 AND category = $2 AND name = $3 FOR UPDATE`,
    values: [viewer.userId, category, name],
  });
  if (!rows[0]) throw moduleNotFound();
  return rows[0];
}

export function moduleNotFound(): AppError {
  return new AppError("not-found", "There is no such module.");
}

/** Asks whichever worker listens to look through the modules folder. */
export async function requestScan(_viewer: Viewer): Promise<void> {
  await execute({ name: "request-scan", text: "SELECT pg_notify('burgeon_scan', '')" });
}
