import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { filterLibrary } from "./type-check/filter-library.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const require = createRequire(import.meta.url);

/**
 * Writes everything the sandbox loads at run time: the two workers, the WASM files, the prelude, the filtered library
 * and the SDK's sources. `runtime.json` comes last: a folder with it is complete.
 * @param {string} outDirectory
 */
export async function buildSandboxRuntime(outDirectory) {
  await rm(join(outDirectory, "runtime.json"), { force: true });
  await mkdir(join(outDirectory, "sdk"), { recursive: true });
  await Promise.all([
    bundleWorkers(outDirectory),
    bundlePrelude(outDirectory),
    cp(require.resolve("quickjs-wasi/quickjs.wasm"), join(outDirectory, "quickjs-wasi.wasm")),
    cp(require.resolve("@jitl/quickjs-wasmfile-release-sync/wasm"), join(outDirectory, "quickjs-emscripten.wasm")),
    writeFile(join(outDirectory, "library.d.ts"), filterLibrary()),
    copySdk(join(outDirectory, "sdk")),
  ]);
  const engines = await Promise.all([versionOf("quickjs-wasi"), versionOf("quickjs-emscripten-core")]);
  await writeFile(join(outDirectory, "runtime.json"), JSON.stringify({ engines, sources: await hashSources() }));
}

/**
 * The same in a cache below node_modules, once per content of the sources. Several processes may ask at once: each
 * builds beside the place and the first to rename wins.
 * @returns {Promise<string>} the folder
 */
export async function buildCachedSandboxRuntime() {
  const cache = join(root, "node_modules", ".cache", "burgeon-sandbox");
  const target = join(cache, await hashSources());
  const isBuilt = () =>
    readFile(join(target, "runtime.json")).then(
      () => true,
      () => false,
    );
  if (await isBuilt()) return target;
  await mkdir(cache, { recursive: true });
  const draft = await mkdtemp(join(cache, "draft-"));
  try {
    await buildSandboxRuntime(draft);
    await rename(draft, target);
  } catch (error) {
    if (!(await isBuilt())) throw error;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return target;
}

async function bundleWorkers(outDirectory) {
  await build({
    absWorkingDir: root,
    entryPoints: { worker: "lib/sandbox/machine/worker.ts", "type-check-worker": "lib/sandbox/type-check/worker.ts" },
    outdir: outDirectory,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node24",
    // Loaded from node_modules: 9 MB that gain nothing from being copied.
    external: ["typescript"],
    logLevel: "warning",
  });
}

async function bundlePrelude(outDirectory) {
  const result = await build({
    absWorkingDir: root,
    entryPoints: ["lib/sandbox/guest/prelude.ts"],
    bundle: true,
    platform: "neutral",
    format: "iife",
    globalName: "prelude",
    target: "es2023",
    write: false,
    logLevel: "warning",
  });
  const text = result.outputFiles[0]?.text ?? "";
  // The value of the script is the driver, and nothing becomes a global.
  await writeFile(join(outDirectory, "prelude.js"), `(() => {\n${text}\nreturn prelude.drive;\n})()`);
}

async function copySdk(outDirectory) {
  for (const path of await listSources(join(root, "modules/sdk"))) {
    const target = join(outDirectory, relative(join(root, "modules/sdk"), path));
    await mkdir(dirname(target), { recursive: true });
    await cp(path, target);
  }
}

/** All sources that end up in the runtime, and the versions of the packages in it. */
async function hashSources() {
  const hash = createHash("sha256");
  const paths = [...(await listSources(join(root, "lib/sandbox"))), ...(await listSources(join(root, "modules/sdk")))];
  for (const path of paths.sort()) {
    const text = await readFile(path);
    hash.update(`${relative(root, path)}\0${text.length}\0`).update(text);
  }
  for (const name of [
    "quickjs-wasi",
    "quickjs-emscripten-core",
    "@jitl/quickjs-wasmfile-release-sync",
    "typescript",
    "esbuild",
  ])
    hash.update(`${name}@${await versionOf(name)}`);
  return hash.digest("hex").slice(0, 24);
}

async function listSources(directory) {
  const entries = await readdir(directory, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && /\.(ts|mjs)$/.test(entry.name) && !/\.test\.ts$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

async function versionOf(name) {
  const text = await readFile(join(root, "node_modules", name, "package.json"), "utf8");
  return JSON.parse(text).version;
}
