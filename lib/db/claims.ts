import { type EventPayload, logVersion, type NewEvent } from "@/lib/contracts/conversation";
import type { Role, System } from "@/lib/contracts/viewer";
import { LostRunError } from "./events";
import { leaseMs } from "./lease";
import { heldLocksSql } from "./lock";
import { noticeSql } from "./notice";
import { execute, executeOn, inTransaction, type Queryable } from "./statement";
import { toStorableJson } from "./storable-json";

/** A run may lose this many workers in a row, without any progress between, before it is given up. */
export const maxRecoveries = 5;

/** A run that has lost this many is taken by a worker that does nothing else, and so takes nobody's work along if it is to blame. */
export const aloneAfter = 3;

/** First key of the session locks that workers hold while they live; the second is the worker's number. "Burg" in ASCII. */
export const workerLockClass = 0x42757267;

export interface ClaimedRun {
  runId: string;
  conversationId: string;
  userId: string;
  role: Role;
  kind: "chat" | "build";
  input: { buildId?: string };
  /** Raised by every claim; every write names it. */
  fence: number;
  /** How many workers took it in turn without getting on; 1 again as soon as it does. */
  attempt: number;
  stopRequested: boolean;
}

/** How a worker is called in the log and in `Run.owner`; the number is what it holds its lock on. */
export function workerName(lockNumber: number): string {
  return `worker-${lockNumber}`;
}

// Runs whose owner no longer holds its session lock belong to a dead process and are free at once; a vanished machine, whose
// connection the database still believes in, is covered by the lease. Only the database's clock is asked. The locks are looked up
// once for all runs.
const freeCondition = `(r."leaseUntil" IS NULL OR r."leaseUntil" < clock_timestamp()
  OR COALESCE(r.owner, '') <> ALL (ARRAY(SELECT 'worker-' || l.objid::text FROM ${heldLocksSql(workerLockClass)})))`;

// Answers of one conversation are given one after the other, in the order of their questions. A run that waits blocks nobody.
const turnCondition = `(r.kind <> 'chat' OR NOT EXISTS (SELECT 1 FROM "Run" o
  WHERE o."conversationId" = r."conversationId" AND o.kind = 'chat' AND o.id <> r.id
    AND ((o.status = 'running' AND (r.status = 'queued' OR (o."createdAt", o.id) < (r."createdAt", r.id)))
      OR (o.status = 'queued' AND r.status = 'queued' AND (o."createdAt", o.id) < (r."createdAt", r.id)))))`;

// The column rounds to milliseconds: without the extra one, what is due now would not always be. Of several free runs all are
// taken, unless the first of them has taken too many workers with it: that one is taken alone, and never beside others. A build and
// an answer may belong to one conversation: their events are numbered in turn.
const claimSql = `
WITH free AS (
  SELECT r.id, r.attempts FROM "Run" r
  WHERE r.status IN ('queued', 'running') AND r."nextAt" <= clock_timestamp() + interval '1 ms' AND ${freeCondition}
    AND r.attempts <= ${maxRecoveries} AND ($3::boolean IS FALSE OR r.kind = 'chat') AND ($4::boolean OR r.attempts < ${aloneAfter}) AND r.id <> ALL($5::text[]) AND ${turnCondition}
  ORDER BY r."nextAt" FOR UPDATE SKIP LOCKED LIMIT $6
), first AS (
  SELECT id, attempts FROM free LIMIT 1
), taken AS (
  SELECT free.id FROM free, first WHERE CASE WHEN first.attempts < ${aloneAfter} THEN free.attempts < ${aloneAfter} ELSE free.id = first.id END
), claimed AS (
  UPDATE "Run" r SET owner = $1, fence = r.fence + 1, attempts = r.attempts + 1, status = 'running', "waitingOn" = NULL,
    "leaseUntil" = clock_timestamp() + $2 * interval '1 ms'
  FROM taken WHERE r.id = taken.id
  RETURNING r.id, r."conversationId", r."userId", r.kind, r.input, r.fence, r.attempts, r."stopRequestedAt"
), bumped AS (
  UPDATE "Conversation" c SET "lastSeq" = c."lastSeq" + (SELECT count(*) FROM claimed o WHERE o."conversationId" = c.id)
  FROM claimed WHERE c.id = claimed."conversationId" RETURNING c.id, c."lastSeq"
), told AS (
  INSERT INTO "Event" ("conversationId", seq, "runId", type, payload, version, "createdAt")
  SELECT claimed."conversationId",
    bumped."lastSeq" - (SELECT count(*) FROM claimed o WHERE o."conversationId" = claimed."conversationId" AND o.id > claimed.id),
    claimed.id, 'run-claimed', jsonb_build_object('attempt', claimed.attempts, 'worker', $1::text), ${logVersion}, clock_timestamp()
  FROM claimed JOIN bumped ON bumped.id = claimed."conversationId"
  RETURNING *
)
SELECT claimed.id AS "runId", claimed."conversationId", claimed."userId", u.role, claimed.kind, claimed.input, claimed.fence,
  claimed.attempts AS attempt, claimed."stopRequestedAt" IS NOT NULL AS "stopRequested",
  pg_notify('burgeon_events', ${noticeSql("told")})
FROM claimed JOIN "User" u ON u.id = claimed."userId" JOIN told ON told."runId" = claimed.id`;

