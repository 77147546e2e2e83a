export const roles = ["owner", "admin", "member", "viewer"] as const;
export type Role = (typeof roles)[number];

/** What an API token may do. A browser session may do all of it within its role. */
export const scopes = [
  "chat",
  "modules:read",
  "modules:write",
  "modules:approve",
  "approvals",
  "data:read",
  "data:write",
  "connections",
  "settings",
  "metrics",
  "mcp",
] as const;
export type Scope = (typeof scopes)[number];

/** Who asks. First argument of every function of lib/db; what a viewer may not see answers like what does not exist. */
export interface Viewer {
  readonly kind: "viewer";
  readonly userId: string;
  readonly role: Role;
  readonly via: "session" | "token" | "cli";
  readonly scopes: readonly Scope[];
}

/** Burgeon itself: the worker, the migrations, the command line. Acts for nobody, so it may read across users. */
export interface System {
  readonly kind: "system";
  readonly name: "worker" | "migrate" | "cli" | "auth" | "test";
}

export type Caller = Viewer | System;

/** The right of the person a run belongs to, as used by the worker on their behalf. */
export function actAs(userId: string, role: Role = "member"): Viewer {
  return { kind: "viewer", userId, role, via: "session", scopes };
}

export function asSystem(name: System["name"]): System {
  return { kind: "system", name };
}
