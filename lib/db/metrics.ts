import type { System } from "@/lib/contracts/viewer";
import { listJobQueues } from "./jobs";
import { execute } from "./statement";
import { readDatabaseHealth } from "./health";

/** One number of the installation: counted in the database, so it is true whichever process is asked, and after a restart. */
export interface Sample {
  name: string;
  help: string;
  /** `counter` only grows. */
  type: "gauge" | "counter";
  labels: Record<string, string>;
  value: number;
}

interface Count {
  labels: Record<string, string>;
  value: string;
}

const day = "current_date";
/** Name, what it is, and the statement that counts it by its labels. */
const counted: readonly [name: string, help: string, type: Sample["type"], text: string][] = [
  [
    "burgeon_runs",
    "Runs by status and kind",
    "gauge",
    `SELECT jsonb_build_object('status', status, 'kind', kind) AS labels, count(*)::text AS value FROM "Run" GROUP BY status, kind`,
  ],
  [
    "burgeon_run_waiting_seconds",
    "How long the oldest run that is due has waited for a worker",
    "gauge",
    `SELECT '{}'::jsonb AS labels, coalesce(greatest(0, extract(epoch FROM clock_timestamp() - min("nextAt"))), 0)::text AS value FROM "Run" WHERE status = 'queued'`,
  ],
  [
    "burgeon_approvals_pending",
    "Questions that wait for a person",
    "gauge",
    `SELECT '{}'::jsonb AS labels, count(*)::text AS value FROM "Approval" WHERE status = 'pending'`,
  ],
  [
    "burgeon_effects_total",
    "Effects by state; unknown ones wait for a person",
    "counter",
    `SELECT jsonb_build_object('state', state) AS labels, count(*)::text AS value FROM "Effect" GROUP BY state`,
  ],
  [
    "burgeon_tokens_today",
    "Tokens used today (UTC), by direction",
    "gauge",
    `SELECT jsonb_build_object('direction', d.direction) AS labels, coalesce(sum(CASE d.direction WHEN 'input' THEN u."inputTokens" ELSE u."outputTokens" END), 0)::text AS value
     FROM (VALUES ('input'), ('output')) d(direction) LEFT JOIN "Usage" u ON u.day = ${day} GROUP BY d.direction`,
  ],
  [
    "burgeon_connections",
    "Connections by adapter and state",
    "gauge",
    `SELECT jsonb_build_object('adapter', adapter, 'state', CASE WHEN state = 'active' AND failures > 0 THEN 'trouble' ELSE state END) AS labels, count(*)::text AS value
     FROM "Connection" GROUP BY 1`,
  ],
  [
    "burgeon_connection_overdue_seconds",
    "How late the connection is that should have been synchronised first",
    "gauge",
    `SELECT '{}'::jsonb AS labels, coalesce(greatest(0, extract(epoch FROM clock_timestamp() - min("nextAt"))), 0)::text AS value FROM "Connection" WHERE state <> 'needs_reauth'`,
  ],
  [
    "burgeon_modules",
    "Modules by state",
    "gauge",
    `SELECT jsonb_build_object('state', state) AS labels, count(*)::text AS value FROM "Module" GROUP BY state`,
  ],
];

/** Everything that is counted for Prometheus. Totals of the installation: nothing of a single person. */
export async function readMetrics(caller: System): Promise<Sample[]> {
  const [counts, queues, { workers }] = await Promise.all([
    Promise.all(counted.map(([name, , , text]) => execute<Count>({ name: `metric-${name}`, text }))),
    listJobQueues(caller),
    readDatabaseHealth(caller),
  ]);
  const samples = counted.flatMap(([name, help, type], index) =>
    (counts[index]?.rows ?? []).map(({ labels, value }) => ({ name, help, type, labels, value: Number(value) })),
  );
  const jobs = queues.flatMap(({ name: queue, waiting, active, failed }) =>
    Object.entries({ waiting, active, failed }).map(([state, value]) => ({
      ...{ name: "burgeon_jobs", help: "Jobs by queue and state; failed ones of the last day", type: "gauge" as const },
      ...{ labels: { queue, state }, value },
    })),
  );
  const alive = { name: "burgeon_workers", help: "Live workers", type: "gauge" as const, labels: {}, value: workers };
  return [...samples, ...jobs, alive];
}
