// The product's own sources, bundled so that Node can load them.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { root } from "../../scripts/supervisor/install.mjs";

const folder = join(root, "node_modules", ".cache", "burgeon-bench");

/** Bundles `bench/peers/<name>.mjs`. @returns the file to run */
export async function bundlePeer(name) {
  mkdirSync(folder, { recursive: true });
  const outfile = join(folder, `${name}.mjs`);
  await build({
    absWorkingDir: root,
    entryPoints: [join(root, "bench", "peers", `${name}.mjs`)],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node24",
    packages: "external",
    sourcemap: "linked",
    logLevel: "warning",
  });
  return outfile;
}
