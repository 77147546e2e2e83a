import type pg from "pg";
import type { ProviderFacts } from "./testing-provider";

/** What the database and the world look like after a fault. */
export interface Evidence {
  database: pg.Pool;
  facts: ProviderFacts;
  /** Things that a person said to do once more: they may have happened twice. */
  repeatable?: ReadonlySet<string>;
}

/** Remembers, in the transaction that wrote an event, which process wrote it and what the run's fence was then. Tests only. */
export const auditSql = `
CREATE TABLE fault_audit (
  "conversationId" text, seq int, "runId" text, type text, payload jsonb, fence int, worker text,
  at timestamptz DEFAULT clock_timestamp(), PRIMARY KEY ("conversationId", seq));
CREATE FUNCTION fault_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO fault_audit SELECT NEW."conversationId", NEW.seq, NEW."runId", NEW.type, NEW.payload,
    (SELECT fence FROM "Run" WHERE id = NEW."runId"), NULLIF(current_setting('burgeon.test_worker', true), '');
  RETURN NULL;
END $$;
CREATE TRIGGER fault_audit AFTER INSERT ON "Event" FOR EACH ROW EXECUTE FUNCTION fault_audit();`;

type Rule = (evidence: Evidence) => Promise<string[]>;

/** One sentence for every invariant that does not hold. */
export async function findBroken(evidence: Evidence): Promise<string[]> {
  const found: string[] = [];
  for (const rule of [oneRecord, noStaleWrite, oneEffect, noSilence, boundedAttempts, gaplessLog, calmApprovals])
    found.push(...(await rule(evidence)));
  return found;
}

/** I1: a step, a call and a run each end once. */
const oneRecord: Rule = async ({ database }) =>
  sentences(
    database,
    `SELECT format('I1: %s of %s is recorded %s times as %s', COALESCE(payload->>'callId', 'step ' || (payload->>'step'), 'the end'), "runId", count(*), type)
     FROM "Event" WHERE type IN ('step-finished', 'tool-finished', 'run-finished')
     GROUP BY "runId", type, COALESCE(payload->>'callId', 'step ' || (payload->>'step'), 'the end') HAVING count(*) > 1
     UNION ALL SELECT format('I1: %s has an end in the log and the status %s', r.id, r.status) FROM "Run" r
     WHERE EXISTS (SELECT 1 FROM "Event" e WHERE e."runId" = r.id AND e.type = 'run-finished')
       AND r.status IN ('queued', 'running', 'waiting')
     UNION ALL SELECT format('I1: %s is %s and its log has no end', r.id, r.status) FROM "Run" r
     WHERE NOT EXISTS (SELECT 1 FROM "Event" e WHERE e."runId" = r.id AND e.type = 'run-finished')
       AND r.status NOT IN ('queued', 'running', 'waiting')`,
  );

const workerTypes = [
  "step-started",
  "text-appended",
  "step-finished",
  "tool-started",
  "tool-progressed",
  "tool-finished",
  "approval-requested",
  "run-waited",
];

interface AuditRow {
  runId: string;
  seq: number;
  type: string;
  payload: { step?: number; attempt?: number; began?: unknown; status?: string; error?: { code: string } };
  fence: number;
  worker: string | null;
}

/**
 * I2: between two claims only the process that claimed writes, under its own fence, and only to the attempt it began. Whoever gives
 * a run up has no claim: with its end, under the fence of that end, it tells which effects are left open, and nothing else.
 */
const noStaleWrite: Rule = async ({ database }) => {
  const { rows } = await database.query<AuditRow>(
    `SELECT "runId", seq, type, payload, fence, worker FROM fault_audit WHERE "runId" IS NOT NULL ORDER BY "conversationId", seq`,
  );
  const claims = new Map<string, AuditRow>();
  const attempts = new Map<string, string>();
  const fences = new Set<string>();
  const graves = new Set(rows.filter(({ payload }) => payload.status === "dead").map(graveOf));
  const found: string[] = [];
  for (const row of rows) {
    const { runId, seq, type, payload, fence, worker } = row;
    const claim = claims.get(runId);
    if (type === "tool-finished" && payload.error?.code === "unknown-outcome" && graves.has(graveOf(row))) continue;
    if (type === "run-claimed") {
      if (fences.has(`${runId} ${fence}`)) found.push(`I2: ${runId} was claimed twice under fence ${fence}`);
      fences.add(`${runId} ${fence}`);
      claims.set(runId, row);
      attempts.delete(runId);
    } else if (workerTypes.includes(type)) {
      if (!claim) found.push(`I2: ${type} (${seq}) of ${runId} was written without a claim`);
      else if (claim.worker !== worker || claim.fence !== fence)
        found.push(
          `I2: ${type} (${seq}) of ${runId} was written by ${worker} under fence ${fence}, while ${claim.worker} held it under ${claim.fence}`,
        );
      const attempt = `${payload.step} ${payload.attempt}`;
      if (type === "step-started" || (type === "step-finished" && payload.began)) attempts.set(runId, attempt);
      else if ((type === "text-appended" || type === "step-finished") && attempts.get(runId) !== attempt)
        found.push(`I2: ${type} (${seq}) of ${runId} belongs to an attempt that this claim did not begin`);
    }
  }
  return found;
};

function graveOf({ runId, fence, worker }: AuditRow): string {
  return `${runId} ${fence} ${worker}`;
}

