import { credentialNamesOf, type ModuleManifest, type ReviewView, type RightSentence } from "@/lib/contracts/module";
import type { Viewer } from "@/lib/contracts/viewer";
import { listAudit } from "@/lib/db/audit";
import { findBuildConversation } from "@/lib/db/builds";
import { findModuleRow } from "@/lib/db/modules";
import { findVersion, listVersionRows } from "@/lib/db/module-versions";
import { toListItem, toVersionView } from "./views";

/** Everything the review page shows of one version, compared with the one that is active; null when there is no such version. */
export async function findReview(
  viewer: Viewer,
  category: string,
  name: string,
  digest: string,
): Promise<ReviewView | null> {
  const row = await findModuleRow(viewer, category, name);
  if (!row) return null;
  const version = await findVersion(viewer, row.id, digest);
  if (!version) return null;
  const versions = await listVersionRows(viewer, row.id);
  const active =
    row.activeDigest && row.activeDigest !== digest ? await findVersion(viewer, row.id, row.activeDigest) : null;
  const newer = versions.find(({ state, createdAt }) => state === "awaiting_review" && createdAt > version.createdAt);
  const activeRow = versions.find((candidate) => candidate.digest === row.activeDigest);
  const entries = await listAudit(viewer, { subject: row.id, limit: 100 });
  return {
    module: await toListItem(viewer, row, activeRow, versions[0], undefined),
    version: toVersionView(version),
    isCurrent: version.state === "awaiting_review" && !newer,
    newerDigest: newer?.digest ?? null,
    rights: describeRights(version.manifest, active?.manifest ?? null),
    files: compareFiles(active?.files ?? {}, version.files),
    history: entries.map(({ action, at, actor, detail }) => ({ action, at: at.toISOString(), actor, detail })),
    conversationId: version.buildId === null ? null : await findBuildConversation(viewer, version.buildId),
  };
}

/**
 * What a manifest may do as sentences for a person, what is new first. `before` is the active version's manifest; without
 * one, everything is new.
 */
export function describeRights(manifest: ModuleManifest, before: ModuleManifest | null): RightSentence[] {
  const now = listRights(manifest);
  const old = before ? listRights(before) : [];
  const isKnown = (right: Omit<RightSentence, "isNew">) => old.some((other) => other.text === right.text);
  const rights = now.map((right) => ({ ...right, isNew: !isKnown(right) }));
  const removed = old
    .filter(
      (right) => right.kind !== "reads" && right.kind !== "writes" && !now.some((other) => other.text === right.text),
    )
    .map(
      (right): RightSentence => ({
        kind: "removed",
        subject: right.subject,
        text: `No longer: ${lowerFirst(right.text)}`,
        isNew: false,
      }),
    );
  return [...rights.filter((right) => right.isNew), ...rights.filter((right) => !right.isNew), ...removed];
}

function listRights(manifest: ModuleManifest): Omit<RightSentence, "isNew">[] {
  const rights: Omit<RightSentence, "isNew">[] = [];
  for (const { baseUrl, auth, methods } of Object.values(manifest.connections)) {
    const url = new URL(baseUrl);
    const below = url.pathname === "/" ? "" : ` below ${url.pathname}`;
    const clear = url.protocol === "http:" ? " Not encrypted: anyone between here and there can read it." : "";
    rights.push({
      kind: "host",
      subject: url.host,
      text: `May call ${url.host}${below} with ${methods.join(", ")}.${clear}`,
    });
    for (const name of credentialNamesOf(auth)) {
      const label = manifest.credentials.find((credential) => credential.name === name)?.label ?? name;
      rights.push({
        kind: "credential",
        subject: label,
        text: `Burgeon sends your ${label} to ${url.host}; the module's code cannot read it.`,
      });
    }
    if (auth.kind === "oauth2_client_credentials" && new URL(auth.tokenUrl).host !== url.host)
      rights.push({
        kind: "host",
        subject: new URL(auth.tokenUrl).host,
        text: `Burgeon asks ${new URL(auth.tokenUrl).host} for access tokens for it.`,
      });
  }
  if (rights.length === 0)
    rights.push({ kind: "host", subject: "no network", text: "May call no host: it has no network at all." });
  const operations = Object.entries(manifest.operations);
  for (const [name, { description }] of operations)
    rights.push({ kind: "tool", subject: name, text: `Offers ${name}: ${description}` });
  for (const [name, { effect }] of operations.filter(([, operation]) => operation.effect !== "read"))
    rights.push({
      kind: "writes",
      subject: name,
      text:
        effect === "destroy"
          ? `${name} can delete or destroy things there. You are asked each time.`
          : `${name} can change things there. You are asked, until you say "always".`,
    });
  rights.push({
    kind: "reads",
    subject: "nothing of yours",
    text: "Reads nothing of yours: no calendar, no money, no conversations, no files of this machine.",
  });
  if (operations.every(([, { effect }]) => effect === "read"))
    rights.push({ kind: "writes", subject: "nothing", text: "Writes nothing." });
  return rights;
}

function compareFiles(before: Record<string, string>, after: Record<string, string>) {
  const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return paths.map((path) => ({ path, before: before[path] ?? null, after: after[path] ?? null }));
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
