import fc from "fast-check";
import { tellBeginning } from "@/lib/contracts/beginning";
import type { ConversationEvent, EventPayload, NewEvent, ToolCall } from "@/lib/contracts/conversation";

type Placed = { runId: string | null; event: NewEvent };

/** Gives events their places in a log. */
export function toLog(events: Placed[]): ConversationEvent[] {
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
  /** Where the turn goes; `of` picks one of the turns there are. */
  place: { kind: "end" | "first" | "after" | "again" | "fork"; of: number; step: number };
  /** The turn that the person looks at afterwards. */
  looksAt: number | null;
  /** A summary is made afterwards: through one of the turns on the path, or through a step of this run. */
  compacts: { of: number; step: number | null } | null;
  /** So many of its last events come after the message of the next turn. */
  late: number;
}

/** A turn of a made-up log, as whoever made it up knows it. */
export interface MadeTurn {
  runId: string;
  /** Null: it follows nothing. */
  parent: string | null;
  forkOf: { runId: string; step: number } | null;
  /** The turn whose words it asks. */
  questionOf: string;
}

// Without the signs that marks are made of.
const text = fc.string({ minLength: 1, maxLength: 12, unit: "grapheme" }).map((said) => said.replace(/[«»§]/g, "x"));
const stepPlan: fc.Arbitrary<StepPlan> = fc.record({
  attempts: fc.array(fc.array(text, { maxLength: 3 }), { minLength: 1, maxLength: 3 }),
  calls: fc.array(fc.constantFrom("done", "failed", "denied", "approved", "open"), { maxLength: 3 }),
});
const runPlan: fc.Arbitrary<RunPlan> = fc.record({
  message: text,
  steps: fc.array(stepPlan, { maxLength: 3 }),
  ending: fc.constantFrom("done", "stopped", "failed", "none"),
  place: fc.record({
    kind: fc.constantFrom("end", "end", "first", "after", "again", "fork"),
    of: fc.nat(20),
    step: fc.nat(2),
  }),
  looksAt: fc.option(fc.nat(20), { freq: 3 }),
  compacts: fc.option(fc.record({ of: fc.nat(20), step: fc.option(fc.integer({ min: 1, max: 4 })) }), { freq: 4 }),
  late: fc.oneof(fc.constant(0), fc.nat(6)),
});

/**
 * Logs as workers write them: several runs, interrupted attempts, calls of every outcome, runs that never end; edited
 * questions, answers made again, forks and forks of forks, people who look at another branch, summaries.
 */
export const arbitraryHistory: fc.Arbitrary<{ log: ConversationEvent[]; turns: MadeTurn[]; looked: string[] }> = fc
  .array(runPlan, { maxLength: 6 })
  .map((plans) => new History().make(plans));

export const arbitraryLog: fc.Arbitrary<ConversationEvent[]> = arbitraryHistory.map(({ log }) => log);

/** The same log where everything that ended right after it began is told by its end alone. */
export function tellBeginnings(log: readonly ConversationEvent[]): ConversationEvent[] {
  const told: ConversationEvent[] = [];
  for (const event of log) {
    const before = told.findLastIndex(({ runId }) => runId === event.runId);
    const whole = told[before] ? tellBeginning(event, told[before]) : null;
    if (whole) told.splice(before, 1);
    told.push(whole ?? event);
  }
  return told;
}

/** Text of attempts that a later one superseded. Marked so that it can be searched for. */
export const supersededMark = "§superseded§";

/** Stands in everything that a step of a run says; step 0 is the question. */
export function markOf(runId: string, step: number): string {
  return `«${runId}:${step}»`;
}

/** The path of a made-up log by its definition: at each place the turn that leads to what was named last. */
export function pathOf(turns: readonly MadeTurn[], looked: readonly string[]): string[] {
  const lineOf = (runId: string | null): string[] =>
    runId === null ? [] : [...lineOf(turns.find((turn) => turn.runId === runId)?.parent ?? null), runId];
  const path: string[] = [];
  for (;;) {
    const here = path.at(-1) ?? null;
    const next = looked.findLast((runId) => {
      const line = lineOf(runId);
      return (here === null ? -1 : line.indexOf(here)) === path.length - 1 && line.length > path.length;
    });
    if (next === undefined) return path;
    path.push(lineOf(next)[path.length] ?? next);
  }
}

