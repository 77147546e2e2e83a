import type { Caller } from "@/lib/contracts/viewer";

/** The user whose rows the caller may see; null means everyone's, for Burgeon itself. */
export function userIdOf(caller: Caller): string | null {
  return caller.kind === "viewer" ? caller.userId : null;
}
