import type { BuildOutcome } from "@/lib/contracts/build";
import type { ConversationEvent, EventPayload } from "@/lib/contracts/conversation";
import type { Usage } from "@/lib/contracts/run";
import { applyBuildEvent, type BuildView } from "./build-view";
import { applyRunEvent, newRunView, type ChatRunView, type ToolPart } from "./run-view";

/** What a person sees of a conversation: a pure function of its log, kept up to date event by event. */
export interface ConversationView {
  /** Sequence number of the newest event in the view; older events are ignored, so overlapping reads do no harm. */
  lastSeq: number;
  /** Top to bottom. A run stands right below the message it answers. */
  items: ConversationItem[];
  /** By run id. */
  runs: Record<string, ChatRunView>;
  /** By build id. A build that a tool call started is shown inside that call, any other as an item of its own. */
  builds: Record<string, BuildView>;
}

export type ConversationItem =
  | {
      kind: "message";
      key: string;
      runId: string | null;
      text: string;
      via: string;
      maskedSecrets: number;
      at: string;
    }
  | { kind: "run"; key: string; runId: string }
  | { kind: "build"; key: string; buildId: string }
  | { kind: "module-decision"; key: string; at: string; decision: EventPayload<"module-decided"> };

export const emptyConversation: ConversationView = { lastSeq: 0, items: [], runs: {}, builds: {} };

/** The view after all these events, in the order of their sequence numbers. */
export function foldConversation(events: Iterable<ConversationEvent>): ConversationView {
  let view = emptyConversation;
  for (const event of events) view = applyEvent(view, event);
  return view;
}

/** The view after one more event. What the event does not touch keeps its identity, so that React skips it. */
export function applyEvent(view: ConversationView, event: ConversationEvent): ConversationView {
  if (event.seq <= view.lastSeq) return view;
  return { ...change(view, event), lastSeq: event.seq };
}

/** Runs that are not finished, oldest first: what Stop acts on. */
export function unfinishedRuns(view: ConversationView): ChatRunView[] {
  return Object.values(view.runs).filter((run) => run.finishedAt === null);
}

/** The whole text of a run's answer, its steps separated by an empty line. */
export function answerOf(run: ChatRunView): string {
  return run.parts.flatMap((part) => (part.kind === "text" && part.text.trim() ? [part.text.trim()] : [])).join("\n\n");
}

/** Tokens of the run and of the builds it started. */
export function usageOf(view: ConversationView, run: ChatRunView): Usage {
  const builds = run.parts.flatMap((part) =>
    part.kind === "tool" && part.buildId ? (view.builds[part.buildId] ?? []) : [],
  );
  return builds.reduce(
    (sum, build) => ({
      inputTokens: sum.inputTokens + build.usage.inputTokens,
      outputTokens: sum.outputTokens + build.usage.outputTokens,
    }),
    run.usage,
  );
}

function change(view: ConversationView, event: ConversationEvent): ConversationView {
  switch (event.type) {
    case "message-sent":
      return addMessage(view, event);
    case "module-decided":
      return withItem(view, {
        kind: "module-decision",
        key: `decision-${event.seq}`,
        at: event.at,
        decision: event.payload,
      });
    case "build-started":
      return startBuild(view, event);
    case "build-progressed":
    case "build-planned":
    case "build-attempt-started":
    case "build-checked":
    case "build-finished": {
      const build = view.builds[event.payload.buildId];
      if (!build) return view;
      return { ...view, builds: { ...view.builds, [build.buildId]: applyBuildEvent(build, event) } };
    }
    default:
      return changeRun(view, event);
  }
}

function addMessage(
  view: ConversationView,
  event: Extract<ConversationEvent, { type: "message-sent" }>,
): ConversationView {
  const { text, via, maskedSecrets } = event.payload;
  const said = withItem(view, {
    kind: "message",
    key: `message-${event.seq}`,
    runId: event.runId,
    text,
    via,
    maskedSecrets: maskedSecrets ?? 0,
    at: event.at,
  });
  if (event.runId === null) return said;
  const runs = { ...said.runs, [event.runId]: newRunView(event.runId, event.at) };
  return withItem({ ...said, runs }, { kind: "run", key: event.runId, runId: event.runId });
}

function startBuild(
  view: ConversationView,
  event: Extract<ConversationEvent, { type: "build-started" }>,
): ConversationView {
  const { buildId, callId, wish, maxAttempts } = event.payload;
  if (view.builds[buildId]) return view;
  const build: BuildView = {
    buildId,
    runId: event.runId,
    wish,
    maxAttempts,
    attempt: 0,
    by: null,
    message: null,
    plan: null,
    checks: [],
    outcome: null,
    usage: { inputTokens: 0, outputTokens: 0 },
    startedAt: event.at,
    durationMs: null,
  };
  const withBuild = { ...view, builds: { ...view.builds, [buildId]: build } };
  const parent = callId === undefined ? undefined : Object.values(view.runs).findLast((run) => toolPartOf(run, callId));
  if (!parent || callId === undefined) return withItem(withBuild, { kind: "build", key: buildId, buildId });
  const parts = parent.parts.map((part) =>
    part.kind === "tool" && part.callId === callId ? { ...part, buildId } : part,
  );
  return { ...withBuild, runs: { ...view.runs, [parent.runId]: { ...parent, parts } } };
}

function changeRun(view: ConversationView, event: ConversationEvent): ConversationView {
  const run = event.runId === null ? undefined : view.runs[event.runId];
  if (!run) return event.type === "run-finished" ? endBuild(view, event) : view;
  return { ...view, runs: { ...view.runs, [run.runId]: applyRunEvent(run, event) } };
}

/** A build that ended without its own last word (its worker was lost for good) must not look busy for ever. */
function endBuild(
  view: ConversationView,
  event: Extract<ConversationEvent, { type: "run-finished" }>,
): ConversationView {
  const build = Object.values(view.builds).find((one) => one.runId !== null && one.runId === event.runId);
  if (!build || build.outcome) return view;
  const outcome: BuildOutcome = {
    buildId: build.buildId,
    state: event.payload.status === "stopped" ? "stopped" : "failed",
    category: build.plan?.category ?? null,
    name: build.plan?.name ?? null,
    title: build.plan?.title ?? null,
    digest: null,
    attempts: build.attempt,
    reason: event.payload.error?.message ?? null,
    credentials: [],
    hosts: [],
  };
  return { ...view, builds: { ...view.builds, [build.buildId]: { ...build, outcome, message: null } } };
}

function toolPartOf(run: ChatRunView, callId: string): ToolPart | undefined {
  return run.parts.find((part) => part.kind === "tool" && part.callId === callId) as ToolPart | undefined;
}

function withItem(view: ConversationView, item: ConversationItem): ConversationView {
  return { ...view, items: [...view.items, item] };
}
