// npm start [-- --demo | --dev]. Runs under any Node ≥ 20 before anything is installed; hands over to the supervisor,
// which runs under the Node from node_modules.
import { join } from "node:path";
import { ensureInstalled, root, runUnder } from "./supervisor/install.mjs";
import { exitWith, Problem } from "./supervisor/problem.mjs";
import { createProgress } from "./supervisor/progress.mjs";

try {
  const unknown = process.argv.slice(2).filter((argument) => !["--demo", "--dev"].includes(argument));
  if (unknown.length > 0)
    throw new Problem(`Unknown option ${unknown[0]}. Usage: npm start | npm run demo | npm run dev`);
  const { step } = createProgress();
  const node = await ensureInstalled({ onStep: step });
  const script = join(root, "scripts", "supervisor.mjs");
  // Its standard input is a pipe that ends with this process, and it has its own process group, so that it hears of
  // Ctrl-C once, from here.
  const supervisor = runUnder(node, [script, ...process.argv.slice(2)], {
    stdio: ["pipe", "inherit", "inherit"],
    detached: true,
  });
  stopWithParent(supervisor.child);
  process.exit(await supervisor.exitCode);
} catch (error) {
  exitWith(error);
}

/** Started by npm and npm was killed: nobody could stop us any more, so stop. */
function stopWithParent(child) {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && child.kill("SIGTERM"), 1000).unref();
}
