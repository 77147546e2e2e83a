import { spawn } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { endProcess, identify } from "./process-identity.mjs";
import { cacheDirectory, root } from "./install.mjs";
import { withFileLock } from "./lock.mjs";
import { Problem } from "./problem.mjs";
import { hashSources, isCurrent, makeWhenChanged } from "./sources.mjs";

const settings = ["package-lock.json", "tsconfig.json", "prisma/schema.prisma"];
const webSources = [
  ...settings,
  "app",
  "components",
  "lib",
  "modules/sdk",
  "public",
  "next.config.ts",
  "postcss.config.mjs",
  "proxy.ts",
  "instrumentation.ts",
];
const bundleSources = [...settings, "lib", "modules/sdk", "bench", "evals", "scripts/supervisor/build.mjs"];
/** Entry in lib → file in dist. */
const entries = {
  "lib/worker/worker.ts": "worker",
  "lib/cli/main.ts": "burgeon",
  "lib/demo/main.ts": "demo",
};

/** The typed database client, when the schema changed. */
export async function generateClient(progress) {
  const hash = hashSources(settings.filter((path) => path !== "tsconfig.json"));
  const isHere = () => isCurrent("prisma", hash) && existsSync(join(root, "lib", "db", "generated", "client.ts"));
  if (isHere()) return;
  await inTurn(async () => {
    if (isHere()) return;
    await progress.step("generate the database client", () =>
      makeWhenChanged("prisma", hash, () => run("Prisma's generator", [prismaCommand, "generate"], generatorEnv())),
    );
  });
}

/** The bundles (worker, command line, sample services, sandbox) and, unless in development, the web; what changed only. */
export async function buildAll({ progress, isDev = false, onStart }) {
  await buildBundles(progress);
  if (!isDev) await buildWeb(progress, onStart);
}

/** `dist/*.mjs`, in a second. */
export async function buildBundles(progress) {
  const hash = hashSources(bundleSources);
  if (isCurrent("bundles", hash) && existsSync(join(root, "dist"))) return;
  await inTurn(() => progress.step("build the worker", () => makeWhenChanged("bundles", hash, bundleAll)));
}

/** The production build of the web, in half a minute. */
export async function buildWeb(progress, onStart) {
  const hash = hashSources(webSources);
  const isHere = () => isCurrent("web", hash) && existsSync(join(root, ".next", "BUILD_ID"));
  if (isHere()) return;
  await inTurn(async () => {
    if (isHere()) return;
    const next = join(root, "node_modules", "next", "dist", "bin", "next");
    const env = { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" };
    await progress.step("build the web", () =>
      makeWhenChanged("web", hash, () => run("The build of the web", [next, "build"], env, onStart)),
    );
  });
}

/** Two starts from one checkout (the real one and the demo) must not write the same files at once. */
function inTurn(work) {
  mkdirSync(cacheDirectory, { recursive: true });
  return withFileLock(join(cacheDirectory, "build.lock"), work);
}

async function bundleAll() {
  const { build, stop } = await import("esbuild");
  const options = {
    absWorkingDir: root,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node24",
    packages: "external",
    sourcemap: "linked",
    logLevel: "silent",
    outdir: join(root, "dist"),
    outExtension: { ".js": ".mjs" },
  };
  const entryPoints = Object.entries(entries)
    .filter(([input]) => existsSync(join(root, input)))
    .map(([input, out]) => ({ in: input, out }));
  try {
    await Promise.all([build({ ...options, entryPoints }), buildSandbox()]);
  } catch (cause) {
    const first = cause.errors?.[0];
    if (!first) throw cause;
    const place = first.location ? ` (${first.location.file}:${first.location.line})` : "";
    throw new Problem(`The worker could not be built: ${first.text}${place}`);
  } finally {
    await stop(); // esbuild's own process, which would stay as long as we do
  }
}

/** What the sandbox wants beside the bundles (its threads, their WASM, the library): built by the sandbox itself. */
async function buildSandbox() {
  const builder = join(root, "lib", "sandbox", "runtime-build.mjs");
  if (!existsSync(builder)) return;
  const { buildSandboxRuntime } = await import(builder);
  await buildSandboxRuntime(join(root, "dist", "sandbox"));
}

const prismaCommand = join(root, "node_modules", "prisma", "build", "index.js");

/** The generator needs no engine, yet wants to download one unless it is shown a file. */
export function generatorEnv() {
  return {
    ...process.env,
    PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    PRISMA_HIDE_UPDATE_MESSAGE: "1",
    CHECKPOINT_DISABLE: "1",
  };
}

/** Runs a tool under our Node; its output is shown when it fails. */
export function run(name, args, env, onStart) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", ...args], {
      cwd: root,
      env,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    const identity = identify(child.pid);
    const end = () => endProcess(identity, [{ signal: "SIGKILL", waitMs: 2_000 }], { group: true });
    onStart?.(end);
    let output = "";
    const keep = (chunk) => (output = (output + chunk).slice(-20_000));
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      if (code === 0) return resolve();
      reject(
        new Problem(
          `${name} failed (${signal ?? `code ${code}`}):\n${output.trim().split("\n").slice(-40).join("\n")}`,
        ),
      );
    });
  });
}