export interface ClaimTerms {
  /** At most this many. */
  places: number;
  /** Builds are left for later: they take minutes. */
  chatOnly?: boolean;
  /** Nothing else is at work here: only then is a run taken that took too many workers with it. */
  alone?: boolean;
  /** At work here already: not taken again, even where the database thinks that its worker is gone. */
  active?: readonly string[];
}

/** Takes the next free runs for this worker, in one statement. */
export async function claimRuns(_system: System, worker: string, terms: ClaimTerms): Promise<ClaimedRun[]> {
  const { places, chatOnly = false, alone = true, active = [] } = terms;
  const values = [worker, leaseMs(), chatOnly, alone, active, places];
  const { rows } = await execute<ClaimedRun>({ name: "claim-runs", text: claimSql, values });
  return rows;
}

/** Takes the next free run for this worker, or null. */
export async function claimRun(system: System, worker: string): Promise<ClaimedRun | null> {
  const [run] = await claimRuns(system, worker, { places: 1 });
  return run ?? null;
}

/** Renews the leases of everything this worker holds and says what that is, and what was asked to stop. */
export async function heartbeat(
  _system: System,
  worker: string,
): Promise<{ runId: string; fence: number; stopRequested: boolean }[]> {
  const { rows } = await execute<{ runId: string; fence: number; stopRequested: boolean }>({
    name: "heartbeat",
    text: `WITH free AS (SELECT id FROM "Run" WHERE owner = $1 AND status = 'running' FOR UPDATE SKIP LOCKED
           ), renewed AS (
             UPDATE "Run" r SET "leaseUntil" = clock_timestamp() + $2 * interval '1 ms' FROM free WHERE r.id = free.id)
           SELECT id AS "runId", fence, "stopRequestedAt" IS NOT NULL AS "stopRequested" FROM "Run" WHERE owner = $1 AND status = 'running'`,
    values: [worker, leaseMs()],
  });
  return rows;
}

/** Hands over everything this worker holds, at once and without counting it as a loss. The fence rises: it may write no more. */
export async function releaseRuns(_system: System, worker: string): Promise<number> {
  const { rowCount } = await execute({
    name: "release-runs",
    text: `WITH released AS (
             UPDATE "Run" SET owner = NULL, "leaseUntil" = NULL, fence = fence + 1, attempts = GREATEST(attempts - 1, 0)
             WHERE owner = $1 AND status = 'running' RETURNING id)
           SELECT pg_notify('burgeon_runs', id) FROM released`,
    values: [worker],
  });
  return rowCount ?? 0;
}

/**
 * Gives one run back, to be taken again after a pause: the database or a provider is not there right now.
 * @param options.counts the run itself may be to blame: one of the workers that it may lose is lost
 */
