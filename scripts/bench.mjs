// npm run bench [-- <name>]: the measured claims, one file each in bench/. Prints ratios against something named; asserts nothing.
import { readdirSync } from "node:fs";
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
  for (const name of wanted.length > 0 ? wanted : names) {
    progress.say(`\n${name}`);
    const code = await runUnder(node, [join(root, "bench", `${name}.bench.mjs`)], {
      env: { ...process.env, LOG_LEVEL: "error" },
    }).exitCode;
    if (code !== 0) throw new Problem(`The bench ${name} ended with code ${code}.`);
  }
  process.exit(0);
} catch (error) {
  exitWith(error);
}
