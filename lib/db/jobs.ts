import { PgBoss } from "pg-boss";
import { env } from "@/lib/env";
import { logger } from "@/lib/logger";
import type { System } from "@/lib/contracts/viewer";
import { pool } from "./client";

/** What is done later, by whichever worker has a hand free. The jobs hold ids only, never what is private. */
export interface JobData {
  "sync-connection": { userId: string; connectionId: string };
  "find-due": Record<string, never>;
  "clean-up": Record<string, never>;
}
export type JobName = keyof JobData;

const schema = "jobs";
const options = {
  "sync-connection": { policy: "stately", retryLimit: 3, retryBackoff: true, expireInSeconds: 15 * 60, notify: true },
  "find-due": { policy: "stately", retryLimit: 0, expireInSeconds: 60 },
  "clean-up": { policy: "stately", retryLimit: 2, expireInSeconds: 10 * 60 },
} as const satisfies Record<JobName, object>;
const schedules: Partial<Record<JobName, string>> = { "find-due": "* * * * *", "clean-up": "17 3 * * *" };
/** While a job is held by a worker that died, none of its like is taken. 10 s is the least there is. */
const heartbeatSeconds = 10;
/** How soon a worker that died is noticed after its heartbeat, and a job that waited for a try again. */
const superviseSeconds = 5;
const keptSeconds = 24 * 60 * 60;
const farewellMs = 10_000;

interface Sender {
  url: string;
  boss: Promise<PgBoss>;
}
// One per process, kept over reloads of this module by the development server.
const held = globalThis as typeof globalThis & { burgeonJobs?: Sender };

/**
 * Asks for a synchronisation now. However often it is asked, one waits and one runs per connection; one that runs already may
 * have read what is older than what this is about, so one more waits.
 * @param afterSeconds not before so much time has passed
 */
export async function requestSync(
  { userId, connectionId }: JobData["sync-connection"],
  afterSeconds = 0,
): Promise<void> {
  const boss = await sender();
  await boss.send(
    "sync-connection",
    { userId, connectionId },
    { singletonKey: connectionId, startAfter: afterSeconds },
  );
}

export interface JobQueue {
  name: JobName;
  waiting: number;
  active: number;
  failed: number;
}

/** How much there is to do, by kind of work. For metrics and Health. */
export async function listJobQueues(_caller: System): Promise<JobQueue[]> {
  // Makes the schema where no worker has yet. The queue's own counts are as old as its last round of monitoring.
  await sender();
  const { rows } = await pool().query<JobQueue>(
    `SELECT q.name, count(*) FILTER (WHERE j.state IN ('created', 'retry'))::int AS waiting,
       count(*) FILTER (WHERE j.state = 'active')::int AS active, count(*) FILTER (WHERE j.state = 'failed')::int AS failed
     FROM unnest($1::text[]) q(name) LEFT JOIN ${schema}.job j ON j.name = q.name GROUP BY q.name ORDER BY q.name`,
    [Object.keys(options)],
  );
  return rows;
}

export type JobHandlers = { [Name in JobName]: (data: JobData[Name], signal: AbortSignal) => Promise<void> };

/** Takes jobs until it is stopped. What it was at is taken up again by another worker. */
export async function workOnJobs(_caller: System, handlers: JobHandlers): Promise<{ stop(): Promise<void> }> {
  const boss = new PgBoss({
    connectionString: env().DATABASE_URL,
    application_name: "burgeon-jobs",
    schema,
    max: 3,
    useListenNotify: true,
    superviseIntervalSeconds: superviseSeconds,
    monitorIntervalSeconds: superviseSeconds,
  });
  boss.on("error", (cause) => logger.warn({ room: "jobs", cause: cause.message }, "the job queue met a fault"));
  await boss.start();
  await makeQueues(boss);
  for (const [name, cron] of Object.entries(schedules)) await boss.schedule(name, cron);
  for (const name of Object.keys(options) as JobName[]) await take(boss, name, handlers);
  // Nobody should wait a minute for what became due while no worker was there, nor for one that died while it looked.
  await handlers["find-due"]({}, AbortSignal.timeout(farewellMs));
  return { stop: () => boss.stop({ graceful: true, timeout: farewellMs }) };
}

async function take<Name extends JobName>(boss: PgBoss, name: Name, handlers: JobHandlers): Promise<void> {
  const localConcurrency = name === "sync-connection" ? 4 : 1;
  const pace = { localConcurrency, batchSize: 1, notifyPollingIntervalSeconds: superviseSeconds };
  await boss.work<JobData[Name]>(name, pace, async ([job]) => {
    if (job) await handlers[name](job.data, job.signal);
  });
}

/** For asking only: it works on nothing and watches nothing, over the pool that everything else here uses. */
async function sender(): Promise<PgBoss> {
  const url = env().DATABASE_URL;
  if (held.burgeonJobs?.url !== url) held.burgeonJobs = { url, boss: startSender() };
  try {
    return await held.burgeonJobs.boss;
  } catch (cause) {
    // The next one who asks tries again.
    held.burgeonJobs = undefined;
    throw cause;
  }
}

async function startSender(): Promise<PgBoss> {
  const db = { executeSql: (text: string, values?: unknown[]) => pool().query(text, values) };
  const boss = new PgBoss({ db, schema, supervise: false, schedule: false });
  boss.on("error", (cause) => logger.warn({ room: "jobs", cause: cause.message }, "the job queue met a fault"));
  await boss.start();
  await makeQueues(boss);
  return boss;
}

async function makeQueues(boss: PgBoss): Promise<void> {
  for (const [name, { policy, ...own }] of Object.entries(options)) {
    const rest = { ...own, heartbeatSeconds, deleteAfterSeconds: keptSeconds };
    await boss.createQueue(name, { policy, ...rest });
    // One that is there already keeps what it was made with, perhaps by an older version.
    await boss.updateQueue(name, rest);
  }
}
