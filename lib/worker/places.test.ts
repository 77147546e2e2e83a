import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { newId } from "@/lib/contracts/id";
import type { Viewer } from "@/lib/contracts/viewer";
import { pool } from "@/lib/db/client";
import { createRun, getRun } from "@/lib/db/runs";
import { testDatabase, testUser } from "@/lib/db/testing";
import type { WorkerPorts } from "./ports";
import { startWorker } from "./start-worker";
import { testPorts } from "./testing-worker";

let database: Awaited<ReturnType<typeof testDatabase>>;
let viewer: Viewer;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  await pool().query(`UPDATE "Run" SET status = 'done', "finishedAt" = now() WHERE "finishedAt" IS NULL`);
  viewer = await testUser();
});

const start = () => createRun(viewer, { message: "Go", via: "api" });

async function startBuild(): Promise<string> {
  const { runId, conversationId } = await start();
  await pool().query(`UPDATE "Run" SET status = 'done', "finishedAt" = now() WHERE id = $1`, [runId]);
  const build = newId("run");
  await pool().query(
    `INSERT INTO "Run" (id, "conversationId", "userId", kind, status, input) VALUES ($1, $2, $3, 'build', 'queued', '{"buildId": "b"}')`,
    [build, conversationId, viewer.userId],
  );
  return build;
}

/** Builds that go on until they are let go. */
function slowBuilds(): { ports: WorkerPorts; building: string[]; letGo(): void } {
  const building: string[] = [];
  const { promise: end, resolve: letGo } = Promise.withResolvers<void>();
  const ports: WorkerPorts = {
    ...testPorts({ callsFile: "/dev/null", killAt: null, script: "tools" }),
    executeBuild: async ({ runId }) => {
      building.push(runId);
      await end;
    },
  };
  return { ports, building, letGo };
}

describe("the places of a worker", () => {
  it("are filled with one statement", async () => {
    const runs = await Promise.all(Array.from({ length: 8 }, start));
    const worker = await startWorker(testPorts({ callsFile: "/dev/null", killAt: null, script: "endless" }), 9);
    const claims = async () => {
      const { rows } = await pool().query<{ runs: number; statements: number }>(
        `SELECT count(*)::int AS runs, count(DISTINCT xmin::text)::int AS statements FROM "Event" WHERE type = 'run-claimed' AND "runId" = ANY($1)`,
        [runs.map(({ runId }) => runId)],
      );
      return rows[0];
    };
    await expect.poll(async () => (await claims())?.runs, { interval: 10 }).toBe(8);
    expect(await claims()).toEqual({ runs: 8, statements: 1 });
    await worker.stop();
  });

  it("are not all given to builds: whoever asks the time does not wait for one", async () => {
    const builds = await Promise.all(Array.from({ length: 5 }, startBuild));
    const { ports, building, letGo } = slowBuilds();
    const worker = await startWorker(ports, 3);
    await expect.poll(() => building.length, { interval: 10 }).toBe(2);
    const { runId } = await start();
    const statusOf = async (id: string) => (await getRun(viewer, id)).status;
    await expect.poll(() => statusOf(runId), { timeout: 10_000, interval: 20 }).toBe("done");
    expect(building).toHaveLength(2);
    letGo();
    for (const build of builds) await expect.poll(() => statusOf(build), { timeout: 10_000 }).toBe("done");
    await worker.stop();
  });

  it("are given to a build where there is only one", async () => {
    const build = await startBuild();
    const { ports, building, letGo } = slowBuilds();
    const worker = await startWorker(ports, 1);
    await expect.poll(() => building, { interval: 10 }).toEqual([build]);
    letGo();
    await worker.stop();
  });
});
