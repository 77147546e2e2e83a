import { randomBytes } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { root } from "./install.mjs";
import { Problem } from "./problem.mjs";

/** A cluster, a build and some days of log files. */
const neededMegabytes = 300;
/** A log that grew beyond this is set aside (one older generation is kept) when the process starts. */
const maximumLogBytes = 10 * 1024 * 1024;

/** Where this instance keeps everything; demo and real life never share it. */
export function dataDirectoryPath({ demo = false, env = process.env } = {}) {
  return env.BURGEON_DATA_DIR ? resolve(env.BURGEON_DATA_DIR) : join(root, demo ? ".burgeon-demo" : ".burgeon");
}

/** Creates the directory with its secrets (first start) and returns the paths. Throws a Problem when it cannot be used. */
export function prepareDataDirectory(path, env = process.env) {
  const logs = join(path, "logs");
  try {
    mkdirSync(logs, { recursive: true });
    // PostgreSQL runs under another account when we are root: it must pass through, and may read nothing.
    chmodSync(path, isRoot() ? 0o711 : 0o700);
    chmodSync(logs, 0o700);
    writeFileSync(join(path, ".writable"), "");
    rmSync(join(path, ".writable"));
  } catch (cause) {
    throw new Problem(unusable(path, cause));
  }
  const disk = statfsSync(path);
  const freeMegabytes = Math.floor((disk.bavail * disk.bsize) / 1024 ** 2);
  if (freeMegabytes < neededMegabytes) {
    throw new Problem(
      `Only ${freeMegabytes} MB are free for ${path}, Burgeon needs ${neededMegabytes}: free some space or set BURGEON_DATA_DIR.`,
    );
  }
  const masterKeyFile = join(path, "master-key");
  // Whoever names a key of their own gets no second one, with which they could be locked out.
  const isOurs = !env.BURGEON_MASTER_KEY && !env.BURGEON_MASTER_KEY_FILE;
  if (isOurs) secretFile(masterKeyFile, () => randomBytes(32).toString("base64"));
  return {
    path,
    logs,
    lock: join(path, "running.json"),
    cluster: join(path, "postgres"),
    databasePassword: () => secretFile(join(path, "database-password"), () => randomBytes(24).toString("base64url")),
    nextAuthSecret:
      env.NEXTAUTH_SECRET ?? secretFile(join(path, "nextauth-secret"), () => randomBytes(32).toString("base64url")),
    masterKeyFile: isOurs ? masterKeyFile : undefined,
  };
}

/** Path of a log file, the too large old one set aside. */
export function logFile(logs, name) {
  const path = join(logs, `${name}.log`);
  if (existsSync(path) && statSync(path).size > maximumLogBytes) renameSync(path, `${path}.old`);
  return path;
}

/** The end of a log, for the message about a process that does not want to run. */
export function readLogTail(path, lines = 15) {
  if (!existsSync(path)) return "";
  return readFileSync(path, "utf8").trimEnd().split("\n").slice(-lines).join("\n");
}

export function isRoot() {
  return process.getuid?.() === 0;
}

/** Reads the secret or, on first start, writes it: whole, and readable by its owner only. */
function secretFile(path, create) {
  if (existsSync(path)) {
    const value = readFileSync(path, "utf8").trim();
    if (value !== "") return value;
  }
  const value = create();
  writeFileSync(`${path}.new`, `${value}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
  return value;
}

function unusable(path, cause) {
  const reason = {
    EACCES: "this account may not write there",
    EPERM: "this account may not write there",
    EROFS: "the disk is read-only",
    ENOSPC: "the disk is full",
    ENOTDIR: "a part of the path is a file",
    EEXIST: "a file of that name is in the way",
  }[cause.code];
  if (!reason) throw cause;
  return `The data directory ${path} cannot be used: ${reason}. Set BURGEON_DATA_DIR to a directory that can be written.`;
}
