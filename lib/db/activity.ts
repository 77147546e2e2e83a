import { AppError } from "@/lib/contracts/errors";
import type { RunListItem, RunStatus } from "@/lib/contracts/run";
import type { Viewer } from "@/lib/contracts/viewer";
import { execute } from "./statement";

export interface RunFilter {
  status?: RunStatus;
  kind?: RunListItem["kind"];
  /** Id of the last run of the page before: older ones follow. */
  before?: string;
  /** 1 to 200; 50 when left out. */
  limit?: number;
}

// The last word of a build holds all its tokens; until then the checks of its attempts do.
const tokensOf = (which: "inputTokens" | "outputTokens") => {
  const sum = (...types: string[]) =>
    `sum((payload->'usage'->>'${which}')::float8) FILTER (WHERE type IN (${types.map((type) => `'${type}'`).join(", ")}))`;
  return `COALESCE(${sum("step-finished", "context-compacted")}, 0) + COALESCE(${sum("build-finished")}, ${sum("build-checked")}, 0)`;
};

// What is counted comes from the events of the listed runs and of no others, by the index over run and sequence. A stretch is
// the time from a claim to where the run fell asleep or ended: waiting for people, builds and a free worker does not count.
const summarySql = `
log AS (
  SELECT e."runId", e.type, e.payload, e."createdAt", e.seq,
    count(*) FILTER (WHERE e.type = 'run-waited')
      OVER (PARTITION BY e."runId" ORDER BY e.seq ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS stretch
  FROM page JOIN "Event" e ON e."runId" = page.id
), stretches AS (
  SELECT "runId", min("createdAt") FILTER (WHERE type = 'run-claimed') AS began, max("createdAt") AS newest,
    min("createdAt") FILTER (WHERE type IN ('run-waited', 'run-finished')) AS ended
  FROM log GROUP BY "runId", stretch
), worked AS (
  SELECT s."runId", sum(extract(epoch FROM
    COALESCE(s.ended, CASE WHEN page.status = 'running' THEN clock_timestamp() ELSE s.newest END) - s.began) * 1000) AS ms
  FROM stretches s JOIN page ON page.id = s."runId" GROUP BY s."runId"
), counted AS (
  SELECT "runId",
    (array_agg(COALESCE(payload->>'text', payload->>'wish') ORDER BY seq) FILTER (WHERE type IN ('message-sent', 'build-started')))[1] AS question,
    (array_agg(COALESCE(payload->>'model', payload->'began'->>'model') ORDER BY seq DESC)
      FILTER (WHERE type = 'step-started' OR (type = 'step-finished' AND payload ? 'began')))[1] AS model,
    count(DISTINCT payload->>'step') FILTER (WHERE type IN ('step-started', 'step-finished')) AS steps,
    COALESCE(sum(jsonb_array_length(payload->'toolCalls')) FILTER (WHERE type = 'step-finished'), 0) AS calls,
    ${tokensOf("inputTokens")} AS "tokensIn", ${tokensOf("outputTokens")} AS "tokensOut",
    COALESCE(sum((payload->>'costMicros')::float8), 0) AS cost,
    count(*) FILTER (WHERE type = 'run-claimed' AND (payload->>'attempt')::int > 1) AS takeovers,
    bool_or(type = 'run-claimed') AS "wasClaimed"
  FROM log WHERE type IN ('message-sent', 'build-started', 'run-claimed', 'step-started', 'step-finished', 'context-compacted', 'build-checked', 'build-finished')
  GROUP BY "runId"
)
SELECT page.id AS "runId", page."conversationId", c.title AS "conversationTitle", page.kind, page.status, page.error,
  page."createdAt", page."finishedAt", left(n.question, 2000) AS question, n.model, COALESCE(n.steps, 0)::int AS steps,
  COALESCE(n.calls, 0)::int AS "toolCalls", COALESCE(n."tokensIn", 0) AS "inputTokens", COALESCE(n."tokensOut", 0) AS "outputTokens",
  COALESCE(n.cost, 0) AS "costMicros", (CASE WHEN n."wasClaimed" THEN 1 ELSE 0 END + COALESCE(n.takeovers, 0))::int AS attempts,
  COALESCE(round(w.ms), 0)::float8 AS "workedMs"
FROM page JOIN "Conversation" c ON c.id = page."conversationId"
LEFT JOIN counted n ON n."runId" = page.id LEFT JOIN worked w ON w."runId" = page.id
ORDER BY page."createdAt" DESC, page.id DESC`;

const runColumns = `r.id, r."conversationId", r.kind, r.status, r.error, r."createdAt", r."finishedAt"`;

const listSql = `
WITH page AS (
  SELECT ${runColumns} FROM "Run" r
  WHERE r."userId" = $1 AND NOT r.input ? 'copyOf' AND ($2::text IS NULL OR r.status = $2) AND ($3::text IS NULL OR r.kind = $3)
    AND ($4::text IS NULL OR (r."createdAt", r.id) < (SELECT b."createdAt", b.id FROM "Run" b WHERE b.id = $4 AND b."userId" = $1))
  ORDER BY r."createdAt" DESC, r.id DESC LIMIT $5
), ${summarySql}`;

const getSql = `
WITH page AS (SELECT ${runColumns} FROM "Run" r WHERE r.id = $2 AND r."userId" = $1), ${summarySql}`;

type ActivityRow = Omit<RunListItem, "createdAt" | "finishedAt" | "usage" | "question"> & {
  createdAt: Date;
  finishedAt: Date | null;
  inputTokens: number;
  outputTokens: number;
  question: string | null;
};

/** The viewer's runs, newest first, with what each took. */
export async function listRuns(viewer: Viewer, { status, kind, before, limit }: RunFilter): Promise<RunListItem[]> {
  const { rows } = await execute<ActivityRow>({
    name: "list-runs",
    text: listSql,
    values: [viewer.userId, status ?? null, kind ?? null, before ?? null, Math.min(Math.max(limit ?? 50, 1), 200)],
  });
  return rows.map(toListItem);
}

/**
 * One run as the list shows it.
 * @throws AppError not-found when the viewer has no such run
 */
export async function getRunListItem(viewer: Viewer, runId: string): Promise<RunListItem> {
  const { rows } = await execute<ActivityRow>({
    name: "get-run-list-item",
    text: getSql,
    values: [viewer.userId, runId],
  });
  if (!rows[0]) throw new AppError("not-found", "There is no such run.");
  return toListItem(rows[0]);
}

function toListItem(row: ActivityRow): RunListItem {
  const { createdAt, finishedAt, inputTokens, outputTokens, question, ...rest } = row;
  return {
    ...rest,
    question: toLine(question ?? ""),
    usage: { inputTokens, outputTokens },
    createdAt: createdAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
  };
}

const maxQuestion = 200;

/** The words in one line, cut where a row ends. */
function toLine(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > maxQuestion ? `${line.slice(0, maxQuestion).toWellFormed()}…` : line;
}
