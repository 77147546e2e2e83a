import type { ConversationEvent, ToolCall } from "@/lib/contracts/conversation";
import type { RunBudget } from "@/lib/contracts/run";
import { eventsOfRun } from "@/lib/conversation/path";

// A worker that was lost may have been at work for a lease after the last event it wrote. A number of its own, because the log alone
// decides.
const lastLeaseMs = 15_000;
// Written by whoever looks at the conversation, at any time: no sign that a worker was at work.
const personsTypes: readonly ConversationEvent["type"][] = [
  "message-sent",
  "branch-chosen",
  "approval-decided",
  "effect-undone",
  "module-decided",
];

/** What the loop does next. */
export type Decision =
  | { kind: "call-model"; step: number; attempt: number }
  | { kind: "run-tools"; calls: ToolCall[] }
  | { kind: "finish"; status: "done" }
  | { kind: "finish"; status: "budget_exhausted"; bound: keyof RunBudget };

/**
 * Decides from the log alone what a run does next, so that a worker that takes it over decides the same.
 * A step that is recorded is never called again, a call that has its result is never made again.
 * The clock is the log's own: time is what lies between its events. Waiting for people, builds and a worker does not count.
 */
export function decideNext(events: readonly ConversationEvent[], runId: string, budget: RunBudget): Decision {
  const seen = readRun(eventsOfRun(events, runId));
  if (seen.openCalls.length > 0)
    return seen.toolCalls > budget.toolCalls
      ? { kind: "finish", status: "budget_exhausted", bound: "toolCalls" }
      : { kind: "run-tools", calls: seen.openCalls };
  if (seen.lastFinished !== null && seen.lastFinished.hadCalls === false) return { kind: "finish", status: "done" };
  const step = (seen.lastFinished?.step ?? 0) + 1;
  if (step > budget.steps) return { kind: "finish", status: "budget_exhausted", bound: "steps" };
  if (seen.tokens > budget.tokens) return { kind: "finish", status: "budget_exhausted", bound: "tokens" };
  if (seen.costMicros > budget.costMicros) return { kind: "finish", status: "budget_exhausted", bound: "costMicros" };
  if (seen.workedMs > budget.wallMs) return { kind: "finish", status: "budget_exhausted", bound: "wallMs" };
  return { kind: "call-model", step, attempt: (seen.attempts.get(step) ?? 0) + 1 };
}

interface SeenRun {
  attempts: Map<number, number>;
  lastFinished: { step: number; hadCalls: boolean } | null;
  openCalls: ToolCall[];
  toolCalls: number;
  tokens: number;
  costMicros: number;
  workedMs: number;
}

function readRun(events: readonly ConversationEvent[]): SeenRun {
  const attempts = new Map<number, number>();
  const open = new Map<string, ToolCall>();
  let lastFinished: SeenRun["lastFinished"] = null;
  let toolCalls = 0;
  let tokens = 0;
  let costMicros = 0;
  for (const event of events) {
    if (event.type === "step-started") attempts.set(event.payload.step, event.payload.attempt);
    else if (event.type === "step-finished") {
      lastFinished = { step: event.payload.step, hadCalls: event.payload.toolCalls.length > 0 };
      tokens += event.payload.usage.inputTokens + event.payload.usage.outputTokens;
      costMicros += event.payload.costMicros ?? 0;
      toolCalls += event.payload.toolCalls.length;
      for (const call of event.payload.toolCalls) open.set(call.callId, call);
    } else if (event.type === "tool-finished") open.delete(event.payload.callId);
  }
  const openCalls = [...open.values()];
  return { attempts, lastFinished, openCalls, toolCalls, tokens, costMicros, workedMs: countWorkedMs(events) };
}

/** Time at work: from each claim to the wait that ends it, or to the last sign of a worker that was lost. */
function countWorkedMs(events: readonly ConversationEvent[]): number {
  let workedMs = 0;
  let claimedAt: number | null = null;
  let lastSignAt = 0;
  for (const event of events) {
    if (personsTypes.includes(event.type)) continue;
    const at = Date.parse(event.at);
    if (event.type === "run-claimed") {
      // Nobody was at work between the end of its lease and now, be it for want of a worker or of one that had nothing else to do.
      if (claimedAt !== null) workedMs += Math.min(at, lastSignAt + lastLeaseMs) - claimedAt;
      claimedAt = at;
    } else if (event.type === "run-waited") {
      workedMs += claimedAt === null ? 0 : at - claimedAt;
      claimedAt = null;
    }
    lastSignAt = at;
  }
  return workedMs + (claimedAt === null ? 0 : lastSignAt - claimedAt);
}
