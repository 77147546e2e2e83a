import { setTimeout as pause } from "node:timers/promises";
import type pg from "pg";
import { dedicatedConnection, pool, queryTimeoutMs } from "./client";

/** A prepared statement: planned once per connection under its name. */
export interface Statement {
  name: string;
  text: string;
  values?: unknown[];
}

export interface Queryable {
  query<Row extends pg.QueryResultRow>(statement: Statement): Promise<pg.QueryResult<Row>>;
}

// serialization_failure and deadlock_detected: the server undid everything, so doing it again is right.
const conflictCodes: readonly string[] = ["40001", "40P01"];
const maxTries = 5;
/** Errors that a statement ended with: a refused connection of somebody else's HTTP client is no outage of the database. */
const fromDatabase = new WeakSet<Error>();

/**
 * Runs one statement on the pool; a conflict with another transaction is tried again, with jitter, a bounded number of times.
 * One that only reads and lost its connection is asked once more: a connection that waited in the pool may have been dead.
 * Of anything else nobody knows whether it was done, so its caller is told.
 */
export async function execute<Row extends pg.QueryResultRow>(statement: Statement): Promise<pg.QueryResult<Row>> {
  return retryConflicts(async () => {
    try {
      return await pool().query<Row>(statement);
    } catch (cause) {
      if (!isConnectionLoss(cause) || !isRead(statement)) throw cause;
      return askAnew<Row>(statement);
    }
  });
}

/** The same in the caller's own transaction, where there is one: what fails there is tried again by the whole of it. */
export async function executeOn<Row extends pg.QueryResultRow>(
  client: Queryable | undefined,
  statement: Statement,
): Promise<pg.QueryResult<Row>> {
  return client ? client.query<Row>(statement) : execute<Row>(statement);
}

/** Several statements that hold together or not at all. */
export async function inTransaction<Result>(work: (client: Queryable) => Promise<Result>): Promise<Result> {
  return retryConflicts(async () => {
    const client = await pool().connect();
    let isBroken = false;
    const onError = () => {
      isBroken = true;
    };
    // A connection that breaks also says so as an event, and an event that nobody hears ends the process.
    client.on("error", onError);
    try {
      await client.query("BEGIN");
      const result = await work(client);
      await client.query("COMMIT");
      return result;
    } catch (cause) {
      await client.query("ROLLBACK").catch(() => {
        isBroken = true;
      });
      throw cause;
    } finally {
      client.release(isBroken);
      client.removeListener("error", onError);
    }
  });
}

/** True when the database cannot be reached or is going down or full: trying later makes sense, the work itself is not to blame. */
export function isDatabaseOutage(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false;
  // Prisma has codes of its own: https://www.prisma.io/docs/orm/reference/error-reference
  if ("code" in cause && /^P(1001|1002|1008|1017|2024|2037)$/.test(String(cause.code))) return true;
  if (!fromDatabase.has(cause)) return false;
  const code = "code" in cause ? String(cause.code) : "";
  // Class 08 connection, 53 resources, 57P shutdown, 25006 read-only after a failover; then the socket's own errors.
  if (
    /^(08|53|57P)|^25006$|^25P03$|^EHOSTUNREACH$|^ENETUNREACH$|^EAI_AGAIN$|^ECONN|^EPIPE$|^ENOTFOUND$|^ETIMEDOUT$/.test(
      code,
    )
  )
    return true;
  return /Query read timeout|Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/.test(
    cause.message,
  );
}

/** On a connection of its own, because others in the pool may be dead as well and none of them knows it yet. */
async function askAnew<Row extends pg.QueryResultRow>(statement: Statement): Promise<pg.QueryResult<Row>> {
  const client = await dedicatedConnection("retry", queryTimeoutMs);
  try {
    return await client.query<Row>(statement);
  } finally {
    await client.end();
  }
}

/** True when the text can only read: no lock is taken and no function is called that could change something. */
function isRead({ text }: Statement): boolean {
  return (
    /^SELECT\b/.test(text) &&
    !/\bINTO\b|\bFOR\s+(?:UPDATE|SHARE|NO\s+KEY|KEY)\b|\b(?:pg_\w+|nextval|setval|set_config)\s*\(/i.test(text)
  );
}

/** The connection was there and broke. The server going down (57P01) says so on connections that wait in the pool. */
function isConnectionLoss(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false;
  const code = "code" in cause ? String(cause.code) : "";
  return (
    /^(?:57P01|ECONNRESET|EPIPE)$/.test(code) ||
    /Connection terminated|Client has encountered a connection error/.test(cause.message)
  );
}

async function retryConflicts<Result>(attempt: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (cause) {
      if (cause instanceof Error) fromDatabase.add(cause);
      const isConflict = cause instanceof Error && "code" in cause && conflictCodes.includes(String(cause.code));
      if (!isConflict || tries >= maxTries) throw cause;
      await pause(Math.random() * 20 * 2 ** tries);
    }
  }
}
