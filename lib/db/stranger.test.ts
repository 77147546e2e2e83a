import { defaultBudget } from "@/lib/contracts/run";
import type { Viewer } from "@/lib/contracts/viewer";
import * as activity from "./activity";
import * as additions from "./addition";
import * as append from "./append";
import * as appendOne from "./append-one";
import * as approvalRow from "./approval-row";
import * as approvals from "./approvals";
import * as budget from "./budget";
import * as claims from "./claims";
import * as conversations from "./conversations";
import * as effects from "./effects";
import * as events from "./events";
import * as grants from "./grants";
import * as knowledge from "./knowledge";
import * as lease from "./lease";
import * as listen from "./listen";
import * as liveWorkers from "./live-workers";
import * as runView from "./run-view";
import * as runs from "./runs";
import { inTransaction } from "./statement";
import * as tail from "./tail";
import { effectKeys, type Planted } from "./testing-owner";
import { type Attempts, finds, mixed, notFound, notHeld, own, systemOnly, testStrangers } from "./testing-stranger";
import * as upcast from "./upcast";
import * as usage from "./usage";
import * as waiting from "./waiting";

const progress = { type: "tool-progressed", payload: { callId: "c", message: "m" } } as const;
const request = { title: "t", lines: [], effect: "write" as const };
const question = { callId: "new", tool: "feed", argumentsHash: "h", request };
const intent = { idempotencyKey: "new", callId: "new", tool: "feed", requestHash: "h", target: null };
const addition = (caller: Viewer, place: { conversationId: string; runId?: string; fence?: number }) => ({
  ...{ caller, conversationId: place.conversationId, runId: place.runId ?? null, fence: place.fence ?? null },
  events: [progress],
});
const claimOf = ({ conversationId, runId, fence }: Planted["run"]) => ({ conversationId, runId, fence });
const copyOf = ({ doneRunId }: Planted) => ({ runIds: [doneRunId], seqs: [1], places: [0] });
const message = { message: "x", via: "api" } as const;

/** The first batch of a tail, which then is ended. */
async function tailOnce(who: Viewer, conversationId: string) {
  const { signal } = new AbortController();
  const batches = tail.tailEvents(who, conversationId, 0, { signal, idleMs: 1000 });
  const first = await batches.next();
  await batches.return();
  return first;
}

