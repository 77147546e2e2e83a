import type { BuildOutcome, BuildPlan } from "@/lib/contracts/build";
import type { ConversationEvent, EventPayload } from "@/lib/contracts/conversation";
import type { Usage } from "@/lib/contracts/run";

/** The build card: what is being built, how far it is, what failed, how it ended. */
export interface BuildView {
  buildId: string;
  /** The run that does the work: what Stop on the card stops. */
  runId: string | null;
  wish: string;
  maxAttempts: number;
  /** The attempt at work, from 1; 0 while planning. */
  attempt: number;
  by: "planner" | "model" | null;
  /** What it is doing now, in one line. */
  message: string | null;
  plan: BuildPlan | null;
  /** One entry per checked attempt, oldest first. */
  checks: EventPayload<"build-checked">[];
  outcome: BuildOutcome | null;
  usage: Usage;
  startedAt: string;
  durationMs: number | null;
}

export type BuildEvent = Extract<
  ConversationEvent,
  {
    type: "build-progressed" | "build-planned" | "build-attempt-started" | "build-checked" | "build-finished";
  }
>;

/** The card after one more event of its build. */
export function applyBuildEvent(build: BuildView, event: BuildEvent): BuildView {
  switch (event.type) {
    case "build-progressed":
      return { ...build, message: event.payload.message };
    case "build-planned":
      return { ...build, plan: event.payload.plan };
    case "build-attempt-started":
      return { ...build, attempt: event.payload.attempt, by: event.payload.by };
    case "build-checked":
      return addCheck(build, event.payload);
    case "build-finished": {
      const { outcome, usage, durationMs } = event.payload;
      return { ...build, outcome, usage, durationMs, message: null };
    }
  }
}

/** A build that was interrupted may check the same attempt again: the newer check replaces the older. */
function addCheck(build: BuildView, check: EventPayload<"build-checked">): BuildView {
  const others = build.checks.filter((earlier) => earlier.attempt !== check.attempt);
  const usage = check.usage ?? { inputTokens: 0, outputTokens: 0 };
  return {
    ...build,
    attempt: Math.max(build.attempt, check.attempt),
    checks: [...others, check],
    usage: {
      inputTokens: build.usage.inputTokens + usage.inputTokens,
      outputTokens: build.usage.outputTokens + usage.outputTokens,
    },
  };
}
