import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { newId } from "@/lib/contracts/id";
import { asSystem, type Viewer } from "@/lib/contracts/viewer";
import { decideApproval, requestApproval } from "./approvals";
import {
  buryRuns,
  type ClaimedRun,
  claimRun,
  finishRun,
  heartbeat,
  maxRecoveries,
  postponeRun,
  releaseRuns,
  workerLockClass,
  workerName,
} from "./claims";
import { dedicatedConnection, pool } from "./client";
import { getConversation } from "./conversations";
import { appendEvents, LostRunError, readAllEvents } from "./events";
import { countLiveWorkers } from "./live-workers";
import { createRun, getRun, requestStop, titleOf } from "./runs";
import { testDatabase, testUser } from "./testing";
import { waitOn, wakeOverdueRuns } from "./waiting";

let database: Awaited<ReturnType<typeof testDatabase>>;
let viewer: Viewer;
const system = asSystem("test");
const step = (text: string) => ({ type: "text-appended", payload: { step: 1, attempt: 1, text } }) as const;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  await pool().query(`UPDATE "Run" SET status = 'done', "finishedAt" = now() WHERE "finishedAt" IS NULL`);
  viewer = await testUser();
});

async function claim(worker = workerName(1)): Promise<ClaimedRun> {
  const run = await claimRun(system, worker);
  if (!run) throw new Error("nothing to claim");
  return run;
}

const start = (message = "Hello", more: { conversationId?: string; idempotencyKey?: string } = {}) =>
  createRun(viewer, { message, via: "api", ...more });

/** Holds the session lock of a worker as a living one does. */
async function livingWorker(lockNumber: number) {
  const client = await dedicatedConnection("test-worker");
  await client.query("SELECT pg_advisory_lock($1, $2)", [workerLockClass, lockNumber]);
  return { name: workerName(lockNumber), die: () => client.end() };
}

describe("starting a run", () => {
  it("stores message and run together and titles a new conversation", async () => {
    const { runId, conversationId } = await start("Plan my week\nwith some detail");
    expect(await readAllEvents(viewer, conversationId)).toMatchObject([
      {
        seq: 1,
        runId,
        type: "message-sent",
        payload: { text: "Plan my week\nwith some detail", via: "api" },
      },
    ]);
    expect(await getConversation(viewer, conversationId)).toMatchObject({
      title: "Plan my week",
      isBusy: true,
      lastSeq: 1,
    });
    const again = await start("Another", { conversationId });
    expect(await getConversation(viewer, conversationId)).toMatchObject({
      title: "Plan my week",
      lastSeq: 2,
    });
    expect(again.conversationId).toBe(conversationId);
  });

  it("gives one run for the same key and body, however often and at once", async () => {
    const results = await Promise.all(Array.from({ length: 12 }, () => start("Once", { idempotencyKey: "k1" })));
    expect(new Set(results.map((one) => one.runId)).size).toBe(1);
    expect(results.filter((one) => one.created)).toHaveLength(1);
    const { rows } = await pool().query(`SELECT count(*)::int AS n FROM "Conversation" WHERE "userId" = $1`, [
      viewer.userId,
    ]);
    expect(rows[0].n).toBe(1);
    expect(await readAllEvents(viewer, results[0]?.conversationId ?? "")).toHaveLength(1);
  });

  it("refuses another body under a used key, also when both arrive at once", async () => {
    const results = await Promise.allSettled([
      start("A", { idempotencyKey: "k" }),
      start("B", { idempotencyKey: "k" }),
    ]);
    const refused = results.filter((one) => one.status === "rejected");
    expect(refused).toHaveLength(1);
    expect(refused[0]?.reason).toMatchObject({ code: "conflict" });
  });

  it("keeps keys of different people apart", async () => {
    const mine = await start("A", { idempotencyKey: "shared" });
    viewer = await testUser();
    expect((await start("B", { idempotencyKey: "shared" })).runId).not.toBe(mine.runId);
  });

  it("writes nothing into a conversation of somebody else", async () => {
    const { conversationId } = await start();
    const owner = viewer;
    viewer = await testUser();
    await expect(start("Mine now", { conversationId })).rejects.toMatchObject({ code: "not-found" });
    expect(await readAllEvents(owner, conversationId)).toHaveLength(1);
  });

  it("cuts titles at a word", () => {
    expect(titleOf("  ")).toBe("New conversation");
    expect(titleOf("a ".repeat(80))).toHaveLength(60);
  });
});

