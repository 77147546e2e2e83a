import type { BuildOutcome } from "@/lib/contracts/build";
import type { ConversationEvent, EventPayload } from "@/lib/contracts/conversation";
import type { Usage } from "@/lib/contracts/run";
import { applyBuildEvent, type BuildView } from "./build-view";
import { emptyTree, type Siblings, type TurnTree } from "./path";
import { type ChatRunView, newForkView, newRunView, type RunPart } from "./run-view";
import { ViewDraft } from "./view-draft";

/** What a person sees of a conversation: a pure function of its log, kept up to date event by event. */
export interface ConversationView {
  /** Sequence number of the newest event in the view; older events are ignored, so overlapping reads do no harm. */
  lastSeq: number;
  /** Top to bottom: the turns on the path that is looked at. A run stands right below the message it answers. */
  items: ConversationItem[];
  /** The items of the turns that are not on the path, by turn. */
  asides: Record<string, ConversationItem[]>;
  /** How the turns follow each other. */
  tree: TurnTree;
  /** In the order of the log, also those off the path: they may still be at work. An array, because it is copied per event. */
  runs: ChatRunView[];
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
      /** The versions of this turn, when there are several. */
      siblings: Siblings | null;
    }
  | { kind: "run"; key: string; runId: string }
  | { kind: "build"; key: string; buildId: string }
  | { kind: "module-decision"; key: string; at: string; decision: EventPayload<"module-decided"> };

export const emptyConversation: ConversationView = {
  lastSeq: 0,
  items: [],
  asides: {},
  tree: emptyTree(),
  runs: [],
  builds: {},
};

/** The view after all these events, in the order of their sequence numbers. */
export function foldConversation(events: Iterable<ConversationEvent>): ConversationView {
  return applyEvents(emptyConversation, events);
}

/** The view after one more event. What the event does not touch keeps its identity, so that React skips it. */
export function applyEvent(view: ConversationView, event: ConversationEvent): ConversationView {
  return applyEvents(view, [event]);
}

/** The view after these events; the same view when all of them were known already. */
export function applyEvents(view: ConversationView, events: Iterable<ConversationEvent>): ConversationView {
  let lastSeq = view.lastSeq;
  const draft = new ViewDraft(view);
  for (const event of events) {
    if (event.seq <= lastSeq) continue;
    change(draft, event);
    lastSeq = event.seq;
  }
  return lastSeq === view.lastSeq ? view : draft.finish(lastSeq);
}

/** The view as it will be once the log knows that the person looks at this turn. */
export function showBranch(view: ConversationView, runId: string): ConversationView {
  const draft = new ViewDraft(view);
  draft.chooseTurn(runId);
  return draft.finish(view.lastSeq);
}

/** Looked for from the newest on: that is where things happen. */
export function findRun(view: Pick<ConversationView, "runs">, runId: string): ChatRunView | undefined {
  return view.runs.findLast((run) => run.runId === runId);
}

/** Answers on the path, first to last. */
export function runsOnPath(view: ConversationView): ChatRunView[] {
  const runs = new Map(view.runs.map((run) => [run.runId, run]));
  return view.items.flatMap((item) => (item.kind === "run" ? (runs.get(item.runId) ?? []) : []));
}

/** Answers on the path that are not finished: what Stop acts on. */
export function unfinishedRuns(view: ConversationView): ChatRunView[] {
  return runsOnPath(view).filter((run) => run.finishedAt === null);
}

/** The whole text of a run's answer, its steps separated by an empty line. */
export function answerOf(run: ChatRunView): string {
  return run.parts.flatMap((part) => (part.kind === "text" && part.text.trim() ? [part.text.trim()] : [])).join("\n\n");
}

/** Tokens of the run and of the builds it started. */
export function usageOf(view: ConversationView, run: ChatRunView): Usage {
  const builds = run.parts.flatMap((part) =>
    part.kind === "tool" && part.buildId && !part.isInherited ? (view.builds[part.buildId] ?? []) : [],
  );
  return builds.reduce(
    (sum, build) => ({
      inputTokens: sum.inputTokens + build.usage.inputTokens,
      outputTokens: sum.outputTokens + build.usage.outputTokens,
    }),
    run.usage,
  );
}

function change(draft: ViewDraft, event: ConversationEvent): void {
  switch (event.type) {
    case "message-sent":
      addMessage(draft, event);
      break;
    case "branch-chosen":
      draft.chooseTurn(event.payload.runId);
      break;
    case "module-decided": {
      const { payload: decision, at } = event;
      draft.addItem({ kind: "module-decision", key: `decision-${event.seq}`, at, decision });
      break;
    }
    case "build-started":
      startBuild(draft, event);
      break;
    case "build-progressed":
    case "build-planned":
    case "build-attempt-started":
    case "build-checked":
    case "build-finished": {
      const build = draft.builds[event.payload.buildId];
      if (build) draft.setBuild(applyBuildEvent(build, event));
      break;
    }
    case "effect-undone":
      undoEffect(draft, event);
      break;
    default:
      changeRun(draft, event);
  }
}

function addMessage(draft: ViewDraft, event: Extract<ConversationEvent, { type: "message-sent" }>): void {
  const { seq, runId, at } = event;
  const { text, via, maskedSecrets, forkOf } = event.payload;
  const key = `message-${seq}`;
  draft.addTurn(event, { kind: "message", key, runId, text, via, maskedSecrets: maskedSecrets ?? 0, at });
  if (runId === null) return;
  draft.addRun(forkOf ? newForkView(findRun(draft, forkOf.runId), { runId, at, forkOf }) : newRunView(runId, at));
}

function startBuild(draft: ViewDraft, event: Extract<ConversationEvent, { type: "build-started" }>): void {
  const { buildId, callId, wish, maxAttempts } = event.payload;
  if (draft.builds[buildId]) return;
  draft.setBuild({
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
  });
  const isAsking = (part: RunPart) => part.kind === "tool" && part.callId === callId && !part.isInherited;
  const parent = callId === undefined ? undefined : draft.runs.findLast((run) => run.parts.some(isAsking));
  if (!parent || callId === undefined) draft.addItem({ kind: "build", key: buildId, buildId });
  else draft.draftOf(parent.runId)?.changeTool(callId, () => ({ buildId }));
}

/** Forks show the calls that they took over: what was taken back there is taken back here. */
function undoEffect(draft: ViewDraft, event: Extract<ConversationEvent, { type: "effect-undone" }>): void {
  const isMeant = (part: RunPart, runId: string) =>
    part.kind === "tool" && part.callId === event.payload.callId && (part.isInherited || runId === event.runId);
  for (const run of draft.runs)
    if (run.parts.some((part) => isMeant(part, run.runId))) draft.draftOf(run.runId)?.apply(event);
}

function changeRun(draft: ViewDraft, event: ConversationEvent): void {
  const run = event.runId === null ? null : draft.draftOf(event.runId);
  if (run) run.apply(event);
  else if (event.type === "run-finished") endBuild(draft, event);
}

/** A build that ended without its own last word (its worker was lost for good) must not look busy for ever. */
function endBuild(draft: ViewDraft, event: Extract<ConversationEvent, { type: "run-finished" }>): void {
  const build = Object.values(draft.builds).find((one) => one.runId !== null && one.runId === event.runId);
  if (!build || build.outcome) return;
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
  draft.setBuild({ ...build, outcome, message: null });
}
