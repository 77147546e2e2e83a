import { callBeginningOf, stepBeginningOf } from "@/lib/contracts/beginning";
import type { ConversationEvent, EventPayload } from "@/lib/contracts/conversation";
import {
  type ApprovalView,
  type ChatRunView,
  newToolPart,
  type RunPart,
  type TextPart,
  type ToolPart,
} from "./run-view";

/** The run after one more of its events. */
export function applyRunEvent(run: ChatRunView, event: ConversationEvent): ChatRunView {
  const draft = new RunDraft(run);
  draft.apply(event);
  return draft.run;
}

/**
 * A run at work. The run, its list of parts and each part that an event touches are copied once, when they are first changed,
 * however many events follow; the copies are then changed in place. What no event touches stays the very same object.
 */
export class RunDraft {
  readonly run: ChatRunView;
  private readonly before: readonly RunPart[];
  private readonly own = new WeakSet<RunPart>();

  private isInOrder: boolean;

  constructor(before: ChatRunView) {
    this.run = { ...before };
    this.before = before.parts;
    this.isInOrder = before.parts.every((part, place) => part.step >= (before.parts[place - 1]?.step ?? 0));
  }

  apply(event: ConversationEvent): void {
    const { run } = this;
    const begun = stepBeginningOf(event);
    if (begun) this.startStep(begun);
    switch (event.type) {
      case "run-claimed":
        Object.assign(run, { status: "running", attempt: event.payload.attempt, waitingOn: null });
        break;
      case "text-appended":
        this.appendText(event.payload);
        break;
      case "step-finished":
        this.finishStep(event.payload);
        break;
      case "run-waited":
        this.changeTool(event.payload.callId, () => ({ status: "waiting" }));
        Object.assign(run, { status: "waiting", waitingOn: event.payload });
        break;
      case "run-finished":
        this.finish(event);
        break;
      default:
        if ("callId" in event.payload && event.payload.callId !== undefined)
          this.changeTool(event.payload.callId, (part) => changeOf(part, event));
    }
  }

  /** Changes the call of this id, if it is here. */
  changeTool(callId: string, change: (part: ToolPart) => Partial<ToolPart>): void {
    const place = this.run.parts.findLastIndex((part) => part.kind === "tool" && part.callId === callId);
    const part = this.run.parts[place];
    if (part?.kind === "tool") this.changePart(place, change(part));
  }

  private startStep({ step, attempt, model }: EventPayload<"step-started">): void {
    this.run.model = model;
    for (const place of this.placesOf(step)) {
      const part = this.run.parts[place];
      if (part?.kind === "text" && part.attempt < attempt) this.parts().splice(place, 1);
    }
    this.add({ kind: "text", step, attempt, text: "", isStreaming: true });
  }

  private appendText({ step, attempt, text }: EventPayload<"text-appended">): void {
    const isMeant = (part: RunPart) => part.kind === "text" && part.step === step && part.attempt === attempt;
    const place = this.run.parts.findLastIndex(isMeant);
    const part = this.run.parts[place];
    if (part?.kind === "text") this.changePart(place, { text: part.text + text });
  }

  private finishStep({ step, toolCalls, usage }: EventPayload<"step-finished">): void {
    for (const place of this.placesOf(step)) this.endText(place);
    for (const { callId, tool, input } of toolCalls) this.add(newToolPart(callId, step, tool, input));
    const { inputTokens, outputTokens } = this.run.usage;
    this.run.usage = {
      inputTokens: inputTokens + usage.inputTokens,
      outputTokens: outputTokens + usage.outputTokens,
    };
  }

  private finish(event: Extract<ConversationEvent, { type: "run-finished" }>): void {
    for (let place = this.run.parts.length - 1; place >= 0; place--) {
      const part = this.run.parts[place];
      if (part?.kind === "text") this.endText(place);
      else if (part && ["queued", "running", "waiting"].includes(part.status))
        this.changePart(place, { status: "stopped", progress: null, approval: withoutAnswer(part.approval) });
    }
    const { status, error } = event.payload;
    Object.assign(this.run, { status, error: error ?? null, waitingOn: null, finishedAt: event.at });
  }

  /** Nothing more comes of this text; without a word it is no part of the answer. */
  private endText(place: number): void {
    const part = this.run.parts[place];
    if (part?.kind !== "text") return;
    if (part.text === "") this.parts().splice(place, 1);
    else if (part.isStreaming) this.changePart(place, { isStreaming: false });
  }

