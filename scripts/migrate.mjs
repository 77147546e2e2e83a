// npm run migrate -- apply | check | create <name>
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { ensureInstalled, root, runUnder } from "./supervisor/install.mjs";
import { exitWith, Problem } from "./supervisor/problem.mjs";

const isUnderOwnNode = process.env.BURGEON_OWN_NODE === "1";
if (isUnderOwnNode) {
  await main(process.argv.slice(2)).catch(exitWith);
} else {
  try {
    const node = await ensureInstalled();
    const env = { ...process.env, BURGEON_OWN_NODE: "1" };
    process.exit(
      await runUnder(node, [join(root, "scripts", basename(import.meta.filename)), ...process.argv.slice(2)], { env })
        .exitCode,
    );
  } catch (error) {
    exitWith(error);
  }
}

async function main([command, name]) {
  const { migrate, migrationsPath, schemaPath } = await import("./supervisor/migrations.mjs");
  if (command === "apply") {
    if (!process.env.DATABASE_URL)
      throw new Problem("Set DATABASE_URL to the database to migrate; `npm start` does this by itself for its own.");
    const applied = await migrate(process.env.DATABASE_URL, migrationsPath);
    console.log(applied.length === 0 ? "Nothing to apply." : `Applied: ${applied.join(", ")}`);
    return;
  }
  if (command !== "check" && !(command === "create" && /^[a-z0-9][a-z0-9_]*$/.test(name ?? ""))) {
    throw new Problem("Usage: npm run migrate -- apply | check | create <name_in_lower_case>");
  }
  const { diffMigrations } = await import("./supervisor/schema-diff.mjs");
  const { withTemporaryPostgres } = await import("./supervisor/temporary-postgres.mjs");
  const sql = await withTemporaryPostgres(({ url }) => diffMigrations(url, { schemaPath, migrationsPath }));
  if (command === "check") {
    if (sql !== "") throw new Problem(`The migrations do not lead to prisma/schema.prisma. Missing:\n${sql}`);
    console.log("Schema and migrations agree.");
    return;
  }
  if (sql === "") throw new Problem("Schema and migrations agree already: nothing to create.");
  const stamp = new Date().toISOString().replace(/\D/g, "").slice(0, 14);
  const folder = join(migrationsPath, `${stamp}_${name}`);
  if (!existsSync(folder)) mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "migration.sql"), sql);
  console.log(`Written: ${join(folder, "migration.sql")}. Read it before committing.`);
}
