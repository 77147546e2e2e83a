import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { newId } from "@/lib/contracts/id";
import type { Viewer } from "@/lib/contracts/viewer";
import { pool } from "@/lib/db/client";
import { listen } from "@/lib/db/listen";
import { createRun, getRun } from "@/lib/db/runs";
import { testDatabase, testUser } from "@/lib/db/testing";
import { noUsage, scriptedModel, stepsInPrompt } from "@/lib/orchestrator/testing";
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

const nothing = { findings: [], tests: [], files: [] };
const checked = { buildId: "b", attempt: 1, ok: false, digest: "d", ...nothing };

const start = () => createRun(viewer, { message: "Go", via: "api" });

async function startBuild(attempts = 0): Promise<string> {
  const { runId, conversationId } = await start();
  await pool().query(`UPDATE "Run" SET status = 'done', "finishedAt" = now() WHERE id = $1`, [runId]);
  const build = newId("run");
  await pool().query(
    `INSERT INTO "Run" (id, "conversationId", "userId", kind, status, input, attempts) VALUES ($1, $2, $3, 'build', 'queued', '{"buildId": "b"}', $4)`,
    [build, conversationId, viewer.userId, attempts],
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

/** A model that is held at every step: it asks for a read, and then goes on to its answer. */
function heldModel(): { ports: WorkerPorts; steps: (() => void)[] } {
  const steps: (() => void)[] = [];
  const { model } = scriptedModel((asked) => ({
    parts: async function* () {
      await new Promise<void>((resolve) => steps.push(resolve));
      if (stepsInPrompt(asked) === 0)
        yield { type: "tool-call", toolCallId: newId("call"), toolName: "look_up", input: "{}" };
      else yield { type: "text-delta", id: "1", delta: "There." };
      yield { type: "finish", finishReason: { unified: "stop", raw: undefined }, usage: noUsage };
    },
  }));
  const ports = testPorts({ callsFile: "/dev/null", killAt: null, script: "tools" });
  return { ports: { ...ports, resolveModel: async () => ({ model, label: "Held", provider: "scripted" }) }, steps };
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
    const builds = await Promise.all(Array.from({ length: 5 }, () => startBuild()));
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

  it("are open to others again as soon as a run that took too many workers with it gets on", async () => {
    const suspect = await start();
    await pool().query(`UPDATE "Run" SET attempts = 3 WHERE id = $1`, [suspect.runId]);
    const { ports, steps } = heldModel();
    const worker = await startWorker(ports, 3);
    const statusOf = async ({ runId }: { runId: string }) => (await getRun(viewer, runId)).status;
    await expect.poll(() => steps.length, { interval: 10 }).toBe(1);
    // Told after the worker, which listens already.
    const told: string[] = [];
    const stopListening = listen("burgeon_runs", (runId) => told.push(runId));
    const other = await start();
    // Nothing, where the connection was made only now: then it asks for all there is.
    await expect.poll(() => told.some((runId) => ["", other.runId].includes(runId)), { interval: 10 }).toBe(true);
    stopListening();
    expect(await statusOf(other)).toBe("queued");
    steps[0]?.();
    // The next step of the one and the first of the other.
    await expect.poll(() => steps.length, { interval: 10, timeout: 900 }).toBe(3);
    expect([await statusOf(suspect), await statusOf(other)]).toEqual(["running", "running"]);
    await worker.stop();
  });

  it("are open to others as well as soon as such a build gets on, and not only at its end", async () => {
    const build = await startBuild(3);
    const { ports, building, letGo } = slowBuilds();
    const getsOn = Promise.withResolvers<void>();
    const { executeBuild } = ports;
    ports.executeBuild = async (work) => {
      await getsOn.promise;
      await work.append([{ type: "build-checked", payload: checked }]);
      await executeBuild(work);
    };
    const worker = await startWorker(ports, 3);
    const statusOf = async (id: string) => (await getRun(viewer, id)).status;
    await expect.poll(() => statusOf(build), { interval: 10 }).toBe("running");
    const { runId } = await start();
    // Longer than a poll of the worker.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(await statusOf(runId)).toBe("queued");
    getsOn.resolve();
    await expect.poll(() => statusOf(runId), { timeout: 5000, interval: 20 }).toBe("done");
    expect([building, await statusOf(build)]).toEqual([[build], "running"]);
    letGo();
    await worker.stop();
  });
});