  /** Where the parts of a step stand, last to first. Steps follow each other, so those before it need not be looked at. */
  private placesOf(step: number): number[] {
    const { parts } = this.run;
    const places: number[] = [];
    for (let place = parts.length - 1; place >= 0; place--) {
      const own = parts[place]?.step ?? 0;
      if (own === step) places.push(place);
      else if (own < step && this.isInOrder) break;
    }
    return places;
  }

  private add(part: RunPart): void {
    const parts = this.parts();
    if (part.step < (parts.at(-1)?.step ?? 0)) this.isInOrder = false;
    parts.push(this.owned(part));
  }

  private changePart(place: number, change: Partial<TextPart> | Partial<ToolPart>): void {
    const parts = this.parts();
    const part = parts[place];
    if (!part) return;
    if (this.own.has(part)) Object.assign(part, change);
    else parts[place] = this.owned({ ...part, ...change } as RunPart);
  }

  private parts(): RunPart[] {
    if (this.run.parts === this.before) this.run.parts = [...this.before];
    return this.run.parts;
  }

  private owned<Part extends RunPart>(part: Part): Part {
    this.own.add(part);
    return part;
  }
}

/** What an event that is about a call changes of it. */
function changeOf(part: ToolPart, event: ConversationEvent): Partial<ToolPart> {
  const begun = callBeginningOf(event);
  if (!begun) return changeAfterStart(part, event);
  const { title, effect, attempt } = begun;
  const started: Partial<ToolPart> = { title, effect, status: "running", attempts: attempt, startedAt: event.at };
  return { ...started, ...changeAfterStart(part, event) };
}

function changeAfterStart(part: ToolPart, event: ConversationEvent): Partial<ToolPart> {
  switch (event.type) {
    case "tool-progressed":
      return { progress: event.payload.message };
    case "tool-finished":
      return finishTool(event.payload);
    case "approval-requested": {
      const { title, effect } = event.payload;
      return { title, effect, status: "waiting", ...askAgain(part, event.payload) };
    }
    case "approval-decided":
      return decideApproval(part, event.payload);
    case "effect-undone":
      return { undone: describeUndone(event.payload) };
    default:
      return {};
  }
}

function finishTool(finished: EventPayload<"tool-finished">): Partial<ToolPart> {
  const failedAs = finished.error?.code === "denied" ? "denied" : "failed";
  return {
    status: finished.ok ? "done" : failedAs,
    output: finished.output,
    error: finished.error,
    tainted: finished.tainted ?? false,
    source: finished.source ?? null,
    undo: finished.undo ?? null,
    grantId: finished.grantId ?? null,
    durationMs: finished.durationMs,
    progress: null,
  };
}

/** A new round, or a question of another kind, takes the place of the one before, which is kept behind it. */
function askAgain(
  { approval, earlierApprovals }: ToolPart,
  request: EventPayload<"approval-requested">,
): Pick<ToolPart, "approval" | "earlierApprovals"> {
  const asked: ApprovalView = { request, decision: "pending", note: null, grantId: null };
  if (approval === null || approval.request.approvalId === request.approvalId)
    return { approval: asked, earlierApprovals };
  const replaced = approval.decision === "pending" ? { ...approval, decision: "superseded" as const } : approval;
  return { approval: asked, earlierApprovals: [...earlierApprovals, replaced] };
}

/** The answer may come after the question was replaced: the world moved meanwhile. */
function decideApproval(part: ToolPart, decided: EventPayload<"approval-decided">): Partial<ToolPart> {
  const answer = (one: ApprovalView): ApprovalView =>
    one.request.approvalId === decided.approvalId
      ? { ...one, decision: decided.decision, note: decided.note ?? null, grantId: decided.grantId ?? null }
      : one;
  const earlierApprovals = part.earlierApprovals.map(answer);
  if (part.approval?.request.approvalId !== decided.approvalId) return { earlierApprovals };
  const status = part.status === "waiting" ? "queued" : part.status;
  return { approval: answer(part.approval), earlierApprovals, status };
}

/** A question whose run has ended can no longer be answered. */
function withoutAnswer(approval: ApprovalView | null): ApprovalView | null {
  return approval?.decision === "pending" ? { ...approval, decision: "expired" } : approval;
}

function describeUndone({ ok, error }: EventPayload<"effect-undone">): NonNullable<ToolPart["undone"]> {
  if (ok) return "done";
  const message = error?.message ?? "This could not be undone.";
  return { message: error?.hint ? `${message} ${error.hint}` : message };
}
