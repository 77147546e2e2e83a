import { logVersion, type NewEvent } from "@/lib/contracts/conversation";
import type { Caller } from "@/lib/contracts/viewer";
import { userIdOf } from "./caller";
import { leaseMs } from "./lease";
import { isoTimeSql, maxNoticeBytes } from "./notice";
import { execute, isDatabaseOutage } from "./statement";
import { toStorableJson } from "./storable-json";

/** What one caller adds to one conversation's log. */
export interface Addition {
  caller: Caller;
  conversationId: string;
  runId: string | null;
  /** Null: no claim is checked. */
  fence: number | null;
  events: readonly NewEvent[];
}

export interface Added {
  /** Sequence number of the last of the events. */
  lastSeq: number;
  /** Somebody asked the run to stop. */
  stop: boolean;
  at: Date;
  /** What the person has used today with these events; null when they count nothing. */
  tokens: number | null;
  costMicros: number | null;
}

// More events than these at once are asked for by those who look on.
const maxTold = 8;

// These kinds are durable progress: a run that gets on is not a run that kills its workers.
const progressTypes: readonly string[] = ["step-finished", "tool-finished", "build-checked"];

// Additions to several conversations, one row of `entry` each. Runs are locked first and in order, then conversations in order,
// then everything is written: like every other writer, so that no two wait for each other. NOTIFY is sent by the commit of this
// very statement; a few small events travel in it, so that those who look on need not ask for them (see tail.ts).
const addSql = `
WITH clock AS MATERIALIZED (SELECT date_trunc('milliseconds', clock_timestamp()) AS at
), entry AS MATERIALIZED (
  SELECT * FROM unnest($1::text[], $2::text[], $3::int[], $4::text[], $5::boolean[], $6::int[], $7::int[], $8::int[], $9::bigint[], $10::bigint[], $11::bigint[], $17::boolean[])
    WITH ORDINALITY AS e("conversationId", "runId", fence, "userId", progress, events, steps, calls, "tokensIn", "tokensOut", cost, told, n)
), claimed AS MATERIALIZED (
  SELECT r.id, e.n, e.progress FROM entry e JOIN "Run" r ON r.id = e."runId"
  WHERE e.fence IS NOT NULL AND r.fence = e.fence AND r.status = 'running' AND r."conversationId" = e."conversationId"
    AND (e."userId" IS NULL OR r."userId" = e."userId")
  ORDER BY r.id FOR UPDATE OF r
), held AS (
  UPDATE "Run" r SET "leaseUntil" = clock_timestamp() + $12 * interval '1 ms', attempts = CASE WHEN c.progress THEN 1 ELSE r.attempts END
  FROM claimed c WHERE r.id = c.id RETURNING c.n, r."stopRequestedAt", r."userId"
), open AS MATERIALIZED (
  SELECT c.id, e.n, e.events FROM entry e JOIN "Conversation" c ON c.id = e."conversationId"
  WHERE (e."userId" IS NULL OR c."userId" = e."userId") AND (e.fence IS NULL OR e.n IN (SELECT n FROM held))
    AND (e.fence IS NOT NULL OR e."runId" IS NULL OR EXISTS (SELECT 1 FROM "Run" r WHERE r.id = e."runId" AND r."conversationId" = c.id))
  ORDER BY c.id FOR UPDATE OF c
), bumped AS (
  UPDATE "Conversation" c SET "lastSeq" = c."lastSeq" + o.events,
    "updatedAt" = CASE WHEN c."updatedAt" < clock_timestamp() - interval '2 s' THEN clock_timestamp() ELSE c."updatedAt" END
  FROM open o WHERE c.id = o.id RETURNING o.n, c."lastSeq"
), inserted AS (
  INSERT INTO "Event" ("conversationId", seq, "runId", type, payload, version, "createdAt")
  SELECT e."conversationId", b."lastSeq" - e.events + v.place, e."runId", v.type, v.payload::jsonb, ${logVersion}, clock.at
  FROM clock, unnest($13::int[], $14::int[], $15::text[], $16::text[]) AS v(n, place, type, payload) JOIN bumped b ON b.n = v.n JOIN entry e ON e.n = v.n
), used AS (
  INSERT INTO "Usage" AS u ("userId", day, steps, "toolCalls", "inputTokens", "outputTokens", "costMicros")
  SELECT h."userId", (clock_timestamp() AT TIME ZONE 'UTC')::date, sum(e.steps), sum(e.calls), sum(e."tokensIn"), sum(e."tokensOut"), sum(e.cost)
  FROM held h JOIN entry e ON e.n = h.n WHERE e.steps IS NOT NULL GROUP BY h."userId" ORDER BY h."userId"
  ON CONFLICT ("userId", day) DO UPDATE SET steps = u.steps + excluded.steps, "toolCalls" = u."toolCalls" + excluded."toolCalls",
    "inputTokens" = u."inputTokens" + excluded."inputTokens", "outputTokens" = u."outputTokens" + excluded."outputTokens",
    "costMicros" = u."costMicros" + excluded."costMicros"
  RETURNING "userId", ("inputTokens" + "outputTokens")::float8 AS tokens, "costMicros"::float8 AS "costMicros"
)
SELECT b.n::int, b."lastSeq", COALESCE(h."stopRequestedAt" IS NOT NULL, false) AS stop, clock.at, u.tokens, u."costMicros",
  (SELECT count(pg_notify('burgeon_events', CASE WHEN e.told
      THEN concat_ws(' ', e."conversationId", b."lastSeq" - e.events + v.place, ${isoTimeSql("clock.at")}, e."runId", v.type, v.payload)
      ELSE e."conversationId" END))
    FROM unnest($13::int[], $14::int[], $15::text[], $16::text[]) AS v(n, place, type, payload) WHERE v.n = b.n AND (e.told OR v.place = 1))
FROM clock, bumped b JOIN entry e ON e.n = b.n LEFT JOIN held h ON h.n = b.n LEFT JOIN used u ON u."userId" = h."userId" AND e.steps IS NOT NULL`;

