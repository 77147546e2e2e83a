import { newId } from "@/lib/contracts/id";
import type { Viewer } from "@/lib/contracts/viewer";
import { execute } from "./statement";
import { toStorableJson } from "./storable-json";

export interface NewModuleCall {
  moduleId: string;
  digest: string;
  runId: string | null;
  operation: string;
  ok: boolean;
  errorCode: string | null;
  /** True when the module itself is to blame, and not a key, a limit or the network. */
  isModulesFault: boolean;
  durationMs: number;
  requests: { host: string; method: string; path: string; status?: number; blocked?: string; durationMs: number }[];
}

/** So many failures in a row that are the module's own fault switch it off. */
export const failuresUntilOff = 5;

/**
 * Notes a call and counts failures in a row. Returns true when this one switched the module off. One statement, so that
 * calls at the same time are all counted.
 */
export async function recordModuleCall(viewer: Viewer, call: NewModuleCall): Promise<boolean> {
  const { rows } = await execute<{ off: boolean }>({
    name: "record-module-call",
    text: `WITH told AS (
             INSERT INTO "ModuleCall" (id, "moduleId", "userId", digest, "runId", operation, ok, "errorCode", "durationMs", requests, "createdAt")
             SELECT $1, m.id, m."userId", $4, $5, $6, $7, $8, $9, $10::jsonb, clock_timestamp() FROM "Module" m WHERE m.id = $2 AND m."userId" = $3),
           before AS (SELECT id, state FROM "Module" WHERE id = $2 AND "userId" = $3 AND "activeDigest" = $4 FOR UPDATE),
           counted AS (
             UPDATE "Module" m SET
               "failureCount" = CASE WHEN $7 THEN 0 WHEN $11 THEN m."failureCount" + 1 ELSE m."failureCount" END,
               state = CASE WHEN m.state = 'degraded' AND $7 THEN 'active'
                            WHEN m.state IN ('active', 'degraded') AND $11 AND NOT $7 THEN
                              CASE WHEN m."failureCount" + 1 >= ${failuresUntilOff} THEN 'disabled' ELSE 'degraded' END
                            ELSE m.state END,
               "disabledBy" = CASE WHEN m.state IN ('active', 'degraded') AND $11 AND NOT $7 AND m."failureCount" + 1 >= ${failuresUntilOff} THEN 'auto' ELSE m."disabledBy" END,
               problem = CASE WHEN m.state IN ('active', 'degraded') AND $11 AND NOT $7 AND m."failureCount" + 1 >= ${failuresUntilOff}
                              THEN 'Switched off after ${failuresUntilOff} failures in a row; the last one: ' || $8 WHEN $7 AND m.state = 'degraded' THEN NULL ELSE m.problem END
             FROM before WHERE m.id = before.id
             RETURNING m.state = 'disabled' AND before.state <> 'disabled' AS off)
           SELECT off FROM counted`,
    values: [
      newId("mcall"),
      call.moduleId,
      viewer.userId,
      call.digest,
      call.runId,
      call.operation,
      call.ok,
      call.errorCode,
      call.durationMs,
      toStorableJson(call.requests),
      call.isModulesFault,
    ],
  });
  return rows[0]?.off ?? false;
}

export interface RecentCalls {
  /** The last 20, oldest first. */
  calls: { ok: boolean; durationMs: number }[];
  lastUsedAt: Date | null;
}

/** The recent calls of all of the viewer's modules, by module id. */
export async function listRecentCalls(viewer: Viewer): Promise<Map<string, RecentCalls>> {
  const { rows } = await execute<{ moduleId: string; ok: boolean; durationMs: number; createdAt: Date }>({
    name: "list-recent-calls",
    text: `SELECT c.* FROM "Module" m CROSS JOIN LATERAL (
             SELECT "moduleId", ok, "durationMs", "createdAt" FROM "ModuleCall" WHERE "moduleId" = m.id ORDER BY "createdAt" DESC LIMIT 20) c
           WHERE m."userId" = $1 ORDER BY c."createdAt"`,
    values: [viewer.userId],
  });
  const found = new Map<string, RecentCalls>();
  for (const { moduleId, ok, durationMs, createdAt } of rows) {
    const entry = found.get(moduleId) ?? { calls: [], lastUsedAt: null };
    entry.calls.push({ ok, durationMs });
    entry.lastUsedAt = createdAt;
    found.set(moduleId, entry);
  }
  return found;
}
