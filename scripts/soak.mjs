// npm run soak [-- --minutes 10 --seed N]: real workers, a real PostgreSQL and everything that can go wrong, for as long as you like.
import { rmSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { cacheDirectory, ensureInstalled, root, runUnder } from "./supervisor/install.mjs";
import { exitWith, Problem } from "./supervisor/problem.mjs";
import { createProgress } from "./supervisor/progress.mjs";

try {
  const progress = createProgress();
  const node = await ensureInstalled({ onStep: progress.step });
  if (process.env.BURGEON_OWN_NODE !== "1") {
    const env = { ...process.env, BURGEON_OWN_NODE: "1", LOG_LEVEL: "silent" };
    process.exit(
      await runUnder(node, [join(root, "scripts", basename(import.meta.filename)), ...process.argv.slice(2)], { env })
        .exitCode,
    );
  }
  const { minutes, seed } = readOptions();
  const { runSoak } = await loadSoak();
  progress.say(`Seed ${seed}, ${minutes} minutes of faults.`);
  const report = await runSoak({ durationMs: minutes * 60_000, seed, onProgress: (line) => progress.say(line) });
  progress.say("\nFaults");
  for (const [name, count] of Object.entries(report.faults).sort(([, a], [, b]) => b - a))
    progress.say(`  ${String(count).padStart(5)}  ${name}`);
  progress.say("Runs");
  for (const [name, count] of Object.entries(report.statuses)) progress.say(`  ${String(count).padStart(5)}  ${name}`);
  progress.say(`Effects at the provider: ${report.effects}`);
  for (const sentence of report.broken) progress.say(`✗ ${sentence}`);
  progress.say(
    report.broken.length === 0 ? "Every invariant holds." : `Broken with seed ${seed}: ${report.broken.length}.`,
  );
  process.exit(report.broken.length === 0 ? 0 : 1);
} catch (error) {
  exitWith(error);
}

function readOptions() {
  const { values } = parseArgs({ options: { minutes: { type: "string" }, seed: { type: "string" } } });
  const minutes = Number(values.minutes ?? "10");
  const seed = Number(values.seed ?? String(Math.floor(Math.random() * 1_000_000)));
  if (!(minutes > 0) || !Number.isInteger(seed)) throw new Problem("Usage: npm run soak [-- --minutes 10 --seed 1]");
  return { minutes, seed };
}

/** The same module that the test suite runs for a minute. */
async function loadSoak() {
  const { build } = await import("esbuild");
  const outfile = join(cacheDirectory, `soak-${process.pid}.mjs`);
  await build({
    entryPoints: [join(root, "lib", "worker", "faults", "testing-soak.ts")],
    outfile,
    absWorkingDir: root,
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    logLevel: "error",
  });
  try {
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(outfile, { force: true });
  }
}
