// npm run bench [-- <name> …]: the measured claims, one file each in bench/. Prints ratios against something named and one
// table of all in the end; asserts nothing.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { ensureInstalled, root, runUnder } from "./supervisor/install.mjs";
import { exitWith, Problem } from "./supervisor/problem.mjs";
import { createProgress } from "./supervisor/progress.mjs";

try {
  const node = await ensureInstalled({ onStep: createProgress().step });
  if (process.env.BURGEON_OWN_NODE !== "1") {
    const env = { ...process.env, BURGEON_OWN_NODE: "1" };
    process.exit(
      await runUnder(node, [join(root, "scripts", basename(import.meta.filename)), ...process.argv.slice(2)], { env })
        .exitCode,
    );
  }
  const { buildAll, generateClient } = await import("./supervisor/build.mjs");
  const progress = createProgress();
  await generateClient(progress);
  await buildAll({ progress });
  const names = readdirSync(join(root, "bench"))
    .filter((name) => name.endsWith(".bench.mjs"))
    .map((name) => name.replace(".bench.mjs", ""));
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new Problem(`There is no bench "${unknown[0]}". There are: ${names.join(", ")}.`);
  await progress.step("install what the benches compare with", installOthers);
  const failed = [];
  const folder = mkdtempSync(join(tmpdir(), "burgeon-bench-results-"));
  const results = join(folder, "claims.jsonl");
  for (const name of wanted.length > 0 ? wanted : names) {
    progress.say(`\n${name}\n`);
    const env = { ...process.env, LOG_LEVEL: "error", BURGEON_BENCH_RESULTS: results };
    const code = await runUnder(node, [join(root, "bench", `${name}.bench.mjs`)], { env }).exitCode;
    if (code !== 0) failed.push(name);
  }
  await printSummary(results);
  rmSync(folder, { recursive: true, force: true });
  if (failed.length > 0) throw new Problem(`These benches did not come to their end: ${failed.join(", ")}.`);
  process.exit(0);
} catch (error) {
  exitWith(error);
}

/** bench/node_modules, from its own lock file. The product never needs it. */
async function installOthers() {
  const { hashSources, isCurrent, makeWhenChanged } = await import("./supervisor/sources.mjs");
  const hash = hashSources(["bench/package-lock.json"]);
  const target = join(root, "bench", "node_modules");
  if (isCurrent("bench-packages", hash) && existsSync(target)) return;
  const npm = process.env.npm_execpath?.endsWith(".js") ? [process.execPath, process.env.npm_execpath] : ["npm"];
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  await makeWhenChanged("bench-packages", hash, async () => {
    const child = spawn(npm[0], [...npm.slice(1), "ci", ...quiet], { cwd: join(root, "bench"), stdio: "inherit" });
    const [code] = await once(child, "exit");
    if (code !== 0) throw new Problem(`npm ci in bench/ ended with code ${code}; its message stands above.`);
  });
}

/** What every bench claimed. */
async function printSummary(results) {
  if (!existsSync(results)) return;
  const { printTable } = await import("../bench/parts/report.mjs");
  console.log("\nAll claims\n");
  printTable(
    readFileSync(results, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line)),
  );
}
