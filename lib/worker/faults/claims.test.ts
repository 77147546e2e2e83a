import { describe, expect, it, vi } from "vitest";
import { asSystem } from "@/lib/contracts/viewer";
import { claimRun, workerName } from "@/lib/db/claims";
import { pool } from "@/lib/db/client";
import { program } from "./testing-program";
import { begin, setUpScene } from "./testing-setup";

const stage = setUpScene();

describe("1,000 runs wait and 3 workers race for every one of them", { timeout: 120_000 }, () => {
  it("each is claimed once, under one fence, answered once, and nobody meets a deadlock", async () => {
    const { scene } = stage;
    const count = 1000;
    const runs = [];
    for (let n = 0; n < count; n += 20)
      runs.push(...(await Promise.all(Array.from({ length: 20 }, () => begin(scene, program())))));
    // As autovacuum does within a minute; the servers of the tests run without it.
    await scene.database.query(`ANALYZE "Run", "Conversation"`);
    await scene.staff(3, { concurrency: 8, isDirect: true });
    const left = async () => {
      const { rows } = await scene.database.query(`SELECT count(*)::int AS n FROM "Run" WHERE status <> 'done'`);
      return rows[0].n;
    };
    await expect.poll(left, { timeout: 100_000, interval: 200 }).toBe(0);
    const { rows } = await scene.database.query(
      `SELECT count(*)::int AS claims, count(DISTINCT "runId")::int AS runs, count(DISTINCT worker)::int AS workers,
         max(fence) AS fence FROM fault_audit WHERE type = 'run-claimed'`,
    );
    expect(rows[0]).toEqual({ claims: count, runs: count, workers: 3, fence: 1 });
    expect(await deadlocks()).toBe(0);
    expect(runs).toHaveLength(count);
  });
});

describe.each([1, 3])("%i idle workers meet one run at a time", { timeout: 60_000 }, (workers) => {
  it("and each of 50 is taken by exactly one of them, at once", async () => {
    const { scene } = stage;
    await scene.staff(workers, { isDirect: true });
    for (let n = 0; n < 50; n++) {
      const { runId } = await begin(scene, program());
      await expect.poll(() => scene.isFinished(runId), { timeout: 10_000, interval: 2 }).toBe(true);
      expect(await scene.eventsOf(runId, "run-claimed")).toHaveLength(1);
    }
    expect(await deadlocks()).toBe(0);
  });
});

describe("10,000 queued runs among 20,000 old ones", { timeout: 60_000 }, () => {
  it.each([
    ["today's", "auto"],
    ["today's", "force_generic_plan"],
    ["yesterday's", "auto"],
    ["yesterday's", "force_generic_plan"],
  ] as const)("are claimed in the order of the partial index, with %s statistics (%s)", async (statistics, mode) => {
    const { scene } = stage;
    await scene.fleet.clear();
    const { text, values } = await claimStatement();
    const client = await scene.database.connect();
    try {
      await client.query(`BEGIN; SET LOCAL plan_cache_mode = ${mode}; PREPARE claim AS ${text}`);
      await client.query(fillSql("old", 20_000, "done"), [scene.viewer.userId]);
      if (statistics === "yesterday's") await client.query(`ANALYZE "Run", "Conversation"`);
      await client.query(fillSql("new", 10_000, "queued"), [scene.viewer.userId]);
      if (statistics === "today's") await client.query(`ANALYZE "Run", "Conversation"`);
      const { rows } = await client.query(`EXPLAIN EXECUTE claim (${values.map(toLiteral).join(", ")})`);
      const plan = rows.map((row) => String(row["QUERY PLAN"])).join("\n");
      // Whoever sorts, or gathers the index into a bitmap, looks at all of them for every single claim.
      expect(plan).toContain(`Index Scan using "Run_unfinished_idx" on "Run" r`);
      expect(plan).not.toMatch(/Sort|Bitmap|Seq Scan on "(Run|Conversation|Event)"/);
    } finally {
      await client.query("ROLLBACK");
      client.release(true);
    }
  });
});

function toLiteral(value: unknown): string {
  return Array.isArray(value) ? `'{${value.join(",")}}'` : `'${String(value)}'`;
}

function fillSql(name: string, count: number, status: string): string {
  return `WITH filled AS (
      INSERT INTO "Conversation" (id, "userId", title) SELECT '${name}-' || n, $1, 'x' FROM generate_series(1, ${count}) n
      RETURNING id)
    INSERT INTO "Run" (id, "conversationId", "userId", kind, status, input, "finishedAt")
    SELECT id, id, $1, 'chat', '${status}', '{}', CASE WHEN '${status}' = 'done' THEN now() END FROM filled`;
}

/** The very statement that the worker sends. */
async function claimStatement(): Promise<{ text: string; values: unknown[] }> {
  const sent = vi.spyOn(pool(), "query").mockImplementation(async () => ({ rows: [] }));
  await claimRun(asSystem("test"), workerName(1));
  const [statement] = sent.mock.calls[0] as unknown as [{ text: string; values: unknown[] }];
  sent.mockRestore();
  return statement;
}

async function deadlocks(): Promise<number> {
  const { rows } = await stage.scene.database.query(
    "SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()",
  );
  return rows[0].deadlocks;
}
