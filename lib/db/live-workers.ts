import type { System } from "@/lib/contracts/viewer";
import { workerLockClass } from "./claims";
import { heldLocksSql } from "./lock";
import { execute } from "./statement";

/** How many workers are alive, seen by the locks they hold: one row with `count`. */
export const countWorkersSql = `SELECT count(*)::int AS count FROM ${heldLocksSql(workerLockClass)}`;

/** How many workers are alive. */
export async function countLiveWorkers(_system: System): Promise<number> {
  const { rows } = await execute<{ count: number }>({
    name: "count-workers",
    text: countWorkersSql,
  });
  return rows[0]?.count ?? 0;
}

/** Has every worker look for runs that are free. */
export async function tellWorkers(_system: System): Promise<void> {
  await execute({ name: "tell-workers", text: "SELECT pg_notify('burgeon_runs', 'any')" });
}

/** Ends the statement that another connection of ours waits in: its client gets the code 57014, and the connection stays. */
export async function cancelStatement(_system: System, processId: number): Promise<void> {
  await execute({ name: "cancel-statement", text: "SELECT pg_cancel_backend($1)", values: [processId] });
}

/** Number of the living worker that comes after this one in the ring of all, or null when there is no other. */
export async function findNextWorker(_system: System, lockNumber: number): Promise<number | null> {
  const { rows } = await execute<{ number: string }>({
    name: "find-next-worker",
    text: `SELECT l.objid::bigint AS number FROM ${heldLocksSql(workerLockClass)} AND l.objid::bigint <> $1
           ORDER BY l.objid::bigint <= $1, l.objid::bigint LIMIT 1`,
    values: [lockNumber],
  });
  return rows[0] ? Number(rows[0].number) : null;
}
