import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asSystem, type Viewer } from "@/lib/contracts/viewer";
import * as activity from "./activity";
import * as approvals from "./approvals";
import { type ClaimedRun, claimRun, workerName } from "./claims";
import { pool } from "./client";
import * as conversations from "./conversations";
import * as effects from "./effects";
import * as events from "./events";
import * as knowledge from "./knowledge";
import * as runView from "./run-view";
import * as runs from "./runs";
import * as tail from "./tail";
import { testDatabase, testUser } from "./testing";

let database: Awaited<ReturnType<typeof testDatabase>>;
let stranger: Viewer;
let mine: { run: ClaimedRun; approvalId: string; documentId: string; effectKey: string };

beforeAll(async () => {
  database = await testDatabase();
  const owner = await testUser();
  stranger = await testUser();
  await runs.createRun(owner, { message: "zebra", via: "api", idempotencyKey: "key" });
  const run = await claimRun(asSystem("test"), workerName(1));
  if (!run) throw new Error("nothing to claim");
  const { runId, conversationId, fence } = run;
  const request = { title: "t", lines: [], effect: "write" as const };
  const approval = await approvals.requestApproval(owner, {
    conversationId,
    runId,
    fence,
    callId: "c",
    tool: "t",
    argumentsHash: "h",
    request,
  });
  const documentId = await knowledge.storeDocument(owner, { title: "zebra", content: "zebra", source: null });
  await effects.recordIntent(owner, {
    idempotencyKey: "effect",
    runId,
    fence,
    callId: "c",
    tool: "t",
    requestHash: "h",
  });
  mine = { run, approvalId: approval.id, documentId, effectKey: "effect" };
});
afterAll(() => database.close());

const notFound = { code: "not-found" };
const target = () => ({
  conversationId: mine.run.conversationId,
  runId: mine.run.runId,
  fence: mine.run.fence,
});
const event = { type: "tool-progressed", payload: { callId: "c", message: "m" } } as const;
const asked = () => ({
  ...target(),
  callId: "d",
  tool: "t",
  argumentsHash: "h",
  request: { title: "t", lines: [], effect: "write" as const },
});