/** I3: nothing happened twice in the world, and nothing happened that the ledger does not know. */
const oneEffect: Rule = async ({ database, facts, repeatable }) => {
  const { rows } = await database.query<{ idempotencyKey: string; state: string }>(
    `SELECT "idempotencyKey", state FROM "Effect"`,
  );
  const states = new Map(rows.map((row) => [row.idempotencyKey, row.state]));
  return facts.effects.flatMap(({ kind, thing, key, count }) => {
    const found: string[] = [];
    if (count > (repeatable?.has(thing) ? 2 : 1)) found.push(`I3: ${kind} ${thing} happened ${count} times`);
    const state = states.get(key ?? "");
    if (state === undefined) found.push(`I3: ${kind} ${thing} happened and the ledger does not know it`);
    if (state === "undone") found.push(`I3: ${kind} ${thing} happened and the ledger says it did not`);
    return found;
  });
};

/** I4: no run ends over an effect of which nobody knows whether it happened, unless a person is told. */
const noSilence: Rule = async ({ database, facts }) => {
  const silent = await sentences(
    database,
    `SELECT format('I4: %s ended (%s) over %s, which is still %s, and nobody is told', e."runId", r.status, e."callId", e.state)
     FROM "Effect" e JOIN "Run" r ON r.id = e."runId"
     WHERE r."finishedAt" IS NOT NULL AND e.state IN ('intent', 'unknown') AND NOT EXISTS (
       SELECT 1 FROM "Event" v WHERE v."runId" = e."runId" AND v.payload->>'callId' = e."callId"
         AND (v.type = 'tool-finished' AND v.payload->'error'->>'code' = 'unknown-outcome'
           OR v.type = 'approval-requested' AND v.payload->>'kind' = 'outcome'))`,
  );
  const { rows } = await database.query<{ callId: string; thing: string; tool: string }>(
    `SELECT f.payload->>'callId' AS "callId", c->'input'->>'thing' AS thing, f.payload->>'tool' AS tool
     FROM "Event" f JOIN "Event" s ON s."runId" = f."runId" AND s.type = 'step-finished'
     CROSS JOIN LATERAL jsonb_array_elements(s.payload->'toolCalls') c
     WHERE f.type = 'tool-finished' AND (f.payload->>'ok')::boolean AND c->>'callId' = f.payload->>'callId'`,
  );
  const kinds: Record<string, string> = {
    charge_card: "keyed",
    erase_file: "keyed",
    add_event: "own",
    send_letter: "letter",
    send_parcel: "letter",
    send_telegram: "letter",
  };
  const done = new Set(facts.effects.map((effect) => `${effect.kind} ${effect.thing}`));
  const invented = rows
    .filter(({ tool, thing }) => kinds[tool] !== undefined && !done.has(`${kinds[tool]} ${thing}`))
    .map(({ callId, tool }) => `I4: ${tool} (${callId}) is recorded as done and never happened`);
  return [...silent, ...invented];
};

/** I6: what is given up has a reason, and nothing is tried without end. */
const boundedAttempts: Rule = async ({ database }) =>
  sentences(
    database,
    `SELECT format('I6: %s is dead without a reason', id) FROM "Run" WHERE status = 'dead' AND error->>'message' IS NULL
     UNION ALL SELECT format('I6: %s was tried %s times', id, attempts) FROM "Run" WHERE attempts > 6`,
  );

/** I7: the log of a conversation counts 1, 2, 3 … and its row agrees. */
const gaplessLog: Rule = async ({ database }) =>
  sentences(
    database,
    `SELECT format('I7: the log of %s has %s events up to %s and its row says %s', c.id, count(e.seq), max(e.seq), c."lastSeq")
     FROM "Conversation" c LEFT JOIN "Event" e ON e."conversationId" = c.id
     GROUP BY c.id HAVING count(e.seq) <> COALESCE(max(e.seq), 0) OR COALESCE(max(e.seq), 0) <> c."lastSeq"
     UNION ALL
     SELECT format('I7: a text of step %s of %s is in the log twice in a row', a.payload->>'step', a."runId")
     FROM "Event" a JOIN "Event" b ON b."conversationId" = a."conversationId" AND b.seq = a.seq + 1 AND b."runId" = a."runId"
     WHERE a.type = 'text-appended' AND b.type = 'text-appended' AND a.payload = b.payload AND length(a.payload->>'text') < 2500`,
  );

/** I8: an answer is given by a person, once, and only a person's or the clock's answer is one. */
const calmApprovals: Rule = async ({ database }) =>
  sentences(
    database,
    `SELECT format('I8: %s is %s, decided by %s at %s', id, status, "decidedBy", "decidedAt") FROM "Approval"
     WHERE (status = 'pending') <> ("decidedAt" IS NULL) OR (status IN ('allowed', 'denied', 'happened') AND "decidedBy" IS NULL)
     UNION ALL SELECT format('I8: %s was asked or answered %s times (%s)', payload->>'approvalId', count(*), type) FROM "Event"
     WHERE type IN ('approval-requested', 'approval-decided') GROUP BY payload->>'approvalId', type HAVING count(*) > 1`,
  );

async function sentences(database: pg.Pool, sql: string): Promise<string[]> {
  const { rows } = await database.query<{ format: string }>(sql);
  return rows.map((row) => row.format);
}
