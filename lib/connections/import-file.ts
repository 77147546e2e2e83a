import { createHash } from "node:crypto";
import { getAdapter } from "@/lib/adapters/registry";
import type { FileInspection, FileOptions, FilePort, FileReading } from "@/lib/contracts/adapter";
import { AppError } from "@/lib/contracts/errors";
import type { ImportResult } from "@/lib/contracts/finance";
import type { Viewer } from "@/lib/contracts/viewer";
import { recordTry, saveConnection } from "@/lib/db/connections";
import { commitImport, findConnectionOfFile, previewImport } from "@/lib/db/finance/import-file";
import { getTimeZone } from "@/lib/db/profile";

const adapterId = "bank-file";

export interface GivenFile {
  name: string;
  /** Decoded. */
  text: string;
}

/** What a file could be, before anything is done with it. @throws AppError invalid for what is too large or no text */
export function inspectFile(file: GivenFile): FileInspection {
  return filePort().inspect(file);
}

/**
 * What taking a file over would do. Nothing is changed by looking.
 * @throws AppError invalid when it cannot be read so
 */
export async function previewFile(viewer: Viewer, file: GivenFile, options: FileOptions): Promise<ImportResult> {
  const reading = filePort().read(file, options);
  const [connectionId, timeZone] = await Promise.all([findTarget(viewer, reading), getTimeZone(viewer)]);
  return previewImport(viewer, connectionId, reading, { timeZone });
}

/**
 * Takes a file over: into the connection that its accounts came by before, else into a new one. The same file again, or one
 * that overlaps it, adds only what is new.
 * @throws AppError invalid when it cannot be read so, or holds nothing
 */
export async function commitFile(
  viewer: Viewer,
  file: GivenFile,
  options: FileOptions,
): Promise<ImportResult & { connectionId: string }> {
  const reading = filePort().read(file, options);
  if (reading.transactions.length === 0)
    throw new AppError("invalid", "No line of this file could be read as a transaction. Nothing was taken over.", {
      hint: "Choose its columns again, or ask your bank for CSV, OFX or QFX.",
    });
  const [known, timeZone] = await Promise.all([findTarget(viewer, reading), getTimeZone(viewer)]);
  const connectionId = known ?? (await connect(viewer, reading));
  const digest = createHash("sha256").update(file.text).digest("hex");
  const result = await commitImport(viewer, connectionId, { name: file.name, digest, reading }, { timeZone });
  // A file is read when it is given, and never again by itself.
  await recordTry(viewer, connectionId, { isGood: true, warning: null, nextInMs: null });
  return { ...result, connectionId };
}

function findTarget(viewer: Viewer, { accounts }: FileReading): Promise<string | null> {
  return findConnectionOfFile(
    viewer,
    adapterId,
    accounts.map(({ id }) => id),
  );
}

async function connect(viewer: Viewer, { accounts }: FileReading): Promise<string> {
  // The same whatever order the accounts stand in.
  const [accountKey = ""] = accounts.map(({ id }) => id).sort();
  const { id } = await saveConnection(viewer, {
    ...{ adapter: adapterId, accountKey, title: titleOf(accounts) },
    ...{ isWriteAllowed: false },
  });
  return id;
}

/** As a person would call it: the bank and the account, or how many there are. */
function titleOf(accounts: FileReading["accounts"]): string {
  const [first, ...others] = accounts;
  const { institution, name = "Bank file" } = first ?? {};
  if (others.length > 0) return institution ?? `${name} and ${others.length} more`;
  return institution === undefined || name.includes(institution) ? name : `${institution} ${name}`;
}

function filePort(): FilePort {
  const { file } = getAdapter(adapterId);
  if (!file) throw new Error("the adapter of bank files reads no files");
  return file;
}
