import { join } from "node:path";
import { run } from "./build.mjs";
import { root } from "./install.mjs";
import { migrationsPath, schemaPath } from "./migrations.mjs";
import { Problem } from "./problem.mjs";
import { diffMigrations } from "./schema-diff.mjs";
import { findTooLarge } from "./sizes.mjs";
import { withTemporaryPostgres } from "./temporary-postgres.mjs";

const tool = (path) => join(root, "node_modules", path);
const env = { ...process.env, NO_COLOR: "1", NODE_ENV: "development" };

const checks = {
  "Biome (format, lint)": () => run("Biome", [tool("@biomejs/biome/bin/biome"), "check", "--max-diagnostics=40"], env),
  types: () => run("TypeScript", [tool("typescript/bin/tsc"), "--noEmit", "-p", "."], env),
  "import law": () =>
    run(
      "dependency-cruiser",
      [
        tool("dependency-cruiser/bin/dependency-cruiser.mjs"),
        "--config",
        ".dependency-cruiser.cjs",
        "app",
        "components",
        "lib",
        "modules",
        "proxy.ts",
      ],
      env,
    ),
  "dead code": () => run("knip", [tool("knip/bin/knip.js"), "--no-progress"], env),
  "schema and migrations": checkSchema,
  sizes: checkSizes,
};

/** All checks, whatever fails. `{ passed, failed }`. */
export async function runChecks(progress) {
  const result = { passed: 0, failed: 0 };
  for (const [name, check] of Object.entries(checks)) {
    try {
      await progress.step(name, check);
      result.passed += 1;
    } catch (cause) {
      result.failed += 1;
      progress.say(cause instanceof Problem ? cause.message : cause.stack);
    }
  }
  return result;
}

async function checkSchema() {
  const sql = await withTemporaryPostgres(({ url }) => diffMigrations(url, { schemaPath, migrationsPath }));
  if (sql !== "") throw new Problem(`The migrations do not lead to prisma/schema.prisma. Missing:\n${sql}`);
}

async function checkSizes() {
  const tooLarge = findTooLarge();
  if (tooLarge.length > 0) throw new Problem(tooLarge.join("\n"));
}