// The owner asks in this order, too: what takes something away comes last in its group, deleting comes last of all.
const attempts: Attempts = {
  "activity.listRuns": finds([], (who) => activity.listRuns(who, {})),
  "activity.listRuns: after one of the owner's": finds([], (who, { run }) =>
    activity.listRuns(who, { before: run.runId }),
  ),
  "activity.listRuns: one's own, after one of the owner's": mixed(
    finds([], (_, { neighbour, run }) => activity.listRuns(neighbour.viewer, { before: run.runId })),
  ),
  "activity.getRunListItem": notFound((who, { run }) => activity.getRunListItem(who, run.runId)),
  "usage.listUsage": finds([], (who) => usage.listUsage(who, 366)),
  "usage.getTodayUsage": finds(
    { day: "", runs: 0, steps: 0, toolCalls: 0, inputTokens: 0, outputTokens: 0, costMicros: 0 },
    (who) => usage.getTodayUsage(who),
  ),
  "budget.getBudget": finds(defaultBudget, (who) => budget.getBudget(who)),
  "budget.setBudget": own((who) => budget.setBudget(who, defaultBudget)),

  "run-view.getRunView": notFound((who, { run }) => runView.getRunView(who, run.runId)),
  "runs.getRun": notFound((who, { run }) => runs.getRun(who, run.runId)),
  "runs.findBuildRun": finds(null, (who, { build }) => runs.findBuildRun(who, build.buildId)),
  "runs.createRun: in the owner's conversation": notFound((who, { run }) =>
    runs.createRun(who, { ...message, conversationId: run.conversationId }),
  ),
  "runs.createRun: there, under the owner's key": notFound((who, { run }) =>
    runs.createRun(who, { ...message, conversationId: run.conversationId, idempotencyKey: "key" }),
  ),
  "runs.createRun: under the owner's key": mixed(
    own((who) => runs.createRun(who, { ...message, idempotencyKey: "key" })),
  ),
  "runs.createRun: after a turn of the owner's": notFound((who, { doneRunId }) =>
    runs.createRun(who, { ...message, parentRunId: doneRunId }),
  ),
  "runs.createRun: a question of the owner's again": notFound((who, { doneRunId }) =>
    runs.createRun(who, { via: "api", regenerate: doneRunId }),
  ),
  "runs.createRun: from a step of the owner's": notFound((who, { doneRunId }) =>
    runs.createRun(who, { via: "api", fork: { runId: doneRunId, step: 1 } }),
  ),
  "runs.createRun: from a step the owner's does not have": notFound((who, { doneRunId }) =>
    runs.createRun(who, { via: "api", fork: { runId: doneRunId, step: 99 } }),
  ),
  "runs.createRun: in one's own conversation, after a turn of the owner's": mixed(
    notFound((_, { neighbour: { viewer, conversationId }, doneRunId }) =>
      runs.createRun(viewer, { ...message, conversationId, parentRunId: doneRunId }),
    ),
  ),
  "runs.createRun: in one's own conversation, a question of the owner's again": mixed(
    notFound((_, { neighbour: { viewer, conversationId }, doneRunId }) =>
      runs.createRun(viewer, { via: "api", conversationId, regenerate: doneRunId }),
    ),
  ),

  "conversations.listConversations": finds([], (who) => conversations.listConversations(who)),
  "conversations.listConversations: by a word": finds([], (who) =>
    conversations.listConversations(who, { query: "zebra" }),
  ),
  "conversations.getConversation": notFound((who, { run }) => conversations.getConversation(who, run.conversationId)),
  "conversations.renameConversation": notFound((who, { run }) =>
    conversations.renameConversation(who, run.conversationId, "x"),
  ),
  "conversations.pinConversation": notFound((who, { run }) =>
    conversations.pinConversation(who, run.conversationId, true),
  ),
  "conversations.chooseBranch": notFound((who, { run, doneRunId }) =>
    conversations.chooseBranch(who, run.conversationId, doneRunId),
  ),
  "conversations.chooseBranch: of the owner's, in one's own": mixed(
    notFound((_, { neighbour: { viewer, conversationId }, doneRunId }) =>
      conversations.chooseBranch(viewer, conversationId, doneRunId),
    ),
  ),
  "conversations.branchConversation": notFound((who, mine) =>
    conversations.branchConversation(who, mine.run.conversationId, copyOf(mine)),
  ),
  "conversations.branchConversation: with turns of the owner's": mixed(
    notFound((_, mine) =>
      conversations.branchConversation(mine.neighbour.viewer, mine.neighbour.conversationId, copyOf(mine)),
    ),
  ),

  "events.readEvents": notFound((who, { run }) => events.readEvents(who, run.conversationId, 0)),
  "events.readAllEvents": notFound((who, { run }) => events.readAllEvents(who, run.conversationId)),
  "events.readRunEvents": finds([], (who, { run }) => events.readRunEvents(who, run.runId)),
  "tail.tailEvents": notFound((who, { run }) => tailOnce(who, run.conversationId)),
  "events.appendEvents": notFound((who, { run: { conversationId } }) =>
    events.appendEvents(who, { conversationId }, [progress]),
  ),
  "events.appendEvents: to a run without a claim": notFound((who, { run: { conversationId, runId } }) =>
    events.appendEvents(who, { conversationId, runId }, [progress]),
  ),
  "events.appendEvents: to the owner's run, in one's own conversation": mixed(
    notFound((_, { neighbour: { viewer, conversationId }, doneRunId }) =>
      events.appendEvents(viewer, { conversationId, runId: doneRunId }, [progress]),
    ),
  ),
  "events.appendEvents: to a run under its claim": notHeld((who, { run }) => events.appendEvents(who, run, [progress])),
  "events.appendChecked": notHeld((who, { run }) => events.appendChecked(who, run, [progress])),
  "events.appendChecked: under the owner's claim, in one's own conversation": mixed(
    notHeld((_, { neighbour: { viewer, conversationId }, run: { runId, fence } }) =>
      events.appendChecked(viewer, { conversationId, runId, fence }, [progress]),
    ),
  ),

  "append.add": finds(null, (who, { run: { conversationId } }) => append.add(addition(who, { conversationId }))),
  "append.add: to a run under its claim": finds(null, (who, { run }) => append.add(addition(who, run))),
  "append-one.addOne": finds(null, (who, { run }) => appendOne.addOne({ ...addition(who, run), ...run })),
  // The first is under way when the others come, and these are written by one statement.
  "append.add: together with one's own": mixed(
    finds(null, async (_, { neighbour: { viewer, conversationId }, run }) => {
      const all = [{ conversationId }, run, { conversationId }].map((place) => append.add(addition(viewer, place)));
      return (await Promise.all(all))[1];
    }),
  ),

  "approvals.findApproval": finds(null, (who, { run }) => approvals.findApproval(who, run.runId, "call-open")),
  "approvals.listApprovals: open": finds([], (who) => approvals.listApprovals(who, { state: "pending" })),
  "approvals.listApprovals: decided": finds([], (who) => approvals.listApprovals(who, { state: "decided" })),
  "approvals.countPendingApprovals": finds(0, (who) => approvals.countPendingApprovals(who)),
  "approvals.requestApproval": notHeld((who, { run }) =>
    approvals.requestApproval(who, { ...claimOf(run), ...question }),
  ),
  "approvals.requestApproval: one that is there": notHeld((who, { run }) =>
    approvals.requestApproval(who, { ...claimOf(run), ...question, callId: "call-open" }),
  ),
  "approvals.requestApproval: under the owner's claim, in one's own conversation": mixed(
    notHeld((_, { neighbour: { viewer, conversationId }, run: { runId, fence } }) =>
      approvals.requestApproval(viewer, { conversationId, runId, fence, ...question }),
    ),
  ),
  "approvals.expireApproval": finds(undefined, (who, mine) => approvals.expireApproval(who, mine.approvals.old.id)),
  "approvals.decideApproval": notFound((who, mine) =>
    approvals.decideApproval(who, mine.approvals.open.id, { decision: "allow", always: { only: [] } }),
  ),

  "grants.listGrants": finds([], (who) => grants.listGrants(who)),
  "grants.listGrantsOf": finds([], (who) => grants.listGrantsOf(who, "feed", "v1")),
  "grants.useGrant": finds(false, (who, { grantId }) => grants.useGrant(who, grantId)),
  "grants.insertGrant": own((who, mine) =>
    inTransaction((client) => grants.insertGrant(client, who, mine.approvals.open, [])),
  ),
  "grants.revokeGrant": notFound((who, { grantId }) => grants.revokeGrant(who, grantId)),

  "effects.listEffects": finds([], (who, { run }) => effects.listEffects(who, run.runId)),
  "effects.findEffectOfCall": finds(null, (who, { run }) => effects.findEffectOfCall(who, run.runId, "call-done")),
  "effects.withdrawIntent": finds(undefined, (who, { run: { runId, fence } }) =>
    effects.withdrawIntent(who, { idempotencyKey: effectKeys.begun, runId, fence }),
  ),
  "effects.findUndoable": finds(null, (who, { run }) => effects.findUndoable(who, run.runId, "call-done")),
  "effects.recordIntent": notHeld((who, { run: { runId, fence } }) =>
    effects.recordIntent(who, { ...intent, runId, fence }),
  ),
  "effects.recordIntent: one that is there": notHeld((who, { run: { runId, fence } }) =>
    effects.recordIntent(who, { ...intent, idempotencyKey: effectKeys.begun, runId, fence }),
  ),
  "effects.recordIntent: one that is there, under one's own claim": mixed(
    notHeld((_, { neighbour: { viewer, build } }) =>
      effects.recordIntent(viewer, { ...intent, ...build, idempotencyKey: effectKeys.begun }),
    ),
  ),
  "effects.retryEffect": finds(undefined, (who, mine) =>
    effects.retryEffect(who, effectKeys.begun, mine.approvals.allowed.id),
  ),
  "effects.recordOutcome": finds(false, (who) => effects.recordOutcome(who, effectKeys.begun, { state: "done" })),
  "effects.recordUndone": finds(false, (who) => effects.recordUndone(who, effectKeys.done)),

  "knowledge.searchDocuments": finds([], (who) => knowledge.searchDocuments(who, "zebra")),
  "knowledge.storeDocument": own((who) => knowledge.storeDocument(who, { title: "x", content: "x", source: null })),
  "knowledge.storeDocument: under the owner's id": mixed(
    own((who, { documentId }) => knowledge.storeDocument(who, { title: "x", content: "x", source: null, documentId })),
  ),
  "knowledge.deleteDocument": notFound((who, { documentId }) => knowledge.deleteDocument(who, documentId)),

  "runs.requestStop": notFound((who, { run }) => runs.requestStop(who, run.runId)),
  "conversations.deleteConversation": notFound((who, { run }) =>
    conversations.deleteConversation(who, run.conversationId),
  ),
};

