// For containers: brings the database of DATABASE_URL up to date and ends.
import { requireReachable } from "./database.mjs";
import { migrate, migrationsPath } from "./migrations.mjs";
import { exitWith, Problem } from "./problem.mjs";

try {
  const url = process.env.DATABASE_URL;
  if (!url) throw new Problem("Set DATABASE_URL to the database to migrate.");
  await requireReachable(url);
  const applied = await migrate(url, migrationsPath);
  console.log(applied.length === 0 ? "The database is up to date." : `Applied: ${applied.join(", ")}`);
} catch (error) {
  exitWith(error);
}
