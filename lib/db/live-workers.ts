import type { System } from "@/lib/contracts/viewer";
import { workerLockClass } from "./claims";
import { execute } from "./statement";

/** How many workers are alive, seen by the locks they hold. For health checks. */
export async function countLiveWorkers(_system: System): Promise<number> {
  const { rows } = await execute<{ count: number }>({
    name: "count-workers",
    text: `SELECT count(*)::int AS count FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 2
           AND classid::bigint = ${workerLockClass} AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
  });
  return rows[0]?.count ?? 0;
}

/** Number of the living worker that comes after this one in the ring of all, or null when there is no other. */
export async function findNextWorker(_system: System, lockNumber: number): Promise<number | null> {
  const { rows } = await execute<{ number: string }>({
    name: "find-next-worker",
    text: `SELECT objid::bigint AS number FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 2
             AND classid::bigint = ${workerLockClass} AND objid::bigint <> $1
             AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
           ORDER BY objid::bigint <= $1, objid::bigint LIMIT 1`,
    values: [lockNumber],
  });
  return rows[0] ? Number(rows[0].number) : null;
}
