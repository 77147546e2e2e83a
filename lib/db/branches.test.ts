import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { NewEvent } from "@/lib/contracts/conversation";
import { newId } from "@/lib/contracts/id";
import { asSystem, type Viewer } from "@/lib/contracts/viewer";
import { copyPath } from "@/lib/conversation/copy-path";
import { answerOf, foldConversation, runsOnPath } from "@/lib/conversation/display";
import { turnsOnPath } from "@/lib/conversation/path";
import { toModelPrompt } from "@/lib/conversation/prompt";
import { claimRun, finishRun, workerName } from "./claims";
import { pool } from "./client";
import { branchConversation, chooseBranch, getConversation, listConversations } from "./conversations";
import { appendEvents, readAllEvents, readReplayableEvents } from "./events";
import { createRun, getRun, type NewRun, requestStop } from "./runs";
import { testDatabase, testUser } from "./testing";

let database: Awaited<ReturnType<typeof testDatabase>>;
let viewer: Viewer;
const system = asSystem("test");

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  await pool().query(`UPDATE "Run" SET status = 'done', "finishedAt" = now() WHERE "finishedAt" IS NULL`);
  viewer = await testUser();
});

const start = (run: Omit<NewRun, "via">) => createRun(viewer, { via: "api", ...run });
const path = async (conversationId: string) => turnsOnPath(await readAllEvents(viewer, conversationId));
const firstEvent = async (conversationId: string, runId: string) =>
  (await readAllEvents(viewer, conversationId)).find((event) => event.runId === runId);

function stepOf(step: number, calls: string[]): NewEvent[] {
  return [
    { type: "step-started", payload: { step, attempt: 1, model: "m" } },
    { type: "text-appended", payload: { step, attempt: 1, text: `Step ${step}.` } },
    {
      type: "step-finished",
      payload: {
        step,
        attempt: 1,
        finishReason: "stop",
        toolCalls: calls.map((callId) => ({ callId, tool: "create_note", input: {} })),
        usage: { inputTokens: 10, outputTokens: 5 },
        costMicros: 3,
        durationMs: 1,
      },
    },
  ];
}
const resultOf = (callId: string): NewEvent => ({
  type: "tool-finished",
  payload: {
    callId,
    tool: "create_note",
    ok: true,
    output: { noteId: callId },
    undo: { until: "2099-01-01T00:00:00.000Z", label: "Deletes the note" },
    grantId: "grant_1",
    durationMs: 1,
  },
});

/** Works on the run that is next, as a worker does. */
async function work(events: NewEvent[], isFinished = true): Promise<void> {
  const run = await claimRun(system, workerName(1));
  if (!run) throw new Error("nothing to claim");
  await appendEvents(system, run, events);
  if (isFinished) await finishRun(system, run, { status: "done" });
}

/** A conversation with one answer of two steps, the first with a call. */
async function answered() {
  const created = await start({ message: "Write it down", maskedSecrets: 1 });
  await work([...stepOf(1, [`${created.runId}_c`]), resultOf(`${created.runId}_c`), ...stepOf(2, [])]);
  return created;
}

