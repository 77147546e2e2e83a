// npm run burgeon -- <command>. Brings what it needs, finds the database of this installation, runs dist/burgeon.mjs.
import { basename, join } from "node:path";
import { ensureInstalled, root, runUnder } from "./supervisor/install.mjs";
import { exitWith } from "./supervisor/problem.mjs";

try {
  // Standard output belongs to the command's answer.
  const node = await ensureInstalled({ output: "stderr" });
  if (process.env.BURGEON_OWN_NODE === "1") {
    const { runCommand } = await import("./supervisor/command.mjs");
    process.exit(await runCommand(process.argv.slice(2)));
  }
  const env = { ...process.env, BURGEON_OWN_NODE: "1" };
  const script = join(root, "scripts", basename(import.meta.filename));
  process.exit(await runUnder(node, [script, ...process.argv.slice(2)], { env }).exitCode);
} catch (error) {
  exitWith(error);
}
