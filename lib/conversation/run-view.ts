import type { ConversationEvent, EventPayload } from "@/lib/contracts/conversation";
import type { RunStatus, Usage } from "@/lib/contracts/run";

/** One answer as a person sees it: text and tool calls in order, and how it stands. */
export interface ChatRunView {
  runId: string;
  status: RunStatus;
  /** Above 1 when a worker was lost and another one took over. */
  attempt: number;
  parts: RunPart[];
  usage: Usage;
  error: { code: string; message: string; hint?: string } | null;
  waitingOn: { on: "build" | "approval"; id: string; callId: string } | null;
  /** Name of the model of the newest step. */
  model: string | null;
  /** It began with the steps of another run, up to and with this one. */
  forkOf: { runId: string; step: number } | null;
  startedAt: string;
  finishedAt: string | null;
}

export type RunPart = TextPart | ToolPart;

export interface TextPart {
  kind: "text";
  step: number;
  attempt: number;
  text: string;
  /** More may come. */
  isStreaming: boolean;
  /** Taken over from the run that this one forks from. */
  isInherited?: boolean;
}

export type ToolStatus = "queued" | "running" | "waiting" | "done" | "failed" | "denied" | "stopped";

export interface ToolPart {
  kind: "tool";
  callId: string;
  step: number;
  tool: string;
  title: string;
  effect: "read" | "write" | "destroy";
  status: ToolStatus;
  input: unknown;
  output?: unknown;
  error?: { code: string; message: string; hint?: string };
  tainted: boolean;
  source: string | null;
  /** The newest line of progress. */
  progress: string | null;
  attempts: number;
  startedAt: string | null;
  durationMs: number | null;
  /** The newest question about this call; those it replaced are in `earlierApprovals`. */
  approval: ApprovalView | null;
  /** Answered before the world moved, or asked about another thing; oldest first. */
  earlierApprovals: ApprovalView[];
  /** The right it ran under. */
  grantId: string | null;
  /** What it did can be taken back until then. */
  undo: { until: string; label: string } | null;
  /** It was taken back, or why it could not be. */
  undone: "done" | { message: string } | null;
  /** The build this call started; its card is in the view's builds. */
  buildId: string | null;
  /** Taken over from the run that this one forks from: nothing can be done about it here. */
  isInherited?: boolean;
}

/** A question to the person with its answer. Its kind, the state of the world and the round stand in the request. */
export interface ApprovalView {
  request: EventPayload<"approval-requested">;
  decision: "pending" | EventPayload<"approval-decided">["decision"];
  note: string | null;
  /** The right that came of the answer "always". */
  grantId: string | null;
}

export function newRunView(runId: string, at: string): ChatRunView {
  return {
    runId,
    status: "queued",
    attempt: 0,
    parts: [],
    usage: { inputTokens: 0, outputTokens: 0 },
    error: null,
    waitingOn: null,
    model: null,
    forkOf: null,
    startedAt: at,
    finishedAt: null,
  };
}

/** A run that begins with the steps of another one, which are finished and do not change any more. */
export function newForkView(source: ChatRunView | undefined, fork: NewFork): ChatRunView {
  const { runId, at, forkOf } = fork;
  const taken = (source?.parts ?? []).filter((part) => part.step <= forkOf.step);
  return { ...newRunView(runId, at), forkOf, parts: taken.map(toInherited) };
}

interface NewFork {
  runId: string;
  at: string;
  forkOf: { runId: string; step: number };
}

function toInherited(part: RunPart): RunPart {
  if (part.kind === "text") return { ...part, isInherited: true };
  // Who allowed it, and taking it back, belong to where it was done.
  return { ...part, approval: null, earlierApprovals: [], undo: null, isInherited: true };
}

/** The run after one more of its events. */
export function applyRunEvent(run: ChatRunView, event: ConversationEvent): ChatRunView {
  switch (event.type) {
    case "run-claimed":
      return { ...run, status: "running", attempt: event.payload.attempt, waitingOn: null };
    case "step-started":
      return startStep(run, event.payload);
    case "text-appended":
      return appendText(run, event.payload);
    case "step-finished":
      return finishStep(run, event.payload);
    case "tool-started":
      return changeTool(run, event.payload.callId, (part) => ({
        ...part,
        title: event.payload.title,
        effect: event.payload.effect,
        status: "running",
        attempts: event.payload.attempt,
        startedAt: event.at,
      }));
    case "tool-progressed":
      return changeTool(run, event.payload.callId, (part) => ({ ...part, progress: event.payload.message }));
    case "tool-finished":
      return changeTool(run, event.payload.callId, (part) => finishTool(part, event.payload));
    case "approval-requested":
      return changeTool(run, event.payload.callId, (part) => ({
        ...part,
        title: event.payload.title,
        effect: event.payload.effect,
        status: "waiting",
        ...askAgain(part, event.payload),
      }));
    case "approval-decided":
      return changeTool(run, event.payload.callId, (part) => decideApproval(part, event.payload));
    case "effect-undone":
      return changeTool(run, event.payload.callId, (part) => ({ ...part, undone: describeUndone(event.payload) }));
    case "run-waited":
      return {
        ...changeTool(run, event.payload.callId, (part) => ({ ...part, status: "waiting" })),
        status: "waiting",
        waitingOn: event.payload,
      };
    case "run-finished":
      return finishRun(run, event);
    default:
      return run;
  }
}

