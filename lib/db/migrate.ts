import { createHash, randomUUID } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";

// This file imports nothing of ours, so that Node can run it as it stands before anything is built.

interface Migration {
  name: string;
  sql: string;
  checksum: string;
}

/** One number for all Burgeon processes that migrate the same database ("burg" as ASCII). */
const migrationLock = 0x62757267;
/** A migration of a large table may take its time; waiting for ever would hide a process that hangs. */
const lockTimeoutMs = 10 * 60_000;

/**
 * Brings the database up to the migrations in the folder and returns the names of those it applied. Each is one
 * transaction: it happens whole or not at all. Keeps Prisma's own `_prisma_migrations` table, so that
 * `prisma migrate deploy` agrees. Safe to call from several processes at once.
 *
 * Throws when the database knows a migration that the folder does not (a newer Burgeon wrote it) or another text of one.
 */
export async function migrate(url: string, migrationsPath: string): Promise<string[]> {
  const migrations = await readMigrations(migrationsPath);
  const client = new pg.Client({ connectionString: url, application_name: "burgeon-migrate" });
  await client.connect();
  try {
    // A session lock: PostgreSQL lets go of it by itself when this process dies.
    await client.query(`set lock_timeout = ${lockTimeoutMs}`);
    await client.query("select pg_advisory_lock($1)", [migrationLock]);
    await client.query(migrationsTable);
    const pending = await findPending(client, migrations);
    for (const migration of pending) await apply(client, migration);
    return pending.map((migration) => migration.name);
  } finally {
    await client.end();
  }
}

/** As Prisma's schema engine 7 creates it. */
const migrationsTable = `
  create table if not exists _prisma_migrations (
    id varchar(36) primary key not null,
    checksum varchar(64) not null,
    finished_at timestamptz,
    migration_name varchar(255) not null,
    logs text,
    rolled_back_at timestamptz,
    started_at timestamptz not null default now(),
    applied_steps_count integer not null default 0
  )`;

async function findPending(client: pg.Client, migrations: Migration[]): Promise<Migration[]> {
  const { rows } = await client.query<{ migration_name: string; checksum: string; finished_at: Date | null }>(
    "select migration_name, checksum, finished_at from _prisma_migrations where rolled_back_at is null",
  );
  const known = new Map(migrations.map((migration) => [migration.name, migration]));
  for (const row of rows) {
    const migration = known.get(row.migration_name);
    if (!migration)
      throw new Error(`the database was written by a newer Burgeon (it has the migration ${row.migration_name})`);
    if (!row.finished_at)
      throw new Error(`the migration ${row.migration_name} was begun by another tool and not finished`);
    if (row.checksum !== migration.checksum) {
      throw new Error(`the migration ${row.migration_name} was changed after this database had received it`);
    }
  }
  const applied = new Set(rows.map((row) => row.migration_name));
  return migrations.filter((migration) => !applied.has(migration.name));
}

async function apply(client: pg.Client, { name, sql, checksum }: Migration): Promise<void> {
  await client.query("begin");
  try {
    await client.query(sql);
    await client.query(
      `insert into _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
       values ($1, $2, $3, clock_timestamp(), 1)`,
      [randomUUID(), checksum, name],
    );
    await client.query("commit");
  } catch (cause) {
    await client.query("rollback");
    throw new Error(`the migration ${name} failed and was undone: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    });
  }
}

async function readMigrations(migrationsPath: string): Promise<Migration[]> {
  const entries = await readdir(migrationsPath, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return await Promise.all(
    names.sort().map(async (name) => {
      const sql = await readFile(join(migrationsPath, name, "migration.sql"), "utf8");
      return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
    }),
  );
}
