import type { ModuleDetail, ModuleListItem, ModuleState, ModuleVersionView } from "@/lib/contracts/module";
import { toolNameOf } from "@/lib/contracts/module";
import type { Viewer } from "@/lib/contracts/viewer";
import { listRecentCalls, type RecentCalls } from "@/lib/db/module-calls";
import { findModuleRow, listModuleRows, type ModuleRow } from "@/lib/db/modules";
import { listActiveVersions, listNewestVersions, listVersionRows, type VersionRow } from "@/lib/db/module-versions";
import { listNames } from "@/lib/vault/vault";
import { credentialScope, missingCredentials } from "./credentials";

/** The viewer's modules. Reads rows only; no module code is loaded, so a broken module cannot break the list. */
export async function listModules(viewer: Viewer): Promise<ModuleListItem[]> {
  const [rows, active, newest, calls] = await Promise.all([
    listModuleRows(viewer),
    listActiveVersions(viewer),
    listNewestVersions(viewer),
    listRecentCalls(viewer),
  ]);
  return Promise.all(
    rows.map((row) => toListItem(viewer, row, active.get(row.id), newest.get(row.id), calls.get(row.id))),
  );
}

/** One module with its versions, newest first; null when the viewer has no such module or uninstalled it. */
export async function findModule(viewer: Viewer, category: string, name: string): Promise<ModuleDetail | null> {
  const row = await findModuleRow(viewer, category, name);
  if (!row || row.state === "archived") return null;
  const [versions, calls, set] = await Promise.all([
    listVersionRows(viewer, row.id),
    listRecentCalls(viewer),
    listNames(viewer, credentialScope(category, name)),
  ]);
  const active = versions.find(({ digest }) => digest === row.activeDigest);
  const shown = active ?? versions.find(({ state }) => state === "awaiting_review") ?? versions[0];
  return {
    ...(await toListItem(viewer, row, active, versions[0], calls.get(row.id))),
    versions: versions.map(toVersionView),
    credentials: (shown?.manifest.credentials ?? []).map((credential) => ({
      name: credential.name,
      label: credential.label,
      help: credential.help ?? null,
      isSet: set.includes(credential.name),
    })),
    previousDigest: row.previousDigest,
  };
}

/** A module's row as it is shown; `active` and `newest` are its versions, if it has any. */
export async function toListItem(
  viewer: Viewer,
  row: ModuleRow,
  active: VersionRow | undefined,
  newest: VersionRow | undefined,
  recent: RecentCalls | undefined,
): Promise<ModuleListItem> {
  const shown = active ?? newest;
  const state = await stateOf(viewer, row, active);
  return {
    category: row.category,
    name: row.name,
    title: row.title,
    description: shown?.manifest.description ?? "",
    state,
    activeDigest: row.activeDigest,
    source: row.source,
    problem: row.problem ?? (state === "tests_failed" ? (newest?.report?.findings[0]?.message ?? null) : null),
    updatedAt: row.updatedAt.toISOString(),
    lastUsedAt: recent?.lastUsedAt?.toISOString() ?? null,
    recentCalls: recent?.calls ?? [],
    toolNames: shown
      ? Object.keys(shown.manifest.operations).map((operation) => toolNameOf(shown.manifest, operation))
      : [],
  };
}

export function toVersionView(row: VersionRow): ModuleVersionView {
  const { digest, state, manifest, report, origin, note } = row;
  return {
    digest,
    state,
    manifest,
    report,
    origin,
    note,
    createdAt: row.createdAt.toISOString(),
    decidedAt: row.decidedAt?.toISOString() ?? null,
  };
}

async function stateOf(viewer: Viewer, row: ModuleRow, active: VersionRow | undefined): Promise<ModuleState> {
  if ((row.state !== "active" && row.state !== "degraded") || !active) return row.state;
  return (await missingCredentials(viewer, active.manifest)).length > 0 ? "needs_credentials" : row.state;
}
