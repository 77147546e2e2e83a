import type { EventPayload } from "@/lib/contracts/conversation";
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

export function newToolPart(callId: string, step: number, tool: string, input: unknown): ToolPart {
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
