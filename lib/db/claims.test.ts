import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { NewEvent } from "@/lib/contracts/conversation";
import { newId } from "@/lib/contracts/id";
import { asSystem, type Viewer } from "@/lib/contracts/viewer";
import { decideApproval, requestApproval } from "./approvals";
import {
  buryRuns,
  claimRuns,
  type ClaimTerms,
  type LeftEffect,
  maxRecoveries,
  postponeRun,
  workerLockClass,
  workerName,
} from "./claims";
import { dedicatedConnection, type DedicatedConnection, pool } from "./client";
import { listEffects, recordIntent, recordOutcome } from "./effects";
import { appendEvents, readAllEvents } from "./events";
import { createRun, getRun } from "./runs";
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

/** As the worker tells of it. */
const toEnd = ({ callId, tool }: LeftEffect): NewEvent => ({
  type: "tool-finished",
  payload: { callId, tool, ok: false, error: { code: "unknown-outcome", message: "Who knows?" }, durationMs: 0 },
});

describe("a run that is given up", () => {
  it("tells of every effect that it leaves open, and leaves no question open", async () => {
    const { runId, conversationId } = await start();
    const [run] = await claim({ places: 1 });
    if (!run) throw new Error("nothing to claim");
    const begin = (callId: string, tool = "send_letter") =>
      recordIntent(viewer, { idempotencyKey: callId + runId, ...run, callId, tool, requestHash: "h", target: null });
    await begin("tried");
    await begin("unknown");
    await recordOutcome(viewer, `unknown${runId}`, { state: "unknown" });
    await begin("done");
    await recordOutcome(viewer, `done${runId}`, { state: "done", result: {} });
    await begin("told");
    await begin("build", "build_module");
    await appendEvents(asSystem("test"), run, [toEnd({ callId: "told", tool: "send_letter" })]);
    const request = { title: "Send?", lines: [], effect: "write" as const };
    const question = { callId: "asked", kind: "permission" as const, tool: "send_letter", argumentsHash: "h", request };
    const { id } = await requestApproval(viewer, { ...run, ...question });
    await loseWorkers([runId], maxRecoveries + 1);
    await pool().query(`UPDATE "Run" SET "leaseUntil" = clock_timestamp() WHERE id = $1`, [runId]);
    const before = (await readAllEvents(viewer, conversationId)).length;

    expect(await buryRuns(asSystem("test"), toEnd)).toEqual([runId]);

    const events = await readAllEvents(viewer, conversationId);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    const unknown = { ok: false, error: { code: "unknown-outcome" } };
    expect(events.slice(before)).toMatchObject([
      { runId, type: "tool-finished", payload: { callId: "tried", ...unknown } },
      { runId, type: "tool-finished", payload: { callId: "unknown", ...unknown } },
      { runId, type: "run-finished", payload: { status: "dead", error: { code: "unavailable" } } },
    ]);
    const states = (await listEffects(viewer, runId)).map(({ callId, state }) => [callId, state]);
    expect(Object.fromEntries(states)).toEqual({
      ...{ tried: "unknown", unknown: "unknown", told: "unknown", build: "unknown" },
      done: "done",
    });
    await expect(decideApproval(viewer, id, { decision: "allow" })).rejects.toMatchObject({ code: "conflict" });
    expect(await buryRuns(asSystem("test"), toEnd)).toEqual([]);
  });

  it("is buried once, whoever looks at the same moment", async () => {
    const runs = await startMany(3);
    await loseWorkers(runs, maxRecoveries + 1);
    const found = await Promise.all([1, 2, 3, 4].map(() => buryRuns(asSystem("test"), toEnd)));
    expect(found.flat().sort()).toEqual([...runs].sort());
  });
});

describe("a run that is given back", () => {
  it("counts as a lost worker only where the run itself may be to blame", async () => {
    const [runId = ""] = await startMany(1);
    const attempts: number[] = [];
    for (const counts of [false, true, true]) {
      const [run] = await claim({ places: 1 });
      if (!run) throw new Error("nothing to claim");
      await postponeRun(asSystem("test"), run, 0, { counts });
      attempts.push((await getRun(viewer, runId)).attempts);
    }
    expect(attempts).toEqual([0, 1, 2]);
  });
});
