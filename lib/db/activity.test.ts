import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { tellBeginning } from "@/lib/contracts/beginning";
import type { NewEvent } from "@/lib/contracts/conversation";
import { newId } from "@/lib/contracts/id";
import type { RunListItem } from "@/lib/contracts/run";
import type { Viewer } from "@/lib/contracts/viewer";
import { getRunListItem, listRuns } from "./activity";
import { pool } from "./client";
import { testDatabase, testUser } from "./testing";

let database: Awaited<ReturnType<typeof testDatabase>>;
let viewer: Viewer;
let conversationId: string;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  viewer = await testUser();
  conversationId = await insertConversation(viewer);
});

async function insertConversation({ userId }: Viewer): Promise<string> {
  const id = newId("conv");
  await pool().query(`INSERT INTO "Conversation" (id, "userId", title) VALUES ($1, $2, 'Errands')`, [id, userId]);
  return id;
}

interface Made {
  status?: RunListItem["status"];
  kind?: "chat" | "build";
  createdAt?: string;
  /** Seconds after the start of the run, and what happened then. */
  log?: [number, NewEvent][];
}

const base = Date.parse("2026-11-01T10:00:00.000Z");

async function insertRun({ status = "done", kind = "chat", createdAt, log = [] }: Made = {}): Promise<string> {
  const id = newId("run");
  await pool().query(
    `INSERT INTO "Run" (id, "conversationId", "userId", kind, status, input, "createdAt") VALUES ($1, $2, $3, $4, $5, '{}', $6)`,
    [id, conversationId, viewer.userId, kind, status, createdAt ?? new Date(base)],
  );
  // Written directly, because the log's own clock cannot be turned back.
  for (const [seconds, { type, payload }] of log)
    await pool().query(
      `INSERT INTO "Event" ("conversationId", seq, "runId", type, payload, "createdAt")
       SELECT $1, (SELECT count(*) + 1 FROM "Event" WHERE "conversationId" = $1), $2, $3, $4, $5`,
      [conversationId, id, type, payload, new Date(base + seconds * 1000)],
    );
  return id;
}

const message: NewEvent = { type: "message-sent", payload: { text: "Find\n  my  loans", via: "api" } };
const claimed = (attempt: number): NewEvent => ({ type: "run-claimed", payload: { attempt, worker: "worker-1" } });
const started = (step: number, attempt = 1): NewEvent => ({
  type: "step-started",
  payload: { step, attempt, model: `Model ${step}` },
});
const finished = (step: number, calls: number, costMicros?: number): NewEvent => ({
  type: "step-finished",
  payload: {
    step,
    attempt: 1,
    finishReason: "stop",
    toolCalls: Array.from({ length: calls }, (_, index) => ({ callId: `c${step}_${index}`, tool: "t", input: {} })),
    usage: { inputTokens: 100, outputTokens: 10 },
    ...(costMicros === undefined ? {} : { costMicros }),
    durationMs: 5,
  },
});
/** A step that only its end tells of. */
const quick = (step: number): NewEvent => {
  const whole = tellBeginning(finished(step, 0), started(step));
  if (!whole) throw new Error("not its beginning");
  return whole;
};
const waited: NewEvent = { type: "run-waited", payload: { on: "approval", id: "appr_1", callId: "c1_0" } };
const decided: NewEvent = {
  type: "approval-decided",
  payload: { approvalId: "appr_1", callId: "c1_0", decision: "allowed" },
};
const ended: NewEvent = { type: "run-finished", payload: { status: "done" } };
const check = (attempt: number): NewEvent => ({
  type: "build-checked",
  payload: {
    buildId: "build_1",
    attempt,
    ok: true,
    digest: "d",
    files: [],
    findings: [],
    tests: [],
    usage: { inputTokens: 30, outputTokens: 3 },
  },
});

const ids = (runs: RunListItem[]) => runs.map((run) => run.runId);