describe("asking again", () => {
  it("puts an edited question beside the one it replaces, and the conversation goes on from there", async () => {
    const { conversationId, runId } = await answered();
    const second = await start({ message: "And then?", conversationId });
    const edited = await start({ message: "Instead?", conversationId, parentRunId: runId });
    expect(await path(conversationId)).toEqual([runId, edited.runId]);
    const first = await start({ message: "From the beginning", conversationId, parentRunId: null });
    expect(await path(conversationId)).toEqual([first.runId]);
    await chooseBranch(viewer, conversationId, second.runId);
    const last = await start({ message: "Go on", conversationId });
    expect(await path(conversationId)).toEqual([runId, second.runId, last.runId]);
  });

  it("finds the conversation by the turn that is meant, when none is named", async () => {
    const { conversationId, runId } = await answered();
    expect((await start({ message: "Next", parentRunId: runId })).conversationId).toBe(conversationId);
    expect((await start({ regenerate: runId })).conversationId).toBe(conversationId);
  });

  it("asks a question word for word, with what was masked in it, beside the answer it had", async () => {
    const { conversationId, runId } = await answered();
    const again = await start({ regenerate: runId, conversationId });
    expect(await firstEvent(conversationId, again.runId)).toMatchObject({
      type: "message-sent",
      payload: { text: "Write it down", via: "api", maskedSecrets: 1, regenerates: runId },
    });
    expect(await path(conversationId)).toEqual([again.runId]);
    expect(await getRun(viewer, again.runId)).toMatchObject({ status: "queued" });
  });

  it("works while the answer before is still being written", async () => {
    const { conversationId, runId } = await start({ message: "Slow" });
    await work(stepOf(1, []), false);
    const again = await start({ regenerate: runId });
    expect(await path(conversationId)).toEqual([again.runId]);
    expect(await getRun(viewer, runId)).toMatchObject({ status: "running" });
  });

  it("refuses turns of other conversations, of other people, and builds", async () => {
    const mine = await answered();
    const other = await answered();
    const notFound = { code: "not-found" };
    const { conversationId } = mine;
    await expect(start({ message: "x", conversationId, parentRunId: other.runId })).rejects.toMatchObject(notFound);
    await expect(start({ regenerate: other.runId, conversationId })).rejects.toMatchObject(notFound);
    await expect(start({ fork: { runId: other.runId, step: 1 }, conversationId })).rejects.toMatchObject(notFound);
    const build = newId("run");
    await pool().query(
      `INSERT INTO "Run" (id, "conversationId", "userId", kind, status, input) VALUES ($1, $2, $3, 'build', 'queued', '{}')`,
      [build, conversationId, viewer.userId],
    );
    await expect(start({ message: "x", conversationId, parentRunId: build })).rejects.toMatchObject(notFound);
    await expect(start({ regenerate: build })).rejects.toMatchObject(notFound);
    await expect(chooseBranch(viewer, conversationId, build)).rejects.toMatchObject(notFound);
    await expect(chooseBranch(viewer, conversationId, other.runId)).rejects.toMatchObject(notFound);
    expect(await path(conversationId)).toEqual([mine.runId]);
  });

  it("covers the whole body with its idempotency key", async () => {
    const { conversationId, runId } = await answered();
    const key = { idempotencyKey: "k", conversationId };
    const again = await Promise.all(Array.from({ length: 5 }, () => start({ ...key, regenerate: runId })));
    expect(new Set(again.map((one) => one.runId)).size).toBe(1);
    expect(await path(conversationId)).toHaveLength(1);
    for (const body of [
      { message: "x" },
      { message: "x", parentRunId: null },
      { fork: { runId, step: 1 } },
      { regenerate: runId, parentRunId: null },
    ])
      await expect(start({ ...key, ...body })).rejects.toMatchObject({ code: "conflict" });
    const fork = { idempotencyKey: "f", conversationId, fork: { runId, step: 1 } };
    await start(fork);
    await expect(start({ ...fork, fork: { runId, step: 2 } })).rejects.toMatchObject({ code: "conflict" });
  });
});

describe("forking", () => {
  it("begins with a finished step of the viewer's run, also one that a fork took over", async () => {
    const { conversationId, runId } = await answered();
    const fork = await start({ fork: { runId, step: 1 } });
    expect(await firstEvent(conversationId, fork.runId)).toMatchObject({
      payload: { text: "Write it down", forkOf: { runId, step: 1 } },
    });
    expect(await path(conversationId)).toEqual([fork.runId]);
    const again = await start({ fork: { runId: fork.runId, step: 1 } });
    expect(await path(conversationId)).toEqual([again.runId]);
    await expect(start({ fork: { runId: fork.runId, step: 2 } })).rejects.toMatchObject({ code: "conflict" });
  });

  it("refuses a step that is not finished or has a call without a result, with a sentence that says so", async () => {
    const { runId, conversationId } = await start({ message: "Slow" });
    await work([...stepOf(1, ["c1", "c2"]), resultOf("c1")], false);
    const before = await readAllEvents(viewer, conversationId);
    await expect(start({ fork: { runId, step: 1 } })).rejects.toMatchObject({
      code: "conflict",
      message: "A tool call of step 1 has no result, so nothing can start from that step.",
    });
    await expect(start({ fork: { runId, step: 2 } })).rejects.toMatchObject({
      code: "conflict",
      message: "Step 2 of that answer is not finished, so nothing can start from it.",
    });
    expect(await readAllEvents(viewer, conversationId)).toEqual(before);
  });
});

it("finds what was said anywhere in a conversation: across the pieces of an answer, in summarised turns and other branches", async () => {
  const { conversationId, runId } = await start({ message: "Which ones?" });
  const piece = (text: string): NewEvent => ({ type: "text-appended", payload: { step: 1, attempt: 1, text } });
  const [began, , ended] = stepOf(1, []);
  const compacted = { throughRunId: runId, summary: "s", by: "model" } as const;
  if (began && ended)
    await work([
      began,
      piece("Three over"),
      piece("due books"),
      ended,
      { type: "context-compacted", payload: compacted },
    ]);
  const edited = await start({ message: "Other ones?", conversationId, parentRunId: null });
  await requestStop(viewer, edited.runId);
  const found = async (query: string) => (await listConversations(viewer, { query })).map((one) => one.conversationId);
  expect(await found("overdue BOOKS")).toEqual([conversationId]);
  expect(await found("other ones")).toEqual([conversationId]);
  expect(await found("ones?Other")).toEqual([]);
});

