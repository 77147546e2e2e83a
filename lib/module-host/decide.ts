import type { NewEvent } from "@/lib/contracts/conversation";
import { AppError } from "@/lib/contracts/errors";
import type { ModuleState } from "@/lib/contracts/module";
import type { Viewer } from "@/lib/contracts/viewer";
import { findBuildConversation } from "@/lib/db/builds";
import { appendAudit } from "@/lib/db/audit";
import { appendEvents } from "@/lib/db/events";
import { changeModule, getModuleRow, type ModuleRow } from "@/lib/db/modules";
import { findVersion, listVersionRows } from "@/lib/db/module-versions";
import { toStorableText } from "@/lib/db/storable-json";
import { remove, seal } from "@/lib/vault/vault";
import { digestOf } from "./digest";
import { startBuild } from "./start-build";
import { credentialScope, missingCredentials } from "./credentials";

export interface Decided {
  category: string;
  name: string;
  state: ModuleState;
  activeDigest: string | null;
}

const canApprove: readonly string[] = ["owner", "admin", "member"];

/**
 * Puts exactly this version into use, with the rights its manifest names. The digest is the approval: a version that is no
 * longer awaiting review, or whose stored bytes have another digest, is refused.
 * @throws AppError not-found, conflict, refused, forbidden
 */
export async function approve(viewer: Viewer, category: string, name: string, digest: string): Promise<Decided> {
  if (!canApprove.includes(viewer.role)) throw new AppError("forbidden", "Your role cannot approve modules.");
  const { title } = await readVersion(viewer, category, name, digest);
  const row = await changeModule(viewer, { category, name }, (module, versions) => {
    requireAwaiting(versions, digest);
    return {
      action: "module-approved",
      module: {
        state: "active",
        disabledBy: null,
        problem: null,
        title,
        activeDigest: digest,
        previousDigest: module.activeDigest === digest ? module.previousDigest : module.activeDigest,
      },
      version: { digest, state: "approved" },
      detail: { digest },
    };
  });
  return tell(viewer, row, "approved", digest);
}

/** Says no to one version, and keeps why. What is in use goes on. */
export async function reject(
  viewer: Viewer,
  category: string,
  name: string,
  digest: string,
  note?: string,
): Promise<Decided> {
  await readVersion(viewer, category, name, digest);
  const row = await changeModule(viewer, { category, name }, (module, versions) => {
    requireAwaiting(versions, digest);
    return {
      action: "module-rejected",
      module: { state: module.activeDigest === null ? "rejected" : module.state },
      version: { digest, state: "rejected", ...noteOf(note) },
      detail: { digest },
    };
  });
  return tell(viewer, row, "rejected", digest);
}

/** Locks a version away for good, and keeps why; was it in use, the module stops at once. */
export async function quarantine(
  viewer: Viewer,
  category: string,
  name: string,
  digest: string,
  note?: string,
): Promise<Decided> {
  await readVersion(viewer, category, name, digest);
  const row = await changeModule(viewer, { category, name }, (module) => {
    const wasActive = module.activeDigest === digest;
    const isUnused = module.activeDigest === null || wasActive;
    return {
      action: "module-quarantined",
      module: {
        state: isUnused ? "quarantined" : module.state,
        activeDigest: wasActive ? null : module.activeDigest,
        previousDigest: module.previousDigest === digest ? null : module.previousDigest,
      },
      version: { digest, state: "quarantined", ...noteOf(note) },
      detail: { digest },
    };
  });
  return tell(viewer, row, "quarantined", digest);
}

/** Gives the reviewer's words to the builder, which goes on from this version. */
export async function requestChanges(viewer: Viewer, category: string, name: string, digest: string, note: string) {
  const version = await readVersion(viewer, category, name, digest);
  const build = version.buildId === null ? null : await findBuildConversation(viewer, version.buildId);
  const { buildId, conversationId } = await startBuild(
    viewer,
    { wish: note, category, name, changes: { digest, note } },
    build === null ? {} : { conversationId: build },
  );
  await appendAudit(viewer, {
    action: "module-changes-requested",
    subject: version.moduleId,
    detail: { category, name, digest, buildId },
  });
  return { buildId, conversationId };
}

/** Switches a module on or off; off is at once and loads no code of it. */
export async function setEnabled(viewer: Viewer, category: string, name: string, isEnabled: boolean): Promise<Decided> {
  const row = await changeModule(viewer, { category, name }, (module) => {
    if (module.activeDigest === null)
      throw new AppError("conflict", `${category}/${name} has no approved version, so there is nothing to switch.`, {
        hint: "Review and approve it first.",
      });
    return {
      action: isEnabled ? "module-enabled" : "module-disabled",
      module: isEnabled
        ? { state: "active", disabledBy: null, problem: null }
        : { state: "disabled", disabledBy: "person" },
    };
  });
  return tell(viewer, row, isEnabled ? "enabled" : "disabled", row.activeDigest ?? "");
}

