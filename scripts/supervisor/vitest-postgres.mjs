import pg from "pg";
import { migrate, migrationsPath } from "./migrations.mjs";
import { startTemporaryPostgres } from "./temporary-postgres.mjs";

/** vitest's globalSetup: one PostgreSQL for the whole run, with the migrated database that test files copy. */
export default async function setup(project) {
  const server = await startTemporaryPostgres();
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  await client.query("create database template");
  await client.end();
  const template = new URL(server.url);
  template.pathname = "/template";
  await migrate(template.href, migrationsPath);
  project.provide("postgresUrl", server.url);
  return () => server.stop();
}