export async function postponeRun(
  _system: System,
  run: { runId: string; fence: number },
  delayMs: number,
  options: { counts?: boolean } = {},
): Promise<void> {
  await execute({
    name: "postpone-run",
    text: `UPDATE "Run" SET owner = NULL, "leaseUntil" = NULL, fence = fence + 1, status = 'queued',
             attempts = GREATEST(attempts - $4::int, 0), "nextAt" = clock_timestamp() + $3 * interval '1 ms'
           WHERE id = $1 AND fence = $2 AND status = 'running'`,
    values: [run.runId, run.fence, delayMs, options.counts ? 0 : 1],
  });
}

const wakeSql = `WITH woken AS (
  UPDATE "Run" SET status = 'queued', "nextAt" = clock_timestamp(), attempts = 0 WHERE "waitingOn" = $1 AND status = 'waiting' RETURNING id)
SELECT pg_notify('burgeon_runs', id) FROM woken`;

/** Queues every run that waits for this build or approval. `executor` is the transaction that settled it, if there is one. */
export async function wakeRuns(_system: System, id: string, executor?: Queryable): Promise<number> {
  const statement = { name: "wake-runs", text: wakeSql, values: [id] };
  const { rowCount } = await executeOn(executor, statement);
  return rowCount ?? 0;
}

const finishSql = `
WITH ended AS (
  UPDATE "Run" SET status = $3, error = $4::jsonb, owner = NULL, "leaseUntil" = NULL, "waitingOn" = NULL, "finishedAt" = clock_timestamp()
  WHERE id = $1 AND fence = $2 AND status = 'running' RETURNING "conversationId"
), bumped AS (
  UPDATE "Conversation" c SET "lastSeq" = c."lastSeq" + 1, "updatedAt" = clock_timestamp()
  FROM ended WHERE c.id = ended."conversationId" RETURNING c."lastSeq"
), told AS (
  INSERT INTO "Event" ("conversationId", seq, "runId", type, payload, version, "createdAt")
  SELECT ended."conversationId", bumped."lastSeq", $1, 'run-finished', $5::jsonb, ${logVersion}, clock_timestamp() FROM ended, bumped
  RETURNING *
), builds AS (
  UPDATE "Run" w SET "stopRequestedAt" = COALESCE(w."stopRequestedAt", clock_timestamp())
  FROM "Build" b, ended WHERE b."parentRunId" = $1 AND w.id = b."runId" AND $3 = 'stopped' AND w."finishedAt" IS NULL
), unanswered AS (
  UPDATE "Approval" SET status = 'expired', "decidedAt" = clock_timestamp()
  WHERE "runId" = $1 AND status = 'pending' AND EXISTS (SELECT 1 FROM ended)
)
SELECT pg_notify('burgeon_events', ${noticeSql("told")}),
  (SELECT pg_notify('burgeon_runs', q.id) FROM "Run" q WHERE q."conversationId" = told."conversationId" AND q.status = 'queued' LIMIT 1)
FROM told`;

/**
 * Ends a run: its last event and its status in one statement. Ending a build wakes the run that waits for it.
 * @throws LostRunError when the claim no longer holds
 */
export async function finishRun(
  system: System,
  run: { runId: string; fence: number; buildId?: string },
  payload: EventPayload<"run-finished">,
): Promise<void> {
  const error = payload.error ? toStorableJson(payload.error) : null;
  const values = [run.runId, run.fence, payload.status, error, toStorableJson(payload)];
  const statement = { name: "finish-run", text: finishSql, values };
  if (run.buildId === undefined) {
    if ((await execute(statement)).rowCount === 0) throw new LostRunError(run.runId);
    return;
  }
  const buildId = run.buildId;
  await inTransaction(async (client) => {
    if ((await client.query(statement)).rowCount === 0) throw new LostRunError(run.runId);
    await wakeRuns(system, buildId, client);
  });
}

const lostCondition = `r.status IN ('queued', 'running') AND ${freeCondition} AND r.attempts > ${maxRecoveries}`;