/** Makes the version active again that was active before: code, manifest and rights together. */
export async function rollback(viewer: Viewer, category: string, name: string): Promise<Decided> {
  const { id } = await getModuleRow(viewer, category, name);
  const versions = await listVersionRows(viewer, id);
  const row = await changeModule(viewer, { category, name }, (module, states) => {
    const previous = states.find(({ digest }) => digest === module.previousDigest);
    if (previous?.state !== "approved")
      throw new AppError("conflict", `${category}/${name} has no earlier approved version to go back to.`);
    const title = versions.find(({ digest }) => digest === previous.digest)?.manifest.title;
    return {
      action: "module-rolled-back",
      module: {
        state: "active",
        disabledBy: null,
        problem: null,
        activeDigest: previous.digest,
        previousDigest: module.activeDigest,
        ...(title ? { title } : {}),
      },
      detail: { from: module.activeDigest, to: previous.digest },
    };
  });
  return tell(viewer, row, "rolled_back", row.activeDigest ?? "");
}

/** Takes a module out of use and forgets its credentials. Its versions stay in the history. */
export async function uninstall(viewer: Viewer, category: string, name: string): Promise<void> {
  await changeModule(viewer, { category, name }, () => ({
    action: "module-uninstalled",
    module: { state: "archived", activeDigest: null, previousDigest: null, disabledBy: null, problem: null },
  }));
  await remove(viewer, credentialScope(category, name));
}

/** Seals the given values; an empty text forgets one. Names the manifest does not know are refused. */
export async function setCredentials(
  viewer: Viewer,
  category: string,
  name: string,
  values: Record<string, string>,
): Promise<Decided> {
  const module = await getModuleRow(viewer, category, name);
  const versions = await listVersionRows(viewer, module.id);
  const version = versions.find(({ digest }) => digest === module.activeDigest) ?? versions[0];
  const known = version?.manifest.credentials.map((credential) => credential.name) ?? [];
  const unknown = Object.keys(values).filter((credential) => !known.includes(credential));
  if (unknown.length > 0)
    throw new AppError("invalid", `${category}/${name} has no credential named ${unknown.join(", ").slice(0, 200)}.`, {
      hint: `It has: ${known.join(", ") || "none"}.`,
    });
  for (const [credential, value] of Object.entries(values)) {
    const scope = credentialScope(category, name);
    if (value.trim() === "") await remove(viewer, scope, credential);
    else await seal(viewer, scope, credential, value.trim());
  }
  await appendAudit(viewer, {
    action: "module-credentials-set",
    subject: module.id,
    detail: { category, name, names: Object.keys(values) },
  });
  return tell(viewer, module, "credentials_set", module.activeDigest ?? version?.digest ?? "");
}

async function readVersion(viewer: Viewer, category: string, name: string, digest: string) {
  const module = await getModuleRow(viewer, category, name);
  const version = await findVersion(viewer, module.id, digest);
  if (!version)
    throw new AppError("not-found", "This module has no such version.", {
      hint: "The page may be out of date: load it again.",
    });
  if (digestOf(version.files) !== digest)
    throw new AppError("refused", "The stored files are not what this digest names; nothing was done.");
  return { ...version, title: version.manifest.title };
}

function noteOf(note: string | undefined): { note?: string } {
  return note ? { note: toStorableText(note) } : {};
}

function requireAwaiting(versions: { digest: string; state: string }[], digest: string): void {
  const state = versions.find((version) => version.digest === digest)?.state;
  if (state === "awaiting_review") return;
  const words: Record<string, string> = {
    approved: "was approved already",
    rejected: "was rejected already",
    quarantined: "is quarantined",
    stale: "was replaced by a newer one",
    tests_failed: "did not pass its check",
  };
  throw new AppError("conflict", `This version ${words[state ?? ""] ?? "cannot be decided now"}.`, {
    hint: "Load the page again to see the newest version.",
  });
}

/** State for the viewer, and a line in the conversation in which the version was built. */
async function tell(
  viewer: Viewer,
  row: ModuleRow,
  decision: "approved" | "rejected" | "quarantined" | "enabled" | "disabled" | "rolled_back" | "credentials_set",
  digest: string,
): Promise<Decided> {
  const { category, name, activeDigest } = row;
  const versions = await listVersionRows(viewer, row.id);
  const version = versions.find((candidate) => candidate.digest === digest);
  const active = versions.find((candidate) => candidate.digest === activeDigest);
  const isMissing =
    active !== undefined && row.state === "active" && (await missingCredentials(viewer, active.manifest)).length > 0;
  const state: ModuleState = isMissing ? "needs_credentials" : row.state;
  const conversationId = version?.buildId ? await findBuildConversation(viewer, version.buildId) : null;
  const line: NewEvent = { type: "module-decided", payload: { category, name, digest, decision, state } };
  if (conversationId !== null) await appendIfThere(viewer, conversationId, line);
  return { category, name, state, activeDigest };
}

/** What was decided holds, also where its conversation is deleted at this moment and nothing can be told there. */
async function appendIfThere(viewer: Viewer, conversationId: string, event: NewEvent): Promise<void> {
  try {
    await appendEvents(viewer, { conversationId }, [event]);
  } catch (cause) {
    if (!(cause instanceof AppError && cause.code === "not-found")) throw cause;
  }
}
