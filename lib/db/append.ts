import { logVersion } from "@/lib/contracts/conversation";
import { type Added, type Addition, addUseSql, prepare, touchSql } from "./addition";
import { addOne, isOfRun } from "./append-one";
import { userIdOf } from "./caller";
import { leaseMs } from "./lease";
import { noticeTextSql } from "./notice";
import { execute, isDatabaseOutage } from "./statement";

const useSql = `SELECT h."userId", sum(e.steps), sum(e.calls), sum(e."tokensIn"), sum(e."tokensOut"), sum(e.cost)
  FROM held h JOIN entry e ON e.n = h.n WHERE e.steps IS NOT NULL GROUP BY h."userId" ORDER BY h."userId"`;
const told = noticeTextSql({
  ...{ conversationId: `e."conversationId"`, seq: `b."lastSeq" - e.events + v.place`, at: "clock.at" },
  ...{ runId: `e."runId"`, type: "v.type", payload: "v.payload" },
});
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
    ${touchSql}
  FROM open o WHERE c.id = o.id RETURNING o.n, c."lastSeq"
), inserted AS (
  INSERT INTO "Event" ("conversationId", seq, "runId", type, payload, version, "createdAt")
  SELECT e."conversationId", b."lastSeq" - e.events + v.place, e."runId", v.type, v.payload::jsonb, ${logVersion}, clock.at
  FROM clock, unnest($13::int[], $14::int[], $15::text[], $16::text[]) AS v(n, place, type, payload) JOIN bumped b ON b.n = v.n JOIN entry e ON e.n = v.n
), used AS (${addUseSql(useSql)}
)
SELECT b.n::int, b."lastSeq", COALESCE(h."stopRequestedAt" IS NOT NULL, false) AS stop, clock.at, u.tokens, u."costMicros",
  (SELECT count(pg_notify('burgeon_events', CASE WHEN e.told
      THEN ${told}
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
    const rows = await writeAll(batch.map(({ addition }) => addition));
    for (const [index, { resolve }] of batch.entries()) resolve(rows.get(index + 1) ?? null);
  } catch (cause) {
    // One that the database refuses must not take the others with it. After an outage nobody knows what was written.
    if (batch.length > 1 && !isDatabaseOutage(cause)) for (const one of batch) await write([one]);
    else for (const { reject } of batch) reject(cause);
  }
}

async function writeAll(additions: readonly Addition[]): Promise<Map<number, Added>> {
  const [first] = additions;
  if (additions.length > 1 || !first || !isOfRun(first)) return addTogether(additions);
  const added = await addOne(first);
  return new Map(added ? [[1, added]] : []);
}

async function addTogether(additions: readonly Addition[]): Promise<Map<number, Added>> {
  const prepared = additions.map(prepare);
  const { rows } = await execute<Added & { n: number }>({
    name: "append-events",
    text: addSql,
    values: [
      additions.map(({ conversationId }) => conversationId),
      additions.map(({ runId }) => runId),
      additions.map(({ fence }) => fence),
      additions.map(({ caller }) => userIdOf(caller)),
      prepared.map(({ isProgress }) => isProgress),
      prepared.map(({ types }) => types.length),
      ...[0, 1, 2, 3, 4].map((at) => prepared.map(({ use }) => use?.[at] ?? null)),
      leaseMs(),
      prepared.flatMap(({ types }, index) => types.map(() => index + 1)),
      prepared.flatMap(({ types }) => types.map((_, place) => place + 1)),
      prepared.flatMap(({ types }) => types),
      prepared.flatMap(({ payloads }) => payloads),
      prepared.map(({ isTold }) => isTold),
    ],
  });
  return new Map(rows.map(({ n, ...added }) => [n, added]));
}