const spared = [
  // The worker works for everybody; it then acts as the person whom the run belongs to.
  ...systemOnly({
    "claims.claimRuns": claims.claimRuns,
    "claims.claimRun": claims.claimRun,
    "claims.heartbeat": claims.heartbeat,
    "claims.releaseRuns": claims.releaseRuns,
    "claims.postponeRun": claims.postponeRun,
    "claims.wakeRuns": claims.wakeRuns,
    "claims.finishRun": claims.finishRun,
    "claims.buryRuns": claims.buryRuns,
    "waiting.waitOn": waiting.waitOn,
    "waiting.wakeOverdueRuns": waiting.wakeOverdueRuns,
    "events.readReplayableEvents": events.readReplayableEvents,
    "effects.leaveEffects": effects.leaveEffects,
  }),
  // How many workers there are is nobody's.
  ...systemOnly({
    "live-workers.countLiveWorkers": liveWorkers.countLiveWorkers,
    "live-workers.findNextWorker": liveWorkers.findNextWorker,
    "live-workers.cancelStatement": liveWorkers.cancelStatement,
    "live-workers.tellWorkers": liveWorkers.tellWorkers,
  }),
  // Shape what was read before, or make up an error or a name; they ask for nothing.
  ...[
    "addition.prepare",
    "addition.isProgress",
    "addition.countUse",
    "addition.addUseSql",
    "append-one.isOfRun",
    "approval-row.toItem",
    "run-view.foldRun",
    "runs.titleOf",
  ],
  ...["upcast.upcast", "upcast.requireReadable", "upcast.UnreadableEventError", "claims.workerName"],
  ...["events.LostRunError", "events.conversationNotFound", "lease.leaseMs"],
  // Hear what happens to anybody, inside this process; tail.ts lets a reader listen only where they may read.
  ...["listen.listen", "listen.stopListening", "tail.countReaders"],
];

testStrangers({
  part: "runs",
  rooms: {
    activity,
    addition: additions,
    append,
    "append-one": appendOne,
    "approval-row": approvalRow,
    approvals,
    budget,
    claims,
    conversations,
    effects,
    events,
    grants,
    knowledge,
    lease,
    listen,
    "live-workers": liveWorkers,
    "run-view": runView,
    runs,
    tail,
    upcast,
    usage,
    waiting,
  },
  attempts,
  spared,
});