interface Waiting {
  addition: Addition;
  resolve: (added: Added | null) => void;
  reject: (cause: unknown) => void;
}

const maxTogether = 64;
// A statement that waits for somebody's lock must not hold up the others: after this long the next one goes beside it.
const patienceMs = 50;
const maxBeside = 4;

const waiting: Waiting[] = [];
let underWay = 0;
let timer: NodeJS.Timeout | null = null;

/**
 * Adds events to a log, checking the claim in the same statement. What several ask for at the same time is written by one
 * statement: a commit that notifies waits for every other one of the server, so few commits are worth more than small ones.
 * @returns null when the caller has no such conversation or the claim does not hold: nothing was written then
 */
export function add(addition: Addition): Promise<Added | null> {
  const added = new Promise<Added | null>((resolve, reject) => waiting.push({ addition, resolve, reject }));
  if (underWay === 0) writeNext();
  else timer ??= setTimeout(writeBeside, patienceMs);
  return added;
}

function writeBeside(): void {
  timer = null;
  if (waiting.length > 0 && underWay < maxBeside) writeNext();
}

function writeNext(): void {
  if (timer) clearTimeout(timer);
  timer = null;
  const batch = takeBatch();
  if (batch.length === 0) return;
  underWay += 1;
  void write(batch).finally(() => {
    underWay -= 1;
    if (waiting.length === 0) return;
    if (underWay === 0) writeNext();
    else timer ??= setTimeout(writeBeside, patienceMs);
  });
  if (waiting.length > 0) timer = setTimeout(writeBeside, patienceMs);
}

/** The oldest, at most one for each conversation: within one, order is kept by the statements. */
function takeBatch(): Waiting[] {
  const taken = new Set<string>();
  const batch: Waiting[] = [];
  for (let at = 0; at < waiting.length && batch.length < maxTogether; ) {
    const next = waiting[at];
    if (!next || taken.has(next.addition.conversationId)) {
      at += 1;
      continue;
    }
    taken.add(next.addition.conversationId);
    batch.push(next);
    waiting.splice(at, 1);
  }
  return batch;
}

async function write(batch: readonly Waiting[]): Promise<void> {
  try {
    const rows = await writeTogether(batch.map(({ addition }) => addition));
    for (const [index, { resolve }] of batch.entries()) resolve(rows.get(index + 1) ?? null);
  } catch (cause) {
    // One that the database refuses must not take the others with it. After an outage nobody knows what was written.
    if (batch.length > 1 && !isDatabaseOutage(cause)) for (const one of batch) await write([one]);
    else for (const { reject } of batch) reject(cause);
  }
}

async function writeTogether(additions: readonly Addition[]): Promise<Map<number, Added>> {
  const uses = additions.map(({ events }) => countUse(events));
  const events = additions.flatMap((addition, index) =>
    addition.events.map(({ type, payload }, place) => ({
      ...{ n: index + 1, place: place + 1 },
      ...{ type, payload: toStorableJson(payload) },
    })),
  );
  const tooLong = new Set(events.flatMap(({ n, payload }) => (Buffer.byteLength(payload) < maxNoticeBytes ? [] : n)));
  const { rows } = await execute<Added & { n: number }>({
    name: "append-events",
    text: addSql,
    values: [
      additions.map(({ conversationId }) => conversationId),
      additions.map(({ runId }) => runId),
      additions.map(({ fence }) => fence),
      additions.map(({ caller }) => userIdOf(caller)),
      additions.map((addition) => addition.events.some(({ type }) => progressTypes.includes(type))),
      additions.map((addition) => addition.events.length),
      ...[0, 1, 2, 3, 4].map((at) => uses.map((use) => use?.[at] ?? null)),
      leaseMs(),
      events.map(({ n }) => n),
      events.map(({ place }) => place),
      events.map(({ type }) => type),
      events.map(({ payload }) => payload),
      additions.map(
        ({ runId, events: own }, index) => runId !== null && own.length <= maxTold && !tooLong.has(index + 1),
      ),
    ],
  });
  return new Map(rows.map(({ n, ...added }) => [n, added]));
}

/** Steps, tool calls, tokens in and out, cost: what these events add to the person's day; null when nothing. */
function countUse(events: readonly NewEvent[]): number[] | null {
  const sum = [0, 0, 0, 0, 0];
  const addTo = (at: number, value = 0) => {
    sum[at] = (sum[at] ?? 0) + value;
  };
  let isAny = false;
  for (const { type, payload } of events) {
    if (type !== "step-finished" && type !== "context-compacted" && type !== "build-checked") continue;
    isAny ||= payload.usage !== undefined;
    if (type === "step-finished") {
      addTo(0, 1);
      addTo(1, payload.toolCalls.length);
    }
    addTo(2, payload.usage?.inputTokens);
    addTo(3, payload.usage?.outputTokens);
    if (type !== "build-checked") addTo(4, payload.costMicros);
  }
  return isAny ? sum : null;
}
