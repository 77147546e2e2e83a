import { stepBeginningOf } from "@/lib/contracts/beginning";
import type { ConversationEvent, EventPayload } from "@/lib/contracts/conversation";
import type { Usage } from "@/lib/contracts/run";

type Failure = { code: string; message: string; hint?: string };

/** One thing that happened in a run, as its timeline tells it. */
export type Moment = { key: string; at: string } & (
  | { kind: "question"; text: string; maskedSecrets: number; forkOf: { runId: string; step: number } | null }
  | { kind: "takeover"; worker: string; attempt: number }
  | ModelMoment
  | { kind: "tool"; callId: string; step: number }
  | { kind: "wait"; on: "build" | "approval"; untilMs: number | null }
  | { kind: "compaction"; by: string; summary: string; usage: Usage | null }
  | { kind: "build"; title: string; detail: string | null; isFailure: boolean }
  | { kind: "undo"; callId: string; error: Failure | null }
  | { kind: "end"; status: EventPayload<"run-finished">["status"]; error: Failure | null }
);

export interface ModelMoment {
  kind: "model";
  step: number;
  model: string;
  /** Calls of the model for this step; above 1 when one was cut short. */
  attempts: number;
  text: string;
  /** Null while the model is at it, and when it was never finished. */
  finished: Pick<EventPayload<"step-finished">, "durationMs" | "usage" | "costMicros" | "finishReason"> | null;
}

/** The events of one run as moments, in the order in which they began. */
export function listMoments(events: readonly ConversationEvent[]): Moment[] {
  const moments: Moment[] = [];
  for (const event of events) addMoment(moments, event);
  return moments;
}

function addMoment(moments: Moment[], event: ConversationEvent): void {
  const at = event.at;
  const key = String(event.seq);
  startStep(moments, event);
  switch (event.type) {
    case "message-sent": {
      const { text, maskedSecrets = 0, forkOf = null } = event.payload;
      moments.push({ key, at, kind: "question", text, maskedSecrets, forkOf });
      return;
    }
    case "run-claimed":
      endWait(moments, at);
      if (event.payload.attempt > 1) moments.push({ key, at, kind: "takeover", ...event.payload });
      return;
    case "text-appended": {
      const step = stepOf(moments, event.payload.step);
      if (step && step.attempts === event.payload.attempt) step.text += event.payload.text;
      return;
    }
    case "step-finished":
      finishStep(moments, event);
      return;
    case "run-waited":
      moments.push({ key, at, kind: "wait", on: event.payload.on, untilMs: null });
      return;
    case "context-compacted": {
      const { by, summary, usage = null } = event.payload;
      moments.push({ key, at, kind: "compaction", by, summary, usage });
      return;
    }
    case "effect-undone":
      moments.push({ key, at, kind: "undo", callId: event.payload.callId, error: event.payload.error ?? null });
      return;
    case "run-finished":
      endWait(moments, at);
      moments.push({ key, at, kind: "end", status: event.payload.status, error: event.payload.error ?? null });
      return;
    default: {
      const told = tellBuild(event);
      if (told) moments.push({ key, at, kind: "build", ...told });
    }
  }
}

/** A step that is begun again stays where it was; what the attempt before said is gone, as in the chat. */
function startStep(moments: Moment[], event: ConversationEvent): void {
  const begun = stepBeginningOf(event);
  if (!begun) return;
  const { step, attempt, model } = begun;
  const known = stepOf(moments, step);
  if (known) Object.assign(known, { attempts: attempt, model, text: "" });
  else {
    const { seq, at } = event;
    moments.push({ key: String(seq), at, kind: "model", step, model, attempts: attempt, text: "", finished: null });
  }
}

function finishStep(moments: Moment[], event: Extract<ConversationEvent, { type: "step-finished" }>): void {
  const { step, durationMs, usage, costMicros, finishReason, toolCalls } = event.payload;
  const model = stepOf(moments, step);
  if (model) model.finished = { durationMs, usage, finishReason, ...(costMicros === undefined ? {} : { costMicros }) };
  for (const { callId } of toolCalls) moments.push({ key: callId, at: event.at, kind: "tool", callId, step });
}

function stepOf(moments: Moment[], step: number): ModelMoment | undefined {
  return moments.find((moment): moment is Moment & ModelMoment => moment.kind === "model" && moment.step === step);
}

function endWait(moments: Moment[], at: string): void {
  const wait = moments.findLast((moment) => moment.kind === "wait");
  if (wait?.kind === "wait" && wait.untilMs === null) wait.untilMs = Date.parse(at) - Date.parse(wait.at);
}

/** Steps of a build in a line each. */
function tellBuild(event: ConversationEvent): { title: string; detail: string | null; isFailure: boolean } | null {
  switch (event.type) {
    case "build-started":
      return { title: "Build begun", detail: event.payload.wish, isFailure: false };
    case "build-planned":
      return { title: "Plan made", detail: event.payload.plan.summary, isFailure: false };
    case "build-attempt-started":
      return {
        title: `Attempt ${event.payload.attempt} written by the ${event.payload.by}`,
        detail: null,
        isFailure: false,
      };
    case "build-checked": {
      const { ok, attempt, tests, findings } = event.payload;
      const failed = tests.filter((test) => !test.ok);
      const why = failed[0]?.name ?? findings[0]?.message ?? null;
      const passed = `${tests.length - failed.length} of ${tests.length} tests pass`;
      return {
        title: `Attempt ${attempt} ${ok ? "passed its check" : "did not pass"}`,
        detail: why === null || ok ? passed : `${passed}. ${why}`,
        isFailure: !ok,
      };
    }
    case "build-finished": {
      const { state, reason, title } = event.payload.outcome;
      const isUp = state === "awaiting_review";
      return {
        title: isUp ? `${title ?? "The module"} waits for review` : `Build ${state}`,
        detail: reason,
        isFailure: state === "failed",
      };
    }
    default:
      return null;
  }
}

export interface RunStep {
  step: number;
  /** It asked for tools and all of them have answered: there is something to go on from. */
  canFork: boolean;
}

/** The steps that can be looked at, in order. */
export function listSteps(events: readonly ConversationEvent[]): RunStep[] {
  const steps = new Map<number, string[]>();
  const answered = new Set<string>();
  for (const event of events) {
    if (event.type === "step-started" && !steps.has(event.payload.step)) steps.set(event.payload.step, []);
    if (event.type === "step-finished")
      steps.set(
        event.payload.step,
        event.payload.toolCalls.map((call) => call.callId),
      );
    if (event.type === "tool-finished") answered.add(event.payload.callId);
  }
  return [...steps]
    .map(([step, calls]) => ({ step, canFork: calls.length > 0 && calls.every((callId) => answered.has(callId)) }))
    .sort((a, b) => a.step - b.step);
}

/** The log as it was when this step, with all its tools, was over and the next one had not begun. */
export function cutAfterStep(events: readonly ConversationEvent[], step: number): ConversationEvent[] {
  const next = events.findIndex((event) => (stepBeginningOf(event)?.step ?? 0) > step);
  return next === -1 ? [...events] : events.slice(0, next);
}
