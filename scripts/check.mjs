// npm run check: Biome, types, import law, dead code, schema drift, sizes.
import { basename, join } from "node:path";
import { ensureInstalled, root, runUnder } from "./supervisor/install.mjs";
import { exitWith } from "./supervisor/problem.mjs";
import { createProgress } from "./supervisor/progress.mjs";

try {
  const node = await ensureInstalled({ onStep: createProgress().step });
  if (process.env.BURGEON_OWN_NODE === "1") {
    const { generateClient } = await import("./supervisor/build.mjs");
    const { runChecks } = await import("./supervisor/checks.mjs");
    const progress = createProgress();
    await generateClient(progress);
    const { failed } = await runChecks(progress);
    process.exit(failed === 0 ? 0 : 1);
  }
  const env = { ...process.env, BURGEON_OWN_NODE: "1" };
  const script = join(root, "scripts", basename(import.meta.filename));
  process.exit(await runUnder(node, [script], { env }).exitCode);
} catch (error) {
  exitWith(error);
}
