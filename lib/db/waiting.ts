import { type EventPayload, logVersion } from "@/lib/contracts/conversation";
import type { System } from "@/lib/contracts/viewer";
import { LostRunError } from "./events";
import { noticeSql } from "./notice";
import { execute } from "./statement";
import { toStorableJson } from "./storable-json";

// The row that a run waits for is locked first, and whoever settles it wakes in a later statement of its own transaction:
// whichever comes first, the other one sees it, so no wake-up is lost between.
const waitSql = `
WITH approval AS (SELECT status <> 'pending' AS settled FROM "Approval" WHERE id = $4 AND $3 = 'approval' FOR UPDATE
), work AS (
  SELECT r."finishedAt" IS NOT NULL AS settled FROM "Run" r
  WHERE $3 = 'build' AND r.id = (SELECT "runId" FROM "Build" WHERE id = $4) FOR UPDATE
), settled AS (
  SELECT COALESCE((SELECT settled FROM approval), (SELECT settled FROM work), true) AS yes
), slept AS (
  UPDATE "Run" SET status = CASE WHEN settled.yes OR "stopRequestedAt" IS NOT NULL THEN 'queued' ELSE 'waiting' END, "waitingOn" = $4,
    owner = NULL, "leaseUntil" = NULL, attempts = 0, "nextAt" = clock_timestamp()
  FROM settled WHERE id = $1 AND fence = $2 AND status = 'running'
  RETURNING "conversationId"
), bumped AS (
  UPDATE "Conversation" c SET "lastSeq" = c."lastSeq" + 1 FROM slept WHERE c.id = slept."conversationId" RETURNING c."lastSeq"
), told AS (
  INSERT INTO "Event" ("conversationId", seq, "runId", type, payload, version, "createdAt")
  SELECT slept."conversationId", bumped."lastSeq", $1, 'run-waited', $5::jsonb, ${logVersion}, clock_timestamp() FROM slept, bumped
  RETURNING *
)
SELECT pg_notify('burgeon_events', ${noticeSql("told")}), pg_notify('burgeon_runs', $1) FROM told`;

/**
 * Lets a run sleep until what it waits for is settled; it then holds no worker. Is that settled already, or was
 * the run asked to stop meanwhile, it is queued again.
 * @throws LostRunError when the claim no longer holds
 */
export async function waitOn(
  _system: System,
  run: { runId: string; fence: number },
  payload: EventPayload<"run-waited">,
): Promise<void> {
  const { rowCount } = await execute({
    name: "wait-on",
    text: waitSql,
    values: [run.runId, run.fence, payload.on, payload.id, toStorableJson(payload)],
  });
  if (rowCount === 0) throw new LostRunError(run.runId);
}

const sweepSql = `WITH woken AS (
  UPDATE "Run" r SET status = 'queued', "nextAt" = clock_timestamp(), attempts = 0
  WHERE r.status = 'waiting' AND (
    EXISTS (SELECT 1 FROM "Approval" a WHERE a.id = r."waitingOn" AND (a.status <> 'pending' OR a."expiresAt" < clock_timestamp()))
    OR EXISTS (SELECT 1 FROM "Build" b JOIN "Run" w ON w.id = b."runId" WHERE b.id = r."waitingOn" AND w."finishedAt" IS NOT NULL)
    OR NOT EXISTS (SELECT 1 FROM "Approval" a WHERE a.id = r."waitingOn" UNION ALL SELECT 1 FROM "Build" b JOIN "Run" w ON w.id = b."runId" WHERE b.id = r."waitingOn"))
  RETURNING id)
SELECT pg_notify('burgeon_runs', id) FROM woken`;

/** Wakes runs whose wait is over without anybody having said so: an approval that expired, a build that was given up. */
export async function wakeOverdueRuns(_system: System): Promise<number> {
  const { rowCount } = await execute({ name: "wake-overdue-runs", text: sweepSql });
  return rowCount ?? 0;
}
