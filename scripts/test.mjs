// npm test [-- --only check|unit|e2e]. From nothing: installs, builds, checks, tests; ends with "N passed, N failed".
import { basename, join } from "node:path";
import { ensureInstalled, root, runUnder } from "./supervisor/install.mjs";
import { exitWith } from "./supervisor/problem.mjs";
import { createProgress } from "./supervisor/progress.mjs";

try {
  const node = await ensureInstalled({ onStep: createProgress().step });
  if (process.env.BURGEON_OWN_NODE === "1") {
    const { runTests } = await import("./supervisor/tests.mjs");
    process.exit(await runTests(process.argv.slice(2)));
  }
  const env = { ...process.env, BURGEON_OWN_NODE: "1" };
  const script = join(root, "scripts", basename(import.meta.filename));
  process.exit(await runUnder(node, [script, ...process.argv.slice(2)], { env }).exitCode);
} catch (error) {
  exitWith(error);
}
