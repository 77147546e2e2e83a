// The product's own PostgreSQL with the settings it has in production (fsync and synchronous commit on), in a temporary
// folder, and with statistics of statements switched on.
import { randomBytes } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { takeLock } from "../../scripts/supervisor/lock.mjs";
import { migrate, migrationsPath } from "../../scripts/supervisor/migrations.mjs";
import { startPostgres } from "../../scripts/supervisor/postgres.mjs";

/** What the supervisor clears when its owner is gone, so a bench that was killed leaves nothing for ever. */
const prefix = "burgeon-temporary-";
const settings = {
  shared_preload_libraries: "pg_stat_statements",
  max_connections: 120,
  // No checkpoint while a bench measures: it would fall on one of the two sides only.
  checkpoint_timeout: "1h",
  max_wal_size: "8GB",
  autovacuum: "off",
};

/** Runs `work` with a server and removes it afterwards. Each side of a comparison gets a database of its own on it. */
export async function withPostgres(work) {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  chmodSync(folder, 0o711);
  const lock = takeLock(join(folder, "running.json"));
  const server = await startPostgres({
    cluster: join(folder, "cluster"),
    password: randomBytes(18).toString("base64url"),
    logPath: join(folder, "postgres.log"),
    settings,
  });
  const endHard = () => server.process.kill("SIGQUIT");
  process.once("exit", endHard);
  // Ctrl-C ends the bench through the line above.
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));
  const admin = new pg.Client({ connectionString: server.url });
  await admin.connect();
  try {
    await admin.query("CREATE EXTENSION pg_stat_statements");
    return await work({
      pid: server.process.pid,
      admin,
      adminUrl: server.url,
      createDatabase: (name, options) => createDatabase(admin, server.url, name, options),
    });
  } finally {
    await admin.end();
    process.off("exit", endHard);
    await server.stop();
    lock.release();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** An empty database, or one with the product's tables. @returns its address */
async function createDatabase(admin, serverUrl, name, { isMigrated = false } = {}) {
  await admin.query(`CREATE DATABASE ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  if (isMigrated) await migrate(url.href, migrationsPath);
  return url.href;
}

/** Statements that clients have sent to this database so far. */
export async function countStatements(admin, name) {
  const { rows } = await admin.query(
    `SELECT COALESCE(sum(calls), 0)::int AS count FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid
     WHERE d.datname = $1`,
    [name],
  );
  return rows[0].count;
}
