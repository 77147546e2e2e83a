import { z } from "zod";
import { AppError } from "@/lib/contracts/errors";
import { asSystem } from "@/lib/contracts/viewer";
import { appendAudit } from "@/lib/db/audit";
import { createFirstUser, hasUsers, type User } from "@/lib/db/users";
import { env } from "@/lib/env";
import { hashPassword, requireGoodPassword } from "./password";

export const ownerSchema = z.strictObject({
  name: z.string().trim().min(1, "tell how you want to be called").max(100),
  email: z.email("an email address such as you@example.org").max(200),
  password: z.string(),
});

/**
 * True while the installation has no owner: then, and only then, an account can be made without an invitation. Where the
 * environment names the owner, they are there before anybody is told so: nobody can be quicker.
 */
export async function isFirstRun(): Promise<boolean> {
  await ensureOwner();
  return isEmpty();
}

async function isEmpty(): Promise<boolean> {
  return !(await hasUsers(asSystem("auth")));
}

/**
 * Makes the owner's account. Whoever comes second finds registration closed.
 * @throws AppError conflict, invalid
 */
export async function createOwner(owner: z.infer<typeof ownerSchema>): Promise<User> {
  await ensureOwner();
  return makeOwner(owner);
}

async function makeOwner({ name, email, password }: z.infer<typeof ownerSchema>): Promise<User> {
  requireGoodPassword(password);
  if (!(await isEmpty())) throw closed();
  const user = await createFirstUser(asSystem("auth"), {
    name,
    email,
    role: "owner",
    passwordHash: await hashPassword(password),
  });
  if (!user) throw closed();
  await appendAudit({ ...asSystem("auth"), userId: user.id }, { action: "owner-created", subject: user.id });
  return user;
}

/** Makes the owner from BURGEON_OWNER_EMAIL and BURGEON_OWNER_PASSWORD on an installation that has none. */
export async function ensureOwner(): Promise<void> {
  const { BURGEON_OWNER_EMAIL: email, BURGEON_OWNER_PASSWORD: password } = env();
  if (!email || !password || !(await isEmpty())) return;
  try {
    await makeOwner({ name: email.split("@")[0] ?? email, email, password });
  } catch (cause) {
    // Another process of this installation was first: the owner is there, which is all that was wanted.
    if (cause instanceof AppError && cause.code === "conflict") return;
    throw cause;
  }
}

function closed(): AppError {
  return new AppError("conflict", "This Burgeon already has an owner.", {
    hint: "Sign in, or ask the owner for an invitation.",
  });
}