describe("a conversation that branches off", () => {
  const branch = async (conversationId: string, runId: string) => {
    const copy = copyPath(await readAllEvents(viewer, conversationId), runId);
    if (!copy) throw new Error("no such turn");
    return branchConversation(viewer, conversationId, copy);
  };

  it("holds what was said up to that turn on its path, and nothing of other branches", async () => {
    const { conversationId, runId } = await answered();
    const left = await start({ message: "Left out", conversationId });
    await requestStop(viewer, left.runId);
    const kept = await start({ message: "Kept", conversationId, parentRunId: runId });
    await work(stepOf(1, []));
    const later = await start({ message: "Later", conversationId });
    await requestStop(viewer, later.runId);
    const branchId = await branch(conversationId, kept.runId);
    expect(await getConversation(viewer, branchId)).toMatchObject({ title: "Write it down (branch)", isBusy: false });
    const events = await readAllEvents(viewer, branchId);
    expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1));
    const view = foldConversation(events);
    expect(view.items.map((item) => (item.kind === "message" ? item.text : item.kind))).toEqual([
      "Write it down",
      "run",
      "Kept",
      "run",
    ]);
    expect(runsOnPath(view).map(answerOf)).toEqual(["Step 1.\n\nStep 2.", "Step 1."]);
    expect(view.runs.map((run) => run.status)).toEqual(["done", "done"]);
    for (const run of view.runs) expect([runId, kept.runId]).not.toContain(run.runId);
    const next = await start({ message: "Go on", conversationId: branchId });
    expect(turnsOnPath(await readAllEvents(viewer, branchId)).at(-1)).toBe(next.runId);
    expect(await readReplayableEvents(system, branchId)).toHaveLength(events.length + 1);
  });

  it("offers no undo, holds no question to the person, and is not paid for twice", async () => {
    const { conversationId, runId } = await answered();
    const events = await readAllEvents(viewer, await branch(conversationId, runId));
    const text = JSON.stringify(events);
    expect(text).not.toMatch(/"undo"|grant_1|approval-|run-claimed|costMicros/);
    expect(foldConversation(events).runs[0]?.usage).toEqual({ inputTokens: 0, outputTokens: 0 });
    const { rows } = await pool().query(`SELECT input FROM "Run" WHERE id = $1`, [events[0]?.runId]);
    expect(rows).toEqual([{ input: { copyOf: runId } }]);
    const counted = `SELECT (SELECT count(*)::int FROM "Effect") + (SELECT count(*)::int FROM "Approval") AS n`;
    expect((await pool().query(counted)).rows).toEqual([{ n: 0 }]);
  });

  it("makes a fork a turn like any other, and takes summaries along", async () => {
    const { conversationId, runId } = await answered();
    const fork = await start({ fork: { runId, step: 1 } });
    await work(stepOf(2, []));
    await start({ message: "Next", conversationId });
    const compacted = { throughRunId: fork.runId, summary: "All of it.", by: "model", costMicros: 9 } as const;
    await work([{ type: "context-compacted", payload: compacted }, ...stepOf(1, [])]);
    const last = (await path(conversationId)).at(-1) ?? "";
    const branchId = await branch(conversationId, last);
    const events = await readAllEvents(viewer, branchId);
    const [first] = foldConversation(events).runs;
    expect(first).toMatchObject({ forkOf: null });
    expect(first && answerOf(first)).toBe("Step 1.\n\nStep 2.");
    expect(first?.parts.some((part) => part.isInherited)).toBe(false);
    const prompt = JSON.stringify(toModelPrompt(events, { system: "S", runId: events.at(-1)?.runId ?? "" }));
    expect(prompt).toContain("All of it.");
    expect(prompt).not.toContain("Write it down");
  });

  it("waits until every answer on its path is finished", async () => {
    const { conversationId, runId } = await start({ message: "Slow" });
    await expect(branch(conversationId, runId)).rejects.toMatchObject({ code: "conflict" });
    const { rows } = await pool().query(`SELECT count(*)::int AS n FROM "Conversation" WHERE "userId" = $1`, [
      viewer.userId,
    ]);
    expect(rows).toEqual([{ n: 1 }]);
  });
});