class History {
  private readonly events: Placed[] = [];
  private late: Placed[] = [];
  private readonly turns: MadeTurn[] = [];
  /** Turns in the order in which they were sent or chosen. */
  private readonly looked: string[] = [];
  private readonly stepsOf = new Map<string, number>();

  make(plans: RunPlan[]) {
    for (const [index, plan] of plans.entries()) this.addRun(plan, `run_${index}`);
    this.events.push(...this.late);
    return { log: toLog(this.events), turns: this.turns, looked: this.looked };
  }

  private addRun(plan: RunPlan, runId: string): void {
    const { turn, place, begun } = this.findPlace(plan, runId);
    this.turns.push(turn);
    this.looked.push(runId);
    const text = `${markOf(turn.questionOf, 0)}${plan.message}`;
    this.events.push({ runId, event: { type: "message-sent", payload: { text, via: "browser", ...place } } });
    this.events.push(...this.late);
    const rest = eventsOf(plan, runId, begun).map((event) => ({ runId, event }));
    this.late = rest.splice(rest.length - Math.min(plan.late, rest.length));
    this.events.push(...rest);
    this.stepsOf.set(runId, begun + plan.steps.length);
    this.lookAround(plan, runId);
  }

  private findPlace(plan: RunPlan, runId: string) {
    const { kind, of, step } = plan.place;
    const other = this.turns[of % Math.max(1, this.turns.length)];
    const at = (parent: string | null): MadeTurn => ({ runId, parent, forkOf: null, questionOf: runId });
    if (kind === "first") return { turn: at(null), place: { parentRunId: null }, begun: 0 };
    if (kind === "end" || !other)
      return { turn: at(pathOf(this.turns, this.looked).at(-1) ?? null), place: {}, begun: 0 };
    if (kind === "after") return { turn: at(other.runId), place: { parentRunId: other.runId }, begun: 0 };
    const { parent, questionOf } = other;
    const isReady = !this.late.some((event) => event.runId === other.runId);
    const count = this.stepsOf.get(other.runId) ?? 0;
    if (kind === "again" || count === 0 || !isReady)
      return { turn: { ...at(parent), questionOf }, place: { regenerates: other.runId }, begun: 0 };
    const forkOf = { runId: other.runId, step: (step % count) + 1 };
    return { turn: { runId, parent, forkOf, questionOf }, place: { forkOf }, begun: forkOf.step };
  }

  private lookAround({ looksAt, compacts }: RunPlan, runId: string): void {
    const chosen = looksAt === null ? undefined : this.turns[looksAt % this.turns.length];
    if (chosen) {
      this.looked.push(chosen.runId);
      this.events.push({ runId: null, event: { type: "branch-chosen", payload: { runId: chosen.runId } } });
    }
    if (!compacts) return;
    const line = pathOf(this.turns, [runId]);
    const throughRunId = compacts.step === null ? line[compacts.of % line.length] : runId;
    if (throughRunId === undefined) return;
    const payload: EventPayload<"context-compacted"> = { throughRunId, summary: "A summary.", by: "planner" };
    if (compacts.step !== null) payload.throughStep = compacts.step;
    this.events.push({ runId, event: { type: "context-compacted", payload } });
  }
}

function eventsOf(plan: RunPlan, runId: string, begun: number): NewEvent[] {
  const events: NewEvent[] = [{ type: "run-claimed", payload: { attempt: 1, worker: "worker-1" } }];
  for (const [index, step] of plan.steps.entries()) events.push(...stepEvents(step, begun + index + 1, runId));
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
      events.push({ type: "text-appended", payload: { step, attempt, text: markOf(runId, step) + delta } });
  }
  const toolCalls: ToolCall[] = plan.calls.map((_, index) => ({
    callId: `${runId}_call_${step}_${index}`,
    tool: "look_up",
    input: { index, mark: markOf(runId, step) },
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

function callEvents({ callId, tool, input }: ToolCall, outcome: StepPlan["calls"][number]): NewEvent[] {
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
        kind: "permission",
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
      ...(ok ? { output: { value: input } } : { error: { code: code ?? "unavailable", message: "no" } }),
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