describe("claiming", () => {
  it("gives each of many runs to exactly one of several workers", async () => {
    await Promise.all(Array.from({ length: 200 }, (_, index) => start(`m${index}`)));
    const workers = await Promise.all([livingWorker(11), livingWorker(12), livingWorker(13)]);
    const taken: string[] = [];
    await Promise.all(
      [...workers, ...workers].map(async ({ name }) => {
        for (let run = await claimRun(system, name); run; run = await claimRun(system, name)) taken.push(run.runId);
      }),
    );
    await Promise.all(workers.map((worker) => worker.die()));
    expect(taken).toHaveLength(200);
    expect(new Set(taken).size).toBe(200);
  });

  it("raises the fence, so that the former holder can write nothing and end nothing", async () => {
    const { conversationId } = await start();
    const first = await claim();
    await appendEvents(system, first, [step("a")]);
    const second = await claim(workerName(2)); // worker 1 holds no lock: it counts as dead
    expect(second).toMatchObject({ runId: first.runId, fence: first.fence + 1, attempt: 2 });
    await expect(appendEvents(system, first, [step("b")])).rejects.toBeInstanceOf(LostRunError);
    await expect(finishRun(system, first, { status: "done" })).rejects.toBeInstanceOf(LostRunError);
    await expect(waitOn(system, first, { on: "build", id: "x", callId: "c" })).rejects.toBeInstanceOf(LostRunError);
    await appendEvents(system, second, [step("c")]);
    const texts = (await readAllEvents(viewer, conversationId)).flatMap((event) =>
      event.type === "text-appended" ? event.payload.text : [],
    );
    expect(texts).toEqual(["a", "c"]);
  });

  it("leaves a living worker's run alone until its lease runs out, a dead worker's not for a moment", async () => {
    await start();
    const living = await livingWorker(21);
    const run = await claim(living.name);
    expect(await countLiveWorkers(system)).toBe(1);
    expect(await claimRun(system, workerName(22))).toBeNull();
    await pool().query(`UPDATE "Run" SET "leaseUntil" = clock_timestamp() - interval '1 s' WHERE id = $1`, [run.runId]);
    const taken = await claim(workerName(22));
    expect(taken.runId).toBe(run.runId);
    await living.die();
  });

  it("takes over at once when the worker's connection is gone, long before the lease ends", async () => {
    await start();
    const doomed = await livingWorker(31);
    const run = await claim(doomed.name);
    await doomed.die();
    await expect.poll(() => claimRun(system, workerName(32)), { interval: 20 }).toMatchObject({ runId: run.runId });
  });

  it("answers one conversation's messages one after the other, and never lets one wait block the next", async () => {
    const { conversationId, runId } = await start("first");
    const second = await start("second", { conversationId });
    const first = await claim();
    expect(first.runId).toBe(runId);
    expect((await claimRun(system, workerName(1)))?.runId ?? first.runId).toBe(first.runId);
    const held = await getRun(viewer, runId);
    await waitOn(
      system,
      { runId, fence: held.fence },
      { on: "approval", id: await pendingApproval({ ...first, fence: held.fence }), callId: "c" },
    );
    expect((await claim()).runId).toBe(second.runId);
  });

  it("hands over on release without counting a loss, and the old holder is out", async () => {
    await start();
    const run = await claim();
    expect(await releaseRuns(system, workerName(1))).toBe(1);
    await expect(appendEvents(system, run, [step("late")])).rejects.toBeInstanceOf(LostRunError);
    expect((await claim(workerName(2))).attempt).toBe(1);
  });

  it("gives a run up after its recoveries, with a reason, unless it got on between", async () => {
    const { runId, conversationId } = await start();
    for (let n = 1; n <= maxRecoveries + 1; n++) expect((await claim()).attempt).toBe(n);
    expect(await claimRun(system, workerName(1))).toBeNull();
    const nothingIsOpen = () => expect.unreachable();
    expect(await buryRuns(system, nothingIsOpen)).toEqual([runId]);
    expect(await getRun(viewer, runId)).toMatchObject({ status: "dead", error: { code: "unavailable" } });
    expect((await readAllEvents(viewer, conversationId)).at(-1)).toMatchObject({
      type: "run-finished",
      payload: { status: "dead" },
    });

    await start();
    for (let n = 1; n <= maxRecoveries; n++) await claim();
    const usage = { inputTokens: 0, outputTokens: 0 };
    await appendEvents(system, await claim(), [
      {
        type: "step-finished",
        payload: { step: 1, attempt: 1, finishReason: "stop", toolCalls: [], usage, durationMs: 1 },
      },
    ]);
    expect((await claim()).attempt).toBe(2);
  });

  it("renews what is held and reports what was asked to stop", async () => {
    const { runId } = await start();
    const run = await claim();
    await requestStop(viewer, runId);
    expect(await heartbeat(system, workerName(1))).toEqual([{ runId, fence: run.fence, stopRequested: true }]);
    await postponeRun(system, run, 60_000);
    expect(await heartbeat(system, workerName(1))).toEqual([]);
    expect(await claimRun(system, workerName(1))).toBeNull();
  });
});

async function pendingApproval(run: ClaimedRun): Promise<string> {
  const { id } = await requestApproval(viewer, {
    conversationId: run.conversationId,
    runId: run.runId,
    fence: run.fence,
    callId: "c",
    tool: "t",
    argumentsHash: "h",
    request: { title: "Do it", lines: [], effect: "write" },
  });
  return id;
}

