import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { scopes, type Viewer } from "@/lib/contracts/viewer";
import type { User } from "@/lib/db/users";
import { findSessionOwner } from "./session";

/** The person whose browser asks for this page, with name and address; null when signed out. */
export async function findCurrentUser(): Promise<User | null> {
  return findSessionOwner(await headers());
}

/** Who asks for this page; null when signed out. */
export async function currentViewer(): Promise<Viewer | null> {
  const user = await findCurrentUser();
  return user && toViewer(user);
}

/** Who asks for this page. Somebody who is signed out is sent to the sign-in page instead. */
export async function requireViewer(): Promise<Viewer> {
  return (await currentViewer()) ?? redirect("/sign-in");
}

/** A browser session may do everything within its role. */
export function toViewer({ id, role }: Pick<User, "id" | "role">): Viewer {
  return { kind: "viewer", userId: id, role, via: "session", scopes };
}
