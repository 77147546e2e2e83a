import { AppError } from "@/lib/contracts/errors";
import { newId } from "@/lib/contracts/id";
import { type Role, roles, type System } from "@/lib/contracts/viewer";
import { execute, inTransaction } from "./statement";
import { toStorableText } from "./storable-json";

export interface User {
  id: string;
  email: string;
  name: string;
  role: Role;
}

/** With what only sign-in needs. */
export interface UserAccount extends User {
  passwordHash: string;
  sessionVersion: number;
}

export interface NewUser {
  email: string;
  name: string;
  role: Role;
  passwordHash: string;
}

/** One number for all processes that create users ("user" as ASCII). */
const creationLock = 0x75736572;
/** Longer than any session lives. */
const keepEndedSessionsDays = 60;

interface UserRow extends Omit<UserAccount, "role"> {
  role: string;
}

const columns = `id, email, name, role, "passwordHash", "sessionVersion"`;

/** Has the first run happened? */
export async function hasUsers(_caller: System): Promise<boolean> {
  const { rows } = await execute<{ has: boolean }>({
    name: "has-users",
    text: `SELECT EXISTS (SELECT 1 FROM "User") AS has`,
  });
  return rows[0]?.has ?? false;
}

/** Creates the owner while there is nobody; null when somebody was first. Wakes the scan of module folders, which are the owner's. */
export async function createFirstUser(_caller: System, user: NewUser): Promise<User | null> {
  return inTransaction(async (client) => {
    await client.query({
      name: "lock-user-creation",
      text: "SELECT pg_advisory_xact_lock($1)",
      values: [creationLock],
    });
    const { rows } = await client.query<UserRow>({
      name: "create-first-user",
      text: `WITH made AS (
               INSERT INTO "User" (id, email, name, role, "passwordHash")
               SELECT $1, $2, $3, $4, $5 WHERE NOT EXISTS (SELECT 1 FROM "User") RETURNING ${columns}),
             told AS (SELECT pg_notify('burgeon_scan', '') FROM made)
             SELECT made.* FROM made LEFT JOIN told ON true`,
      values: newRow(user),
    });
    return rows[0] ? toUser(rows[0]) : null;
  });
}

/** @throws AppError conflict when the address is taken */
export async function createUser(_caller: System, user: NewUser): Promise<User> {
  const { rows } = await execute<UserRow>({
    name: "create-user",
    text: `INSERT INTO "User" (id, email, name, role, "passwordHash") VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (email) DO NOTHING RETURNING ${columns}`,
    values: newRow(user),
  });
  if (!rows[0]) throw new AppError("conflict", "There is already an account with this email address.");
  return toUser(rows[0]);
}

/** For sign-in and the command line. The address is compared in lower case. */
export async function findAccountByEmail(_caller: System, email: string): Promise<UserAccount | null> {
  const { rows } = await execute<UserRow>({
    name: "find-user-by-email",
    text: `SELECT ${columns} FROM "User" WHERE email = $1`,
    values: [toStorableText(email.toLowerCase())],
  });
  return rows[0] ? toAccount(rows[0]) : null;
}

/** The person the installation belongs to: the oldest owner. Null before the first run. */
export async function findOwner(_caller: System): Promise<User | null> {
  const { rows } = await execute<UserRow>({
    name: "find-owner",
    text: `SELECT ${columns} FROM "User" WHERE role = 'owner' ORDER BY "createdAt", id LIMIT 1`,
  });
  return rows[0] ? toUser(rows[0]) : null;
}

/** The user of a session, if the session still counts: not ended, and of the user's current session version. */
export async function findSessionUser(
  _caller: System,
  session: { userId: string; sessionId: string; sessionVersion: number },
): Promise<User | null> {
  const { rows } = await execute<UserRow>({
    name: "find-session-user",
    text: `SELECT ${columns} FROM "User" u WHERE id = $1 AND "sessionVersion" = $2
           AND NOT EXISTS (SELECT 1 FROM "Setting" s WHERE s."userId" = u.id AND s.key = $3)`,
    values: [session.userId, session.sessionVersion, endedKey(session.sessionId)],
  });
  return rows[0] ? toUser(rows[0]) : null;
}

/** Ends one session before its time: what holds its cookie is signed out. */
export async function endSession(_caller: System, userId: string, sessionId: string): Promise<void> {
  await execute({
    name: "end-session",
    text: `WITH old AS (DELETE FROM "Setting" WHERE "userId" = $1 AND key LIKE 'ended-session:%'
             AND "updatedAt" < now() - make_interval(days => $3))
           INSERT INTO "Setting" ("userId", key, value, "updatedAt")
           SELECT id, $2, 'true', now() FROM "User" WHERE id = $1 ON CONFLICT DO NOTHING`,
    values: [userId, endedKey(sessionId), keepEndedSessionsDays],
  });
}

function newRow({ email, name, role, passwordHash }: NewUser): string[] {
  return [newId("user"), toStorableText(email.toLowerCase()), toStorableText(name), role, passwordHash];
}

function endedKey(sessionId: string): string {
  return toStorableText(`ended-session:${sessionId}`);
}

function toAccount(row: UserRow): UserAccount {
  // An unknown role, of a newer version perhaps, may do the least.
  const role = roles.find((known) => known === row.role) ?? "viewer";
  const { id, email, name, passwordHash, sessionVersion } = row;
  return { id, email, name, role, passwordHash, sessionVersion };
}

function toUser(row: UserRow): User {
  const { id, email, name, role } = toAccount(row);
  return { id, email, name, role };
}
