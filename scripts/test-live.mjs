// npm run test:live: the adapters against Google and Plaid's sandbox. Says what it would need where nothing is set.
import { rmSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { cacheDirectory, ensureInstalled, root, runUnder } from "./supervisor/install.mjs";
import { exitWith } from "./supervisor/problem.mjs";
import { createProgress } from "./supervisor/progress.mjs";

try {
  const progress = createProgress();
  const node = await ensureInstalled({ onStep: progress.step });
  if (process.env.BURGEON_OWN_NODE !== "1") {
    const env = { ...process.env, BURGEON_OWN_NODE: "1", LOG_LEVEL: "silent" };
    process.exit(await runUnder(node, [join(root, "scripts", basename(import.meta.filename))], { env }).exitCode);
  }
  const results = await (await loadLive()).runLive(process.env);
  for (const { adapter, outcome, message } of results) progress.say(`${adapter}: ${outcome}: ${message}`);
  const count = (wanted) => results.filter(({ outcome }) => outcome === wanted).length;
  progress.say(`${count("passed")} passed, ${count("failed")} failed, ${count("not run")} not run`);
  process.exit(count("failed") > 0 ? 1 : 0);
} catch (error) {
  exitWith(error);
}

async function loadLive() {
  const { build } = await import("esbuild");
  const outfile = join(cacheDirectory, `live-${process.pid}.mjs`);
  await build({
    entryPoints: [join(root, "lib", "adapters", "testing-live.ts")],
    ...{ outfile, bundle: true, platform: "node", format: "esm", packages: "external", logLevel: "error" },
  });
  try {
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(outfile, { force: true });
  }
}
