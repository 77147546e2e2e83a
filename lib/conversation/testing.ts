import fc from "fast-check";
import type { ConversationEvent, NewEvent, ToolCall } from "@/lib/contracts/conversation";

/** Gives events their places in a log. */
export function toLog(events: { runId: string | null; event: NewEvent }[]): ConversationEvent[] {
  return events.map(
    ({ runId, event }, index) =>
      ({
        ...event,
        seq: index + 1,
        runId,
        at: new Date(1_700_000_000_000 + index * 1000).toISOString(),
      }) as ConversationEvent,
  );
}

interface StepPlan {
  attempts: string[][];
  calls: ("done" | "failed" | "denied" | "approved" | "open")[];
}
interface RunPlan {
  message: string;
  steps: StepPlan[];
  ending: "done" | "stopped" | "failed" | "none";
}

const text = fc.string({ minLength: 1, maxLength: 12, unit: "grapheme" });
const stepPlan: fc.Arbitrary<StepPlan> = fc.record({
  attempts: fc.array(fc.array(text, { maxLength: 3 }), { minLength: 1, maxLength: 3 }),
  calls: fc.array(fc.constantFrom("done", "failed", "denied", "approved", "open"), { maxLength: 3 }),
});
const runPlan: fc.Arbitrary<RunPlan> = fc.record({
  message: text,
  steps: fc.array(stepPlan, { maxLength: 3 }),
  ending: fc.constantFrom("done", "stopped", "failed", "none"),
});

/** Logs as workers write them: several runs, interrupted attempts, calls of every outcome, runs that never end. */
export const arbitraryLog: fc.Arbitrary<ConversationEvent[]> = fc.array(runPlan, { maxLength: 4 }).map((plans) =>
  toLog(
    plans.flatMap((plan, index) => {
      const runId = `run_${index}`;
      return eventsOf(plan, runId).map((event) => ({ runId, event }));
    }),
  ),
);

/** Text of attempts that a later one superseded. Marked so that it can be searched for. */
export const supersededMark = "§superseded§";

function eventsOf(plan: RunPlan, runId: string): NewEvent[] {
  const events: NewEvent[] = [
    { type: "message-sent", payload: { text: plan.message, via: "browser" } },
    { type: "run-claimed", payload: { attempt: 1, worker: "worker-1" } },
  ];
  for (const [index, step] of plan.steps.entries()) events.push(...stepEvents(step, index + 1, runId));
  if (plan.ending !== "none") events.push({ type: "run-finished", payload: { status: plan.ending } });
  return events;
}

function stepEvents(plan: StepPlan, step: number, runId: string): NewEvent[] {
  const events: NewEvent[] = [];
  for (const [index, deltas] of plan.attempts.entries()) {
    const attempt = index + 1;
    const isLast = attempt === plan.attempts.length;
    events.push({ type: "step-started", payload: { step, attempt, model: "Scripted" } });
    for (const delta of isLast ? deltas : [supersededMark, ...deltas])
      events.push({ type: "text-appended", payload: { step, attempt, text: delta } });
  }
  const toolCalls: ToolCall[] = plan.calls.map((_, index) => ({
    callId: `${runId}_call_${step}_${index}`,
    tool: "look_up",
    input: { index },
  }));
  const usage = { inputTokens: 3, outputTokens: 2 };
  events.push({
    type: "step-finished",
    payload: {
      step,
      attempt: plan.attempts.length,
      finishReason: toolCalls.length > 0 ? "tool-calls" : "stop",
      toolCalls,
      usage,
      durationMs: 1,
    },
  });
  for (const [index, call] of toolCalls.entries()) events.push(...callEvents(call, plan.calls[index] ?? "open"));
  return events;
}

function callEvents({ callId, tool }: ToolCall, outcome: StepPlan["calls"][number]): NewEvent[] {
  const started: NewEvent = {
    type: "tool-started",
    payload: { callId, tool, title: "Look up", effect: "read", attempt: 1 },
  };
  const approvalId = `appr_${callId}`;
  const asked: NewEvent[] = [
    {
      type: "approval-requested",
      payload: {
        approvalId,
        callId,
        tool,
        title: "Look up",
        lines: [],
        effect: "write",
        expiresAt: "2026-01-01T00:00:00.000Z",
      },
    },
    { type: "run-waited", payload: { on: "approval", id: approvalId, callId } },
  ];
  const finished = (ok: boolean, code?: string): NewEvent => ({
    type: "tool-finished",
    payload: {
      callId,
      tool,
      ok,
      durationMs: 1,
      ...(ok ? { output: { value: 1 } } : { error: { code: code ?? "unavailable", message: "no" } }),
    },
  });
  const decided = (decision: "allowed" | "denied"): NewEvent => ({
    type: "approval-decided",
    payload: { approvalId, callId, decision },
  });
  switch (outcome) {
    case "open":
      return [started];
    case "done":
      return [started, finished(true)];
    case "failed":
      return [started, finished(false)];
    case "denied":
      return [...asked, decided("denied"), finished(false, "denied")];
    case "approved":
      return [...asked, decided("allowed"), started, finished(true)];
  }
}
