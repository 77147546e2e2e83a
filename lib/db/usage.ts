import type { DayUsage } from "@/lib/contracts/run";
import type { Viewer } from "@/lib/contracts/viewer";
import { askTogether } from "./ask-together";
import { execute } from "./statement";

// Steps are counted as they are recorded, runs are there to be counted, but for those that a branch copied. Sums of a lifetime fit a double; pg gives bigint as text.
const listSql = `
WITH today AS (SELECT (clock_timestamp() AT TIME ZONE 'UTC')::date AS day
), counted AS (
  SELECT (r."createdAt" AT TIME ZONE 'UTC')::date AS day, count(*)::int AS runs FROM "Run" r, today
  WHERE r."userId" = $1 AND NOT r.input ? 'copyOf' AND r."createdAt" >= (today.day - $2::int + 1)::timestamp AT TIME ZONE 'UTC' GROUP BY 1
), used AS (
  SELECT u.* FROM "Usage" u, today WHERE u."userId" = $1 AND u.day > today.day - $2::int
)
SELECT to_char(COALESCE(used.day, counted.day), 'YYYY-MM-DD') AS day, COALESCE(runs, 0) AS runs, COALESCE(steps, 0) AS steps,
  COALESCE("toolCalls", 0) AS "toolCalls", COALESCE("inputTokens", 0)::float8 AS "inputTokens",
  COALESCE("outputTokens", 0)::float8 AS "outputTokens", COALESCE("costMicros", 0)::float8 AS "costMicros"
FROM used FULL JOIN counted ON counted.day = used.day ORDER BY 1`;

/** What the viewer used on each of the last `days` days (UTC) on which there was anything, oldest first. */
export async function listUsage(viewer: Viewer, days: number): Promise<DayUsage[]> {
  const { rows } = await execute<DayUsage>({ name: "list-usage", text: listSql, values: [viewer.userId, days] });
  return rows;
}

/** What the viewer used today (UTC, by the database's clock). */
export async function getTodayUsage(viewer: Viewer): Promise<DayUsage> {
  const today = await askTogether(viewer, `SELECT to_jsonb(today) FROM (${listSql} LIMIT 1) AS today`, [1]);
  return (
    (today as DayUsage | null) ?? {
      day: "",
      runs: 0,
      steps: 0,
      toolCalls: 0,
      inputTokens: 0,
      outputTokens: 0,
      costMicros: 0,
    }
  );
}
