import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { newId } from "@/lib/contracts/id";
import { asSystem, type Viewer } from "@/lib/contracts/viewer";
import { claimRuns, type ClaimTerms, workerLockClass, workerName } from "./claims";
import { dedicatedConnection, type DedicatedConnection, pool } from "./client";
import { readAllEvents } from "./events";
import { createRun } from "./runs";
import { testDatabase, testUser } from "./testing";

let database: Awaited<ReturnType<typeof testDatabase>>;
let viewer: Viewer;
let living: DedicatedConnection;
const me = workerName(1);

beforeAll(async () => {
  database = await testDatabase();
  // What this worker has claimed is its own for as long as its session lock is held.
  living = await dedicatedConnection("test-worker");
  await living.query("SELECT pg_advisory_lock($1, 1)", [workerLockClass]);
});
afterAll(async () => {
  await living.end();
  await database.close();
});
beforeEach(async () => {
  await pool().query(`UPDATE "Run" SET status = 'done', "finishedAt" = now() WHERE "finishedAt" IS NULL`);
  viewer = await testUser();
});

const start = (conversationId?: string) =>
  createRun(viewer, { message: "Hello", via: "api", ...(conversationId ? { conversationId } : {}) });
const claim = (terms: ClaimTerms) => claimRuns(asSystem("test"), me, terms);

async function startMany(count: number) {
  const runs: Awaited<ReturnType<typeof start>>[] = [];
  for (let n = 0; n < count; n++) runs.push(await start());
  return runs.map(({ runId }) => runId);
}

async function insertBuild(conversationId: string): Promise<string> {
  const runId = newId("run");
  await pool().query(
    `INSERT INTO "Run" (id, "conversationId", "userId", kind, status, input) VALUES ($1, $2, $3, 'build', 'queued', '{}')`,
    [runId, conversationId, viewer.userId],
  );
  return runId;
}

/** As if these runs had taken workers with them. */
async function loseWorkers(runIds: string[], count: number): Promise<void> {
  await pool().query(`UPDATE "Run" SET attempts = $2 WHERE id = ANY($1)`, [runIds, count]);
}

describe("claiming several runs at once", () => {
  it("takes the oldest ones, no more than there are places, each with a claim of its own", async () => {
    const runs = await startMany(5);
    const taken = await claim({ places: 3 });
    expect(taken.map(({ runId }) => runId).sort()).toEqual(runs.slice(0, 3).sort());
    for (const { conversationId, runId, fence, attempt } of taken) {
      expect([fence, attempt]).toEqual([1, 1]);
      expect(await readAllEvents(viewer, conversationId)).toMatchObject([
        { seq: 1, type: "message-sent" },
        { seq: 2, type: "run-claimed", runId, payload: { attempt: 1, worker: me } },
      ]);
    }
    expect((await claim({ places: 3 })).map(({ runId }) => runId).sort()).toEqual(runs.slice(3).sort());
    expect(await claim({ places: 3 })).toEqual([]);
  });

  it("takes only the first of a conversation's questions", async () => {
    const { runId, conversationId } = await start();
    await start(conversationId);
    const other = await start();
    expect((await claim({ places: 9 })).map((run) => run.runId).sort()).toEqual([runId, other.runId].sort());
  });

  it("numbers the events of an answer and of builds that are claimed together in one conversation", async () => {
    const { runId, conversationId } = await start();
    const runs = [runId, await insertBuild(conversationId), await insertBuild(conversationId)];
    expect(await claim({ places: 9 })).toHaveLength(3);
    const events = await readAllEvents(viewer, conversationId);
    expect(events.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
    expect(
      events
        .slice(1)
        .map((event) => event.runId)
        .sort(),
    ).toEqual(runs.sort());
    await start(conversationId);
    expect((await readAllEvents(viewer, conversationId)).at(-1)?.seq).toBe(5);
  });

  it("leaves builds for later where that is asked", async () => {
    const { runId, conversationId } = await start();
    const build = await insertBuild(conversationId);
    expect((await claim({ places: 9, chatOnly: true })).map((run) => run.runId)).toEqual([runId]);
    expect((await claim({ places: 9 })).map((run) => run.runId)).toEqual([build]);
  });

  it("takes a run that took three workers with it alone, when its turn comes", async () => {
    const [first = "", ...others] = await startMany(3);
    await loseWorkers([first], 3);
    expect((await claim({ places: 9 })).map(({ runId }) => runId)).toEqual([first]);
    expect((await claim({ places: 9 })).map(({ runId }) => runId).sort()).toEqual(others.sort());
  });

  it("takes it not beside others, whether they come along or are at work already", async () => {
    const [first = "", second = "", third = ""] = await startMany(3);
    await loseWorkers([second, third], 3);
    expect((await claim({ places: 9 })).map(({ runId }) => runId)).toEqual([first]);
    expect(await claim({ places: 9, alone: false })).toEqual([]);
    expect((await claim({ places: 9 })).map(({ runId }) => runId)).toEqual([second]);
  });

  it("takes nothing again that is at work here, also when its lease has run out", async () => {
    const runs = await startMany(2);
    await claim({ places: 1 });
    await pool().query(`UPDATE "Run" SET "leaseUntil" = clock_timestamp() - interval '1 s' WHERE id = $1`, [runs[0]]);
    const taken = await claim({ places: 9, active: runs.slice(0, 1) });
    expect(taken.map(({ runId }) => runId)).toEqual(runs.slice(1));
  });
});
