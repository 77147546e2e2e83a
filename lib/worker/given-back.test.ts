import { afterAll, beforeAll, expect, it } from "vitest";
import type { Viewer } from "@/lib/contracts/viewer";
import { maxRecoveries } from "@/lib/db/claims";
import { pool } from "@/lib/db/client";
import { readAllEvents } from "@/lib/db/events";
import { createRun, getRun } from "@/lib/db/runs";
import { testDatabase, testUser } from "@/lib/db/testing";
import { scriptedModel } from "@/lib/orchestrator/testing";
import { refuseEvents } from "@/lib/orchestrator/testing-loop";
import { startWorker } from "./start-worker";
import { testPorts } from "./testing-worker";

let database: Awaited<ReturnType<typeof testDatabase>>;
let viewer: Viewer;

beforeAll(async () => {
  database = await testDatabase();
  viewer = await testUser();
});
afterAll(() => database.close());

it("a run that cannot even be ended is not tried for ever: each try counts, and then it is given up", async () => {
  const { runId, conversationId } = await createRun(viewer, { message: "Go", via: "api" });
  const before = maxRecoveries - 1;
  await pool().query(`UPDATE "Run" SET attempts = $2 WHERE id = $1`, [runId, before]);
  const accept = await refuseEvents(`NEW.type = 'text-appended' OR NEW.payload->>'status' = 'failed'`);
  const { model, calls } = scriptedModel(() => ({ text: "Hello" }));
  const ports = testPorts({ callsFile: "/dev/null", killAt: null, script: "tools" });
  const worker = await startWorker(
    { ...ports, resolveModel: async () => ({ model, label: "Scripted", provider: "scripted" }) },
    2,
  );
  await expect.poll(async () => (await getRun(viewer, runId)).status, { timeout: 20_000, interval: 100 }).toBe("dead");
  await worker.stop();
  await accept();
  expect(calls).toHaveLength(maxRecoveries + 1 - before);
  expect((await readAllEvents(viewer, conversationId)).at(-1)).toMatchObject({
    type: "run-finished",
    payload: { status: "dead" },
  });
}, 30_000);