function startStep(run: ChatRunView, { step, attempt, model }: EventPayload<"step-started">): ChatRunView {
  const kept = run.parts.filter((part) => part.kind !== "text" || part.step !== step || part.attempt >= attempt);
  return { ...run, model, parts: [...kept, { kind: "text", step, attempt, text: "", isStreaming: true }] };
}

function appendText(run: ChatRunView, { step, attempt, text }: EventPayload<"text-appended">): ChatRunView {
  const parts = run.parts.map((part) =>
    part.kind === "text" && part.step === step && part.attempt === attempt ? { ...part, text: part.text + text } : part,
  );
  return { ...run, parts };
}

function finishStep(run: ChatRunView, finished: EventPayload<"step-finished">): ChatRunView {
  const settled = run.parts.flatMap((part): RunPart[] => {
    if (part.kind !== "text" || part.step !== finished.step) return [part];
    return part.text === "" ? [] : [{ ...part, isStreaming: false }];
  });
  const calls = finished.toolCalls.map(({ callId, tool, input }) => newToolPart(callId, finished.step, tool, input));
  const { inputTokens, outputTokens } = run.usage;
  return {
    ...run,
    parts: [...settled, ...calls],
    usage: {
      inputTokens: inputTokens + finished.usage.inputTokens,
      outputTokens: outputTokens + finished.usage.outputTokens,
    },
  };
}

function newToolPart(callId: string, step: number, tool: string, input: unknown): ToolPart {
  return {
    kind: "tool",
    callId,
    step,
    tool,
    title: tool.replaceAll("_", " "),
    effect: "read",
    status: "queued",
    input,
    tainted: false,
    source: null,
    progress: null,
    attempts: 0,
    startedAt: null,
    durationMs: null,
    approval: null,
    earlierApprovals: [],
    grantId: null,
    undo: null,
    undone: null,
    buildId: null,
  };
}

function finishTool(part: ToolPart, finished: EventPayload<"tool-finished">): ToolPart {
  const failedAs = finished.error?.code === "denied" ? "denied" : "failed";
  return {
    ...part,
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
function decideApproval(part: ToolPart, decided: EventPayload<"approval-decided">): ToolPart {
  const answer = (one: ApprovalView): ApprovalView =>
    one.request.approvalId === decided.approvalId
      ? { ...one, decision: decided.decision, note: decided.note ?? null, grantId: decided.grantId ?? null }
      : one;
  const earlierApprovals = part.earlierApprovals.map(answer);
  if (part.approval?.request.approvalId !== decided.approvalId) return { ...part, earlierApprovals };
  const status = part.status === "waiting" ? "queued" : part.status;
  return { ...part, approval: answer(part.approval), earlierApprovals, status };
}

function describeUndone({ ok, error }: EventPayload<"effect-undone">): NonNullable<ToolPart["undone"]> {
  if (ok) return "done";
  const message = error?.message ?? "This could not be undone.";
  return { message: error?.hint ? `${message} ${error.hint}` : message };
}

function finishRun(run: ChatRunView, event: Extract<ConversationEvent, { type: "run-finished" }>): ChatRunView {
  const parts = run.parts.flatMap((part): RunPart[] => {
    if (part.kind === "text") return part.text === "" ? [] : [{ ...part, isStreaming: false }];
    const isOpen = part.status === "queued" || part.status === "running" || part.status === "waiting";
    // A question whose run has ended can no longer be answered.
    const approval =
      part.approval?.decision === "pending" ? { ...part.approval, decision: "expired" as const } : part.approval;
    return [isOpen ? { ...part, status: "stopped", progress: null, approval } : part];
  });
  const { status, error } = event.payload;
  return { ...run, parts, status, error: error ?? null, waitingOn: null, finishedAt: event.at };
}

function changeTool(run: ChatRunView, callId: string, change: (part: ToolPart) => ToolPart): ChatRunView {
  const parts = run.parts.map((part) => (part.kind === "tool" && part.callId === callId ? change(part) : part));
  return { ...run, parts };
}