/** One attempt per exported function: what a stranger gets who knows every id. */
const attempts: Record<string, () => Promise<void>> = {
  "activity.listRuns": async () => {
    expect(await activity.listRuns(stranger, {})).toEqual([]);
    expect(await activity.listRuns(stranger, { before: mine.run.runId })).toEqual([]);
  },
  "activity.getRunListItem": () =>
    expect(activity.getRunListItem(stranger, mine.run.runId)).rejects.toMatchObject(notFound),
  "approvals.requestApproval": () =>
    expect(approvals.requestApproval(stranger, asked())).rejects.toBeInstanceOf(events.LostRunError),
  "approvals.findApproval": () => expect(approvals.findApproval(stranger, mine.run.runId, "c")).resolves.toBeNull(),
  "approvals.listApprovals": () => expect(approvals.listApprovals(stranger, { state: "pending" })).resolves.toEqual([]),
  "approvals.decideApproval": () =>
    expect(approvals.decideApproval(stranger, mine.approvalId, { decision: "allow" })).rejects.toMatchObject(notFound),
  "approvals.expireApproval": () =>
    expect(approvals.expireApproval(stranger, mine.approvalId)).resolves.toBeUndefined(),
  "conversations.listConversations": async () => {
    expect(await conversations.listConversations(stranger)).toEqual([]);
    expect(await conversations.listConversations(stranger, { query: "zebra" })).toEqual([]);
  },
  "conversations.getConversation": () =>
    expect(conversations.getConversation(stranger, mine.run.conversationId)).rejects.toMatchObject(notFound),
  "conversations.renameConversation": () =>
    expect(conversations.renameConversation(stranger, mine.run.conversationId, "x")).rejects.toMatchObject(notFound),
  "conversations.pinConversation": () =>
    expect(conversations.pinConversation(stranger, mine.run.conversationId, true)).rejects.toMatchObject(notFound),
  "conversations.deleteConversation": () =>
    expect(conversations.deleteConversation(stranger, mine.run.conversationId)).rejects.toMatchObject(notFound),
  "conversations.chooseBranch": () =>
    expect(conversations.chooseBranch(stranger, mine.run.conversationId, mine.run.runId)).rejects.toMatchObject(
      notFound,
    ),
  "conversations.branchConversation": async () => {
    const copy = { runIds: [mine.run.runId], seqs: [1], places: [0] };
    await expect(conversations.branchConversation(stranger, mine.run.conversationId, copy)).rejects.toMatchObject(
      notFound,
    );
    // A conversation of one's own opens no door to the runs of another one.
    const own = await runs.createRun(stranger, { message: "own", via: "api" });
    await expect(conversations.branchConversation(stranger, own.conversationId, copy)).rejects.toMatchObject(notFound);
    await conversations.deleteConversation(stranger, own.conversationId);
  },
  "effects.recordIntent": () =>
    expect(
      effects.recordIntent(stranger, {
        ...target(),
        idempotencyKey: mine.effectKey,
        callId: "c",
        tool: "t",
        requestHash: "h",
      }),
    ).rejects.toBeInstanceOf(events.LostRunError),
  "effects.recordOutcome": () =>
    expect(effects.recordOutcome(stranger, mine.effectKey, { state: "done" })).resolves.toBe(false),
  "effects.listEffects": () => expect(effects.listEffects(stranger, mine.run.runId)).resolves.toEqual([]),
  "events.appendEvents": async () => {
    await expect(
      events.appendEvents(stranger, { conversationId: mine.run.conversationId }, [event]),
    ).rejects.toMatchObject(notFound);
    await expect(events.appendEvents(stranger, target(), [event])).rejects.toBeInstanceOf(events.LostRunError);
  },
  "events.appendChecked": () =>
    expect(events.appendChecked(stranger, target(), [event])).rejects.toBeInstanceOf(events.LostRunError),
  "events.readEvents": () =>
    expect(events.readEvents(stranger, mine.run.conversationId, 0)).rejects.toMatchObject(notFound),
  "events.readAllEvents": () =>
    expect(events.readAllEvents(stranger, mine.run.conversationId)).rejects.toMatchObject(notFound),
  "events.readRunEvents": () => expect(events.readRunEvents(stranger, mine.run.runId)).resolves.toEqual([]),
  "knowledge.storeDocument": async () => {
    await knowledge.storeDocument(stranger, {
      title: "mine",
      content: "mine",
      source: null,
      documentId: mine.documentId,
    });
    const { rows } = await pool().query(`SELECT content FROM "KnowledgeDocument" WHERE id = $1`, [mine.documentId]);
    expect(rows).toEqual([{ content: "zebra" }]);
  },
  "knowledge.searchDocuments": () => expect(knowledge.searchDocuments(stranger, "zebra")).resolves.toEqual([]),
  "knowledge.deleteDocument": () =>
    expect(knowledge.deleteDocument(stranger, mine.documentId)).rejects.toMatchObject(notFound),
  "run-view.getRunView": () => expect(runView.getRunView(stranger, mine.run.runId)).rejects.toMatchObject(notFound),
  "runs.createRun": async () => {
    const { conversationId } = mine.run;
    await expect(runs.createRun(stranger, { message: "x", via: "api", conversationId })).rejects.toMatchObject(
      notFound,
    );
    await expect(
      runs.createRun(stranger, { message: "x", via: "api", conversationId, idempotencyKey: "key" }),
    ).rejects.toMatchObject(notFound);
    const { runId } = mine.run;
    for (const more of [{ message: "x", parentRunId: runId }, { regenerate: runId }, { fork: { runId, step: 1 } }])
      await expect(runs.createRun(stranger, { via: "api", ...more })).rejects.toMatchObject(notFound);
  },
  "runs.getRun": () => expect(runs.getRun(stranger, mine.run.runId)).rejects.toMatchObject(notFound),
  "runs.requestStop": () => expect(runs.requestStop(stranger, mine.run.runId)).rejects.toMatchObject(notFound),
  "runs.findBuildRun": () => expect(runs.findBuildRun(stranger, "build_1")).resolves.toBeNull(),
  "tail.tailEvents": async () => {
    const { signal } = new AbortController();
    await expect(
      tail.tailEvents(stranger, mine.run.conversationId, 0, { signal, idleMs: 1000 }).next(),
    ).rejects.toMatchObject(notFound);
  },
};

// These take no rows of anybody: pure functions and errors.
const pure = [
  "events.LostRunError",
  "events.leaseMs",
  "events.conversationNotFound",
  "run-view.foldRun",
  "runs.titleOf",
];

describe("somebody else's rows", () => {
  it.each(Object.keys(attempts))("answer like rows that do not exist: %s", async (name) => {
    await attempts[name]?.();
  });

  it("were asked for through every function there is", () => {
    const rooms = { activity, approvals, conversations, effects, events, knowledge, "run-view": runView, runs, tail };
    const exported = Object.entries(rooms).flatMap(([room, exports]) =>
      Object.entries(exports).flatMap(([name, value]) => (typeof value === "function" ? `${room}.${name}` : [])),
    );
    expect(exported.filter((name) => !pure.includes(name)).sort()).toEqual(Object.keys(attempts).sort());
  });

  it("are as they were", async () => {
    const { conversationId, runId } = mine.run;
    const { rows } = await pool().query(
      `SELECT c."lastSeq", c.title, c.pinned, r.status, r."stopRequestedAt", a.status AS approval, e.state AS effect FROM "Conversation" c
       JOIN "Run" r ON r.id = $2 JOIN "Approval" a ON a.id = $3 JOIN "Effect" e ON e."idempotencyKey" = 'effect' WHERE c.id = $1`,
      [conversationId, runId, mine.approvalId],
    );
    expect(rows).toEqual([
      {
        lastSeq: 3,
        title: "zebra",
        pinned: false,
        status: "running",
        stopRequestedAt: null,
        approval: "pending",
        effect: "intent",
      },
    ]);
  });
});
