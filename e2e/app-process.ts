import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const root = join(import.meta.dirname, "..");
const startDeadlineMs = 240_000;

/** Burgeon as a person starts it: `npm start`, with its own data directory and port. */
export interface AppProcess {
  url: string;
  dataDir: string;
  /** Everything web, worker and supervisor have printed so far. */
  output(): string;
  /** Runs the `burgeon` command against this installation. */
  burgeon(...args: string[]): Promise<{ exitCode: number; stdout: string; stderr: string }>;
  /** Process ids of this installation whose command line contains `text`. */
  processIds(text: string): Promise<number[]>;
  stop(): Promise<number | null>;
}

/** Starts the app and waits until it says that it is ready. Throws with its output when it does not come up. */
export async function startApp(env: Record<string, string> = {}, keep?: { dataDir: string }): Promise<AppProcess> {
  const dataDir = keep?.dataDir ?? mkdtempSync(join(tmpdir(), "burgeon-e2e-"));
  const port = env.PORT === undefined ? await freePort() : Number(env.PORT);
  const url = `http://127.0.0.1:${port}`;
  const appEnv: NodeJS.ProcessEnv = {
    ...process.env,
    BURGEON_DATA_DIR: dataDir,
    PORT: String(port),
    HOST: "127.0.0.1",
    ...env,
  };
  for (const name of ["DATABASE_URL", "NEXTAUTH_URL", "BURGEON_URL", "NODE_ENV"])
    if (!(name in env)) delete appEnv[name];
  const child = spawn(process.execPath, ["scripts/start.mjs"], {
    cwd: root,
    env: appEnv,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (text += chunk));
  await waitUntilReady(child, url, () => text);
  return {
    url,
    dataDir,
    output: () => text,
    burgeon: (...args) => runBurgeon(args, appEnv),
    processIds: (part) => findProcessIds(dataDir, part),
    stop: () => stopApp(child, keep ? undefined : dataDir),
  };
}

async function waitUntilReady(child: ChildProcess, url: string, output: () => string): Promise<void> {
  const deadline = Date.now() + startDeadlineMs;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`The app ended with code ${child.exitCode}:\n${output()}`);
    const isReady = await fetch(`${url}/api/health/ready`).then(
      (response) => response.ok,
      () => false,
    );
    if (isReady) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  child.kill("SIGTERM");
  throw new Error(`The app was not ready in ${startDeadlineMs / 1000} s:\n${output()}`);
}

async function stopApp(child: ChildProcess, removeDir?: string): Promise<number | null> {
  if (child.exitCode === null) {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await ended;
  }
  if (removeDir) rmSync(removeDir, { recursive: true, force: true });
  return child.exitCode;
}

/** Runs the command as a person does in a terminal. */
export async function runBurgeon(args: string[], env: NodeJS.ProcessEnv) {
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ["scripts/burgeon.mjs", ...args], {
      cwd: root,
      env,
    });
    return { exitCode: 0, stdout, stderr };
  } catch (error) {
    const failed = error as { code?: number; stdout?: string; stderr?: string };
    return { exitCode: failed.code ?? 1, stdout: failed.stdout ?? "", stderr: failed.stderr ?? "" };
  }
}

interface Seen {
  pid: number;
  parent: number;
  command: string;
  isNamed: boolean;
}

/**
 * Children are told their data directory in the environment or (PostgreSQL) on the command line, which tells two installations
 * on one machine apart. The web server writes its title over both, so a child of one of ours is ours as well.
 */
async function findProcessIds(dataDir: string, part: string): Promise<number[]> {
  const { readdir } = await import("node:fs/promises");
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const seen = (await Promise.all(pids.map((pid) => readProcess(pid, dataDir)))).filter((one) => one !== null);
  const ours = new Set(seen.filter((one) => one.isNamed).map((one) => one.pid));
  for (let size = -1; size !== ours.size; ) {
    size = ours.size;
    for (const { pid, parent } of seen) if (ours.has(parent)) ours.add(pid);
  }
  return seen.filter(({ pid, command }) => ours.has(pid) && command.includes(part)).map(({ pid }) => pid);
}

async function readProcess(pid: number, dataDir: string): Promise<Seen | null> {
  const { readFile } = await import("node:fs/promises");
  try {
    const [command, environment, stat] = await Promise.all(
      ["cmdline", "environ", "stat"].map((name) => readFile(`/proc/${pid}/${name}`, "utf8")),
    );
    if (command === undefined || environment === undefined || stat === undefined) return null;
    const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
    return {
      pid,
      parent,
      command,
      isNamed: environment.includes(`BURGEON_DATA_DIR=${dataDir}\0`) || command.includes(`${dataDir}/`),
    };
  } catch (error) {
    // A process may end between listing and reading; anything else is a fault of this helper.
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ESRCH" || code === "EACCES") return null;
    throw error;
  }
}

/** A port of loopback that nobody holds now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  await new Promise((resolve) => server.close(resolve));
  return address.port;
}