describe("the list of runs", () => {
  it("counts steps, calls, tokens, cost and lost workers of each run, and of no other", async () => {
    const compacted: NewEvent = {
      type: "context-compacted",
      payload: {
        throughRunId: "run_0",
        summary: "s",
        by: "model",
        usage: { inputTokens: 7, outputTokens: 1 },
        costMicros: 50,
      },
    };
    const busy = await insertRun({
      log: [
        [0, message],
        [1, claimed(1)],
        [1, compacted],
        [2, started(1)],
        [4, claimed(2)],
        [5, started(1, 2)],
        [6, finished(1, 2, 1000)],
        [7, started(2)],
        [8, finished(2, 0, 500)],
        [9, quick(3)],
        [9, ended],
      ],
    });
    const idle = await insertRun({ status: "queued", createdAt: "2026-11-02T00:00:00Z", log: [[0, message]] });
    expect(await listRuns(viewer, {})).toMatchObject([
      { runId: idle, steps: 0, toolCalls: 0, costMicros: 0, attempts: 0, workedMs: 0, model: null },
      {
        runId: busy,
        conversationId,
        conversationTitle: "Errands",
        question: "Find my loans",
        model: "Model 3",
        steps: 3,
        toolCalls: 2,
        usage: { inputTokens: 307, outputTokens: 31 },
        costMicros: 1550,
        attempts: 2,
        workedMs: 8000,
      },
    ]);
  });

  it("measures work without the time before the first claim and the waiting for people", async () => {
    await insertRun({
      log: [
        [0, message],
        [60, claimed(1)],
        [61, started(1)],
        [62, finished(1, 1)],
        [63, waited],
        [4000, decided],
        [4005, claimed(1)],
        [4006, started(2)],
        [4007, finished(2, 0)],
        [4007, ended],
        [9000, { type: "effect-undone", payload: { callId: "c1_0", ok: true } }],
      ],
    });
    expect(await listRuns(viewer, {})).toMatchObject([{ workedMs: 5000, attempts: 1 }]);
  });

  it("measures a run at work to this moment, and one that was stopped asleep to where it fell asleep", async () => {
    const asleep = await insertRun({
      status: "stopped",
      createdAt: "2026-11-03T00:00:00Z",
      log: [
        [0, message],
        [1, claimed(1)],
        [3, waited],
        [900, { type: "run-finished", payload: { status: "stopped" } }],
      ],
    });
    const atWork = await insertRun({
      status: "running",
      log: [
        [0, message],
        [1, claimed(1)],
        [3, waited],
        [900, decided],
        [901, claimed(1)],
      ],
    });
    const runs = await listRuns(viewer, {});
    expect(runs[0]).toMatchObject({ runId: asleep, workedMs: 2000 });
    expect(runs[1]?.runId).toBe(atWork);
    const sinceClaimMs = Date.now() - (base + 901_000);
    expect(Math.abs((runs[1]?.workedMs ?? 0) - 2000 - sinceClaimMs)).toBeLessThan(60_000);
  });

  it("takes a build's tokens from its last word, and from its attempts until then", async () => {
    const begun: [number, NewEvent][] = [
      [0, { type: "build-started", payload: { buildId: "build_1", wish: "A weather module", maxAttempts: 5 } }],
      [1, claimed(1)],
      [2, check(1)],
      [3, check(2)],
    ];
    const open = await insertRun({ kind: "build", status: "running", log: begun });
    expect(await getRunListItem(viewer, open)).toMatchObject({
      question: "A weather module",
      usage: { inputTokens: 60, outputTokens: 6 },
    });
    const outcome = {
      buildId: "build_1",
      state: "failed" as const,
      category: null,
      name: null,
      title: null,
      digest: null,
      attempts: 2,
      reason: null,
      credentials: [],
      hosts: [],
    };
    const usage = { inputTokens: 75, outputTokens: 8 };
    const over = await insertRun({
      kind: "build",
      log: [...begun, [4, { type: "build-finished", payload: { buildId: "build_1", outcome, usage, durationMs: 1 } }]],
    });
    expect(await getRunListItem(viewer, over)).toMatchObject({ usage });
  });

  it("is newest first, and its pages neither repeat nor leave out a run, also of the same moment", async () => {
    const made: string[] = [];
    for (let n = 0; n < 7; n++)
      made.push(await insertRun({ createdAt: `2026-11-0${1 + Math.floor(n / 3)}T00:00:00Z` }));
    const seen: string[] = [];
    for (let before: string | undefined; ; before = seen.at(-1)) {
      const page = ids(await listRuns(viewer, { limit: 2, ...(before === undefined ? {} : { before }) }));
      if (page.length === 0) break;
      seen.push(...page);
    }
    expect(seen).toEqual(made.toReversed());
  });

  it("can be narrowed to a status and a kind", async () => {
    const failed = await insertRun({ status: "failed" });
    const build = await insertRun({ kind: "build" });
    await insertRun();
    expect(ids(await listRuns(viewer, { status: "failed" }))).toEqual([failed]);
    expect(ids(await listRuns(viewer, { kind: "build" }))).toEqual([build]);
    expect(await listRuns(viewer, { kind: "build", status: "failed" })).toEqual([]);
  });

  it("shows a stranger nothing, also when they name somebody else's run", async () => {
    const mine = await insertRun({ log: [[0, message]] });
    const stranger = await testUser();
    expect(await listRuns(stranger, {})).toEqual([]);
    expect(await listRuns(stranger, { before: mine })).toEqual([]);
    await expect(getRunListItem(stranger, mine)).rejects.toMatchObject({ code: "not-found" });
  });
});
