import { dedicatedConnection } from "./client";

/** What a lock is about; the number is its class among PostgreSQL's advisory locks. */
const lockClasses = { "connection-sync": 0x53594e43, "connection-tokens": 0x544f4b4e, undo: 0x554e444f } as const;
export type LockName = keyof typeof lockClasses;
const waitMs = 30_000;

/**
 * Does the work while no other process does the same for this id. It is a lock of a session, not of a transaction, so that
 * requests to others may be made meanwhile, and it falls with the process.
 * @param options.wait false: @returns null at once when another one has it
 * @throws when another one keeps it for longer than 30 s
 */
export async function withLock<Result>(
  name: LockName,
  id: string,
  options: { wait: boolean },
  work: () => Promise<Result>,
): Promise<Result | null> {
  const client = await dedicatedConnection("lock");
  // Should it break, the lock is gone, and the work's own guards hold.
  try {
    const values = [lockClasses[name], id];
    if (options.wait) {
      await client.query(`SET lock_timeout = ${waitMs}`);
      await client.query("SELECT pg_advisory_lock($1, hashtext($2))", values);
    } else {
      const { rows } = await client.query<{ got: boolean }>(
        "SELECT pg_try_advisory_lock($1, hashtext($2)) AS got",
        values,
      );
      if (!rows[0]?.got) return null;
    }
    return await work();
  } finally {
    await client.end();
  }
}

/** SQL: is the lock of this id held by anybody? `id` is an expression. */
export function isLocked(name: LockName, id: string): string {
  return `EXISTS (SELECT 1 FROM ${heldLocksSql(lockClasses[name])} AND l.objid::bigint = (hashtext(${id})::bigint & 4294967295))`;
}

/** SQL after FROM: the advisory locks of this class, with two keys, that are held in this database, as `l`. Go on with AND. */
export function heldLocksSql(lockClass: number): string {
  return `pg_locks l WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND l.classid::bigint = ${lockClass}`;
}
