import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** Written last by `buildSandboxRuntime`: a folder with it is complete. */
const completeMark = "runtime.json";

let configured: string | undefined;
let building: Promise<string> | undefined;

/** For programs that keep the runtime elsewhere than in `dist/sandbox` below the working directory. */
export function setSandboxRuntime(directory: string): void {
  configured = directory;
}

/**
 * The folder with the pre-built worker, its WASM files and the SDK. In a checkout where nothing was built yet (tests,
 * development) it is built into a cache once per content of its sources.
 */
export async function findSandboxRuntime(): Promise<string> {
  if (configured) {
    if (!existsSync(join(configured, completeMark))) throw new Error(`There is no sandbox runtime in ${configured}.`);
    return configured;
  }
  const root = process.cwd();
  const built = join(/* turbopackIgnore: true */ root, "dist", "sandbox");
  if (existsSync(join(built, completeMark))) return built;
  building ??= buildFromSources(root);
  return building;
}

/** Built from the sources as they are now, in place of `dist/sandbox`: what tests want. */
export async function buildFromSources(root: string): Promise<string> {
  const builder = join(root, "lib", "sandbox", "runtime-build.mjs");
  if (!existsSync(builder)) throw new Error("The sandbox runtime is missing: dist/sandbox was not built.");
  const { buildCachedSandboxRuntime }: { buildCachedSandboxRuntime: () => Promise<string> } = await import(
    /* webpackIgnore: true */ /* turbopackIgnore: true */ /* @vite-ignore */ pathToFileURL(builder).href
  );
  return buildCachedSandboxRuntime();
}
