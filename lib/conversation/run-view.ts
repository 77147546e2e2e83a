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
  approval: ApprovalView | null;
  /** The build this call started; its card is in the view's builds. */
  buildId: string | null;
}

export interface ApprovalView {
  request: EventPayload<"approval-requested">;
  decision: "pending" | "allowed" | "denied" | "expired";
  note: string | null;
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
    startedAt: at,
    finishedAt: null,
  };
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
        approval: { request: event.payload, decision: "pending", note: null },
      }));
    case "approval-decided":
      return changeTool(run, event.payload.callId, (part) => decideApproval(part, event.payload));
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
    durationMs: finished.durationMs,
    progress: null,
  };
}

function decideApproval(part: ToolPart, decided: EventPayload<"approval-decided">): ToolPart {
  if (!part.approval || part.approval.request.approvalId !== decided.approvalId) return part;
  const approval = { ...part.approval, decision: decided.decision, note: decided.note ?? null };
  return { ...part, approval, status: part.status === "waiting" ? "queued" : part.status };
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
