import type { ModuleState, VersionState } from "@/lib/contracts/module";

export type Tone = "neutral" | "good" | "attention" | "bad";

/** The same words for a state everywhere, and how loudly it asks for a look. */
const states: Record<ModuleState | "approved", { label: string; tone: Tone }> = {
  draft: { label: "Draft", tone: "neutral" },
  building: { label: "Building", tone: "neutral" },
  tests_failed: { label: "Tests failed", tone: "bad" },
  awaiting_review: { label: "Awaiting review", tone: "attention" },
  needs_credentials: { label: "Needs credentials", tone: "attention" },
  active: { label: "Active", tone: "good" },
  degraded: { label: "Degraded", tone: "bad" },
  disabled: { label: "Disabled", tone: "neutral" },
  archived: { label: "Archived", tone: "neutral" },
  stale: { label: "Stale", tone: "neutral" },
  rejected: { label: "Rejected", tone: "neutral" },
  quarantined: { label: "Quarantined", tone: "bad" },
  approved: { label: "Approved", tone: "good" },
};

export function describeState(state: ModuleState | VersionState): { label: string; tone: Tone } {
  return states[state];
}

/** The first eight hex digits tell versions apart at a glance; the whole digest is one click away. */
export function shortDigest(digest: string): string {
  return digest.replace(/^sha256:/, "").slice(0, 8);
}

export function modulePath(module: { category: string; name: string }): string {
  return `/modules/${module.category}/${module.name}`;
}

export function moduleApiPath(module: { category: string; name: string }): string {
  return `/api/modules/${module.category}/${module.name}`;
}