describe("waiting", () => {
  it("sleeps until the approval is decided, exactly once", async () => {
    const { runId } = await start();
    const run = await claim();
    const id = await pendingApproval(run);
    await waitOn(system, run, { on: "approval", id, callId: "c" });
    expect(await claimRun(system, workerName(1))).toBeNull();
    const decisions = await Promise.allSettled([
      decideApproval(viewer, id, { decision: "allow" }),
      decideApproval(viewer, id, { decision: "deny" }),
    ]);
    expect(decisions.filter((one) => one.status === "fulfilled")).toHaveLength(1);
    expect((await claim()).runId).toBe(runId);
  });

  it("loses no wake-up when the decision and the falling asleep happen at the same time", async () => {
    for (let round = 0; round < 25; round++) {
      const { runId } = await start(`round ${round}`);
      const run = await claim();
      const id = await pendingApproval(run);
      await Promise.all([
        waitOn(system, run, { on: "approval", id, callId: "c" }),
        decideApproval(viewer, id, { decision: "allow" }),
      ]);
      const woken = await claim();
      expect(woken.runId).toBe(runId);
      await finishRun(system, woken, { status: "done" });
    }
  });

  it("wakes a waiting chat run when its build's run ends, also when both happen at once", async () => {
    const living = await livingWorker(1);
    for (let round = 0; round < 10; round++) {
      const { runId, conversationId } = await start(`build ${round}`);
      const parent = await claim();
      const build = await insertBuild(conversationId, runId);
      const child = await claim(workerName(2));
      expect(child).toMatchObject({ runId: build.runId, kind: "build", input: { buildId: build.buildId } });
      await Promise.all([
        waitOn(system, parent, { on: "build", id: build.buildId, callId: "c" }),
        finishRun(system, { ...child, buildId: build.buildId }, { status: "done" }),
      ]);
      const woken = await claim();
      expect(woken.runId).toBe(runId);
      await finishRun(system, woken, { status: "done" });
    }
    await living.die();
  });

  it("wakes what waits for something that is over or gone without anybody having said so", async () => {
    await start();
    const run = await claim();
    const id = await pendingApproval(run);
    await waitOn(system, run, { on: "approval", id, callId: "c" });
    expect(await wakeOverdueRuns(system)).toBe(0);
    await pool().query(`UPDATE "Approval" SET "expiresAt" = now() - interval '1 s' WHERE id = $1`, [id]);
    expect(await wakeOverdueRuns(system)).toBe(1);
    expect((await claim()).runId).toBe(run.runId);
  });
});

async function insertBuild(conversationId: string, parentRunId: string) {
  const [buildId, runId] = [newId("build"), newId("run")];
  await pool().query(
    `INSERT INTO "Run" (id, "conversationId", "userId", kind, status, input) VALUES ($1, $2, $3, 'build', 'queued', $4)`,
    [runId, conversationId, viewer.userId, { buildId }],
  );
  await pool().query(
    `INSERT INTO "Build" (id, "userId", "conversationId", "runId", "parentRunId", "callId", request, state, "updatedAt")
     VALUES ($1, $2, $3, $4, $5, 'c', '{}', 'planning', now())`,
    [buildId, viewer.userId, conversationId, runId, parentRunId],
  );
  return { buildId, runId };
}

describe("stopping", () => {
  it("ends a run that nobody works on at once, with its event", async () => {
    const { runId, conversationId } = await start();
    await requestStop(viewer, runId);
    expect(await getRun(viewer, runId)).toMatchObject({ status: "stopped" });
    expect((await readAllEvents(viewer, conversationId)).at(-1)).toMatchObject({
      type: "run-finished",
      payload: { status: "stopped" },
    });
    expect(await claimRun(system, workerName(1))).toBeNull();
    await requestStop(viewer, runId);
    expect(await readAllEvents(viewer, conversationId)).toHaveLength(2);
  });

  it("ends a waiting run, its open question and its build", async () => {
    const { runId, conversationId } = await start();
    const run = await claim();
    const approvalId = await pendingApproval(run);
    const build = await insertBuild(conversationId, runId);
    await waitOn(system, run, { on: "approval", id: approvalId, callId: "c" });
    await requestStop(viewer, runId);
    expect(await getRun(viewer, runId)).toMatchObject({ status: "stopped" });
    await expect(decideApproval(viewer, approvalId, { decision: "allow" })).rejects.toMatchObject({ code: "conflict" });
    expect((await getRun(viewer, build.runId)).stopRequestedAt).not.toBeNull();
  });

  it("does not let a run fall asleep that was asked to stop", async () => {
    const { runId } = await start();
    const run = await claim();
    const approvalId = await pendingApproval(run);
    await requestStop(viewer, runId);
    await waitOn(system, run, { on: "approval", id: approvalId, callId: "c" });
    const stopping = await claim();
    expect(stopping).toMatchObject({ runId, stopRequested: true });
    await finishRun(system, stopping, { status: "stopped" });
    await expect(decideApproval(viewer, approvalId, { decision: "allow" })).rejects.toMatchObject({ code: "conflict" });
  });
});
