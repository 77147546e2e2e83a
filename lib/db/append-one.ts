import { logVersion } from "@/lib/contracts/conversation";
import { type Added, type Addition, addUseSql, prepare, touchSql } from "./addition";
import { userIdOf } from "./caller";
import { leaseMs } from "./lease";
import { noticeTextSql } from "./notice";
import { execute } from "./statement";

const useSql = `SELECT "userId", $11::int, $12::int, $13::bigint, $14::bigint, $15::bigint FROM held WHERE $11::int IS NOT NULL`;
const told = noticeTextSql({
  ...{ conversationId: "$1", seq: `b."lastSeq" - $7::int + v.place`, at: "b.at" },
  ...{ runId: "$2", type: "v.type", payload: "v.payload" },
});
// The run is locked before its conversation, as by every other writer. NOTIFY carries the payload as it was given: what the
// column makes of it is longer. It is sent by the commit of this very statement.
const addOneSql = `
WITH held AS (
  UPDATE "Run" SET "leaseUntil" = clock_timestamp() + $5 * interval '1 ms', attempts = CASE WHEN $6::boolean THEN 1 ELSE attempts END
  WHERE id = $2 AND fence = $3 AND status = 'running' AND "conversationId" = $1 AND ($4::text IS NULL OR "userId" = $4)
  RETURNING "stopRequestedAt" IS NOT NULL AS stop, "userId", date_trunc('milliseconds', clock_timestamp()) AS at
), bumped AS (
  UPDATE "Conversation" c SET "lastSeq" = c."lastSeq" + $7::int,
    ${touchSql}
  FROM held WHERE c.id = $1 AND c."userId" = held."userId" RETURNING c."lastSeq", held.stop, held.at
), inserted AS (
  INSERT INTO "Event" ("conversationId", seq, "runId", type, payload, version, "createdAt")
  SELECT $1, b."lastSeq" - $7::int + v.place, $2, v.type, v.payload::jsonb, ${logVersion}, b.at
  FROM bumped b, unnest($8::text[], $9::text[]) WITH ORDINALITY AS v(type, payload, place)
), used AS (${addUseSql(useSql)}
)
SELECT b."lastSeq", b.stop, b.at, u.tokens, u."costMicros",
  (SELECT count(pg_notify('burgeon_events', CASE WHEN $10::boolean
      THEN ${told} ELSE $1 END))
    FROM unnest($8::text[], $9::text[]) WITH ORDINALITY AS v(type, payload, place) WHERE $10::boolean OR v.place = 1)
FROM bumped b LEFT JOIN used u ON true`;

/** What a run adds to its own log, under its fence. */
export interface OfRun extends Addition {
  runId: string;
  fence: number;
}

export function isOfRun(addition: Addition): addition is OfRun {
  return addition.runId !== null && addition.fence !== null;
}

/**
 * The addition of one run, which is most of them: half the price of the statement that takes any number.
 * @returns null when the claim does not hold: nothing was written then
 */
export async function addOne(addition: OfRun): Promise<Added | null> {
  const { conversationId, runId, fence, caller } = addition;
  const { types, payloads, isProgress, isTold, use } = prepare(addition);
  const { rows } = await execute<Added>({
    name: "append-one",
    text: addOneSql,
    values: [
      ...[conversationId, runId, fence, userIdOf(caller), leaseMs(), isProgress, types.length, types, payloads, isTold],
      ...(use ?? [null, null, null, null, null]),
    ],
  });
  return rows[0] ?? null;
}
