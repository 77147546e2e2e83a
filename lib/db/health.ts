import type { System } from "@/lib/contracts/viewer";
import { workerLockClass } from "./claims";
import { pool } from "./client";

export interface DatabaseHealth {
  /** Names of the migrations that are in. */
  migrations: string[];
  /** Live workers, by the locks they hold. */
  workers: number;
}

/** What Health asks the database; throws when it does not answer. */
export async function readDatabaseHealth(_caller: System): Promise<DatabaseHealth> {
  const migrations = await pool().query<{ name: string }>(
    `select migration_name as name from _prisma_migrations where finished_at is not null and rolled_back_at is null order by 1`,
  );
  const workers = await pool().query<{ count: number }>(
    `select count(*)::int as count from pg_locks where locktype = 'advisory' and classid::bigint = $1 and objsubid = 2 and granted
     and database = (select oid from pg_database where datname = current_database())`,
    [workerLockClass],
  );
  return { migrations: migrations.rows.map((row) => row.name), workers: workers.rows[0]?.count ?? 0 };
}
