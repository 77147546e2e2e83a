import type { System } from "@/lib/contracts/viewer";
import { pool } from "./client";
import { countWorkersSql } from "./live-workers";

export interface DatabaseHealth {
  /** Names of the migrations that are in. */
  migrations: string[];
  /** Live workers, by the locks they hold. */
  workers: number;
}

// Whoever asks whether something is well does not wait for what is not.
const patienceMs = 3000;

/** What Health asks the database; throws when it does not answer within three seconds. */
export async function readDatabaseHealth(caller: System): Promise<DatabaseHealth> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("the database does not answer")), patienceMs);
  });
  try {
    return await Promise.race([read(caller), silence]);
  } finally {
    clearTimeout(timer);
  }
}

async function read(_caller: System): Promise<DatabaseHealth> {
  const migrations = await pool().query<{ name: string }>(
    `select migration_name as name from _prisma_migrations where finished_at is not null and rolled_back_at is null order by 1`,
  );
  const workers = await pool().query<{ count: number }>(countWorkersSql);
  return { migrations: migrations.rows.map((row) => row.name), workers: workers.rows[0]?.count ?? 0 };
}