const burySql = `UPDATE "Run" r SET status = 'dead', fence = r.fence + 1, owner = NULL, "leaseUntil" = NULL, "waitingOn" = NULL,
    "finishedAt" = clock_timestamp(), error = $2::jsonb
  WHERE r.id = $1 AND ${lostCondition} RETURNING r."conversationId"`;

// What was begun, whether or not its beginning was written: the ledger no longer knows it as nothing. A build goes on by itself.
const leaveSql = `WITH asked AS (
    UPDATE "Approval" SET status = 'expired', "decidedAt" = clock_timestamp() WHERE "runId" = $1 AND status = 'pending'
  ), left_open AS (
    UPDATE "Effect" SET state = 'unknown', "updatedAt" = clock_timestamp() WHERE "runId" = $1 AND state IN ('intent', 'unknown')
    RETURNING "callId", tool, "createdAt"
  )
  SELECT o."callId", min(o.tool) AS tool FROM left_open o WHERE o.tool <> 'build_module' AND NOT EXISTS (
    SELECT 1 FROM "Event" e WHERE e."runId" = $1 AND e.type = 'tool-finished' AND e.payload->>'callId' = o."callId")
  GROUP BY o."callId" ORDER BY min(o."createdAt"), o."callId"`;

const tellSql = `WITH bumped AS (
    UPDATE "Conversation" SET "lastSeq" = "lastSeq" + cardinality($3::text[]), "updatedAt" = clock_timestamp() WHERE id = $1 RETURNING "lastSeq"
  ), told AS (
    INSERT INTO "Event" ("conversationId", seq, "runId", type, payload, version, "createdAt")
    SELECT $1, bumped."lastSeq" - cardinality($3::text[]) + v.place, $2, v.type, v.payload::jsonb, ${logVersion}, clock_timestamp()
    FROM bumped, unnest($3::text[], $4::text[]) WITH ORDINALITY AS v(type, payload, place)
    RETURNING *
  )
  SELECT pg_notify('burgeon_events', ${noticeSql("told")}) FROM told ORDER BY seq`;

/** An effect whose run is given up before anybody found out whether it happened. */
export interface LeftEffect {
  callId: string;
  tool: string;
}

/**
 * Ends runs that took too many workers with them, with a reason. Their questions are open no longer, and what they had begun and
 * nobody knows the outcome of is told, all or nothing.
 * @param toEnd how the log tells of such an effect
 * @returns their ids
 */
export async function buryRuns(_system: System, toEnd: (left: LeftEffect) => NewEvent): Promise<string[]> {
  // Mostly there is none, and then this is all.
  const { rows } = await execute<{ id: string }>({
    name: "find-lost-runs",
    text: `SELECT r.id FROM "Run" r WHERE ${lostCondition} ORDER BY r."nextAt" LIMIT 100`,
  });
  const buried: string[] = [];
  for (const { id } of rows) if (await inTransaction((client) => buryRun(client, id, toEnd))) buried.push(id);
  return buried;
}

async function buryRun(client: Queryable, runId: string, toEnd: (left: LeftEffect) => NewEvent): Promise<boolean> {
  const error = {
    code: "unavailable",
    message: `This run ended ${maxRecoveries + 1} workers in a row without getting on, so Burgeon gave it up. Nothing of it is repeated.`,
    hint: "Send the message again. If it happens again, the worker's log says why.",
  };
  const bury = { name: "bury-run", text: burySql, values: [runId, toStorableJson(error)] };
  const [ended] = (await client.query<{ conversationId: string }>(bury)).rows;
  if (!ended) return false;
  const left = await client.query<LeftEffect>({ name: "leave-buried", text: leaveSql, values: [runId] });
  const ending: NewEvent = { type: "run-finished", payload: { status: "dead", error } };
  const events = [...left.rows.map(toEnd), ending];
  const types = events.map(({ type }) => type);
  const payloads = events.map(({ payload }) => toStorableJson(payload));
  await client.query({ name: "tell-buried", text: tellSql, values: [ended.conversationId, runId, types, payloads] });
  return true;
}
