import { newId } from "@/lib/contracts/id";
import type { System, Viewer } from "@/lib/contracts/viewer";
import { prisma } from "./client";

/** A sealed value as it is stored. Only the vault can make or read one. */
export interface SealedSecret {
  scope: string;
  name: string;
  sealed: Uint8Array;
  keyId: string;
}

const columns = { scope: true, name: true, sealed: true, keyId: true } as const;

/** Stores or replaces one of the viewer's secrets. */
export async function putSecret(viewer: Viewer, { scope, name, sealed, keyId }: SealedSecret): Promise<void> {
  const bytes = Uint8Array.from(sealed);
  await prisma().secret.upsert({
    where: { userId_scope_name: { userId: viewer.userId, scope, name } },
    create: { id: newId("sec"), userId: viewer.userId, scope, name, sealed: bytes, keyId },
    update: { sealed: bytes, keyId },
  });
}

/** Stores the secret unless there is one already, whoever was first. */
export async function putSecretIfAbsent(viewer: Viewer, secret: SealedSecret): Promise<void> {
  const { scope, name, sealed, keyId } = secret;
  await prisma().secret.createMany({
    data: [{ id: newId("sec"), userId: viewer.userId, scope, name, sealed: Uint8Array.from(sealed), keyId }],
    skipDuplicates: true,
  });
}

/** One of the viewer's secrets, still sealed. */
export async function findSecret(viewer: Viewer, scope: string, name: string): Promise<SealedSecret | null> {
  return prisma().secret.findUnique({
    where: { userId_scope_name: { userId: viewer.userId, scope, name } },
    select: columns,
  });
}

/** The viewer's secrets of one scope, still sealed, by name. */
export async function listSecrets(viewer: Viewer, scope: string): Promise<SealedSecret[]> {
  return prisma().secret.findMany({
    where: { userId: viewer.userId, scope },
    select: columns,
    orderBy: { name: "asc" },
  });
}

/** Names of what is stored in a scope; the values stay where they are. */
export async function listSecretNames(viewer: Viewer, scope: string): Promise<string[]> {
  const rows = await prisma().secret.findMany({
    where: { userId: viewer.userId, scope },
    select: { name: true },
    orderBy: { name: "asc" },
  });
  return rows.map((row) => row.name);
}

/** Forgets one secret, or all of a scope. Returns how many there were. */
export async function removeSecrets(viewer: Viewer, scope: string, name?: string): Promise<number> {
  const where = { userId: viewer.userId, scope, ...(name === undefined ? {} : { name }) };
  return (await prisma().secret.deleteMany({ where })).count;
}

/** Is anything stored, of anyone, that was sealed with a key other than these? */
export async function hasSecretsOfOtherKeys(_caller: System, keyIds: readonly string[]): Promise<boolean> {
  const found = await prisma().secret.findFirst({ where: { keyId: { notIn: [...keyIds] } }, select: { id: true } });
  return found !== null;
}
