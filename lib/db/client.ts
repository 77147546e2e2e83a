import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { env } from "@/lib/env";
import { logger } from "@/lib/logger";
import { PrismaClient } from "./generated/client";

interface Connections {
  url: string;
  pool: pg.Pool;
  prisma: PrismaClient;
}

// Next's development server loads modules anew on every change; the pool must survive that.
const held = globalThis as typeof globalThis & { burgeonDatabase?: Connections };

/** The typed client for everything that is not on the hot path of a run. */
export function prisma(): PrismaClient {
  return connections().prisma;
}

/** The pool below it, for named statements: one round trip, prepared once per connection. */
export function pool(): pg.Pool {
  return connections().pool;
}

export type DedicatedConnection = pg.Client;

/** Longer than any of our statements takes; the database that is silent for so long is not there. */
export const queryTimeoutMs = 10_000;

/** A connection of its own, for LISTEN and for session locks. The caller ends it, and need not listen for its errors. */
export async function dedicatedConnection(name: string, timeoutMs?: number): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: env().DATABASE_URL,
    application_name: `burgeon-${name}`,
    keepAlive: true,
    connectionTimeoutMillis: 5000,
    ...(timeoutMs === undefined ? {} : { query_timeout: timeoutMs }),
  });
  hear(client);
  await client.connect();
  return client;
}

/**
 * An error event that nobody hears ends the process. A server that is shutting down may say so in the very packet in which it says
 * that the connection stands, and so before whoever asked for it can listen; what uses the connection fails all the same.
 */
function hear(client: pg.ClientBase): void {
  client.on("error", () => undefined);
}

/** Ends all connections; the next use opens new ones. */
export async function closeDatabase(): Promise<void> {
  const current = held.burgeonDatabase;
  held.burgeonDatabase = undefined;
  if (!current) return;
  await current.prisma.$disconnect();
  await current.pool.end();
}

function connections(): Connections {
  const url = env().DATABASE_URL;
  if (held.burgeonDatabase?.url === url) return held.burgeonDatabase;
  const pool = new pg.Pool({
    connectionString: url,
    max: 10,
    application_name: "burgeon",
    keepAlive: true,
    connectionTimeoutMillis: 5000,
    // A person pauses between two questions; making the connections anew would cost the next one more than its answer.
    idleTimeoutMillis: 10 * 60_000,
    query_timeout: queryTimeoutMs,
    idle_in_transaction_session_timeout: 5000,
  });
  // An idle connection that breaks (server restart) is replaced by the pool; without a listener it would end the process.
  pool.on("error", (cause) => logger.warn({ room: "db", cause: cause.message }, "idle database connection lost"));
  pool.on("connect", hear);
  const created = { url, pool, prisma: new PrismaClient({ adapter: new PrismaPg(pool) }) };
  held.burgeonDatabase = created;
  return created;
}
