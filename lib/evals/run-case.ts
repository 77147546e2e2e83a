import { setTimeout as pause } from "node:timers/promises";
import type { LanguageModelV4 } from "@ai-sdk/provider";
import type { ConversationEvent, EventPayload, NewEvent } from "@/lib/contracts/conversation";
import { defaultBudget, type Usage } from "@/lib/contracts/run";
import type { Tool } from "@/lib/contracts/tool";
import type { Viewer } from "@/lib/contracts/viewer";
import { toModelPrompt } from "@/lib/conversation/prompt";
import { applyRunEvent } from "@/lib/conversation/run-draft";
import { newRunView } from "@/lib/conversation/run-view";
import { callModel } from "@/lib/orchestrator/call-model";
import { describeModelFailure } from "@/lib/orchestrator/model-failure";
import { toFunctionTool } from "@/lib/orchestrator/offer-tool";
import { assistantPrompt } from "@/lib/orchestrator/prompts/assistant";
import { decideNext } from "@/lib/orchestrator/run-step";
import { invoke } from "@/lib/tools/invoke";
import { type EvalCase, messagesOf } from "./eval-case";
import type { MadeCall } from "./match-input";
import { type RecordedResults, type RecordedTool, recordedAt, toPlayedTool, toRecord } from "./recorded-tools";

/** The model that is looked at. */
export interface Subject {
  model: LanguageModelV4;
  /** For the person: "gpt-5 (OpenAI)", "Built-in planner". */
  label: string;
  provider: string;
}

export interface PlayedCall extends MadeCall {
  /** Null when the call failed. */
  output: unknown;
}

/** What came of a case. */
export interface Outcome {
  /** Calls for the last message. */
  calls: PlayedCall[];
  /** Names of all tools called in the conversation. */
  toolsOfConversation: string[];
  answer: string;
  /** How the last run ended, and why when it is not `done`. */
  status: "done" | "failed" | "budget_exhausted";
  error: string | null;
  /** Time of the model until the last message was answered, without the tools. */
  modelMs: number;
  /** Of the whole conversation. */
  usage: Usage;
}

const maxModelTries = 3;
const maxPauseMs = 30_000;
/** Nobody: what is played belongs to no account and reaches no database. */
const nobody: Viewer = { kind: "viewer", userId: "eval", role: "owner", via: "cli", scopes: [] };

/**
 * Plays a case as a worker plays a run: the log decides the next step, the model is given the same prompt and the same tools,
 * its calls go through the same door. The log is in memory, and what tools answer is recorded.
 */
export async function runCase(
  one: EvalCase,
  subject: Subject,
  toolset: readonly RecordedTool[],
  results: RecordedResults,
  signal: AbortSignal,
): Promise<Outcome> {
  const recorded = { ...results, ...one.results };
  const tools = new Map(toolset.map((tool) => [tool.name, toPlayedTool(tool, recorded)]));
  const log = new CaseLog();
  for (const message of messagesOf(one)) {
    log.begin(message);
    const ending = await answer(log, subject, tools, signal);
    log.add([{ type: "run-finished", payload: ending }]);
    if (ending.status !== "done") break;
  }
  return toOutcome(log);
}

async function answer(
  log: CaseLog,
  subject: Subject,
  tools: ReadonlyMap<string, Tool>,
  signal: AbortSignal,
): Promise<EventPayload<"run-finished">> {
  for (;;) {
    const decision = decideNext(log.events, log.runId, defaultBudget.run);
    if (decision.kind === "finish")
      return decision.status === "done"
        ? { status: "done" }
        : {
            status: decision.status,
            error: { code: decision.bound, message: `It came to no end (${decision.bound}).` },
          };
    if (decision.kind === "run-tools") {
      for (const call of decision.calls) {
        await invoke({
          viewer: nobody,
          timeZone: "UTC",
          conversationId: "conv_eval",
          runId: log.runId,
          fence: 1,
          call,
          tools,
          attempt: 1,
          taintedBy: null,
          isKnownAddress: () => true,
          append: async (events) => log.add(events),
          stage: (events) => log.add(events),
          signal,
        });
      }
      continue;
    }
    const failed = await askModel(log, subject, tools, decision, signal);
    if (failed !== null) return { status: "failed", error: failed };
  }
}

/** One step of the model. A fault that may pass leaves the step open, so that it is decided again; null then and when it is done. */
async function askModel(
  log: CaseLog,
  { model, label, provider }: Subject,
  tools: ReadonlyMap<string, Tool>,
  { step, attempt }: { step: number; attempt: number },
  signal: AbortSignal,
): Promise<EventPayload<"run-finished">["error"] | null> {
  const prompt = toModelPrompt(log.events, {
    system: assistantPrompt(recordedAt, "UTC"),
    runId: log.runId,
    markUntrusted: provider !== "planner",
    model: label,
  });
  try {
    await callModel({
      model,
      label,
      // Only budgets ask for it, and a case is ended by its steps.
      price: undefined,
      prompt,
      tools: [...tools.values()].map(toFunctionTool),
      step,
      attempt,
      takenCallIds: log.callIds(),
      append: async (events) => log.add(events),
      stage: (events) => log.add(events),
      signal,
    });
    return null;
  } catch (cause) {
    signal.throwIfAborted();
    const { isRetryable, retryAfterMs, error } = describeModelFailure(cause, label, attempt);
    const delayMs = retryAfterMs ?? 500 * 2 ** attempt;
    if (!isRetryable || attempt >= maxModelTries || delayMs > maxPauseMs) return error;
    await pause(delayMs, undefined, { signal });
    return null;
  }
}

/** The log of one conversation, as the database would give it back. */
class CaseLog {
  readonly events: ConversationEvent[] = [];
  private runs = 0;

  get runId(): string {
    return `run_${this.runs}`;
  }

  begin(message: string): void {
    this.runs += 1;
    this.add([
      { type: "message-sent", payload: { text: message, via: "api" } },
      { type: "run-claimed", payload: { attempt: 1, worker: "eval" } },
    ]);
  }

  add(events: NewEvent[]): void {
    const at = new Date().toISOString();
    for (const event of events)
      this.events.push({ ...event, seq: this.events.length + 1, runId: this.runId, at } as ConversationEvent);
  }

  callIds(): Set<string> {
    return new Set(
      this.events.flatMap((event) =>
        event.type === "step-finished" ? event.payload.toolCalls.map((call) => call.callId) : [],
      ),
    );
  }
}

function toOutcome({ events, runId }: CaseLog): Outcome {
  const last = events.filter((event) => event.runId === runId);
  const view = last.reduce(applyRunEvent, newRunView(runId, recordedAt.toISOString()));
  const steps = events.flatMap((event) =>
    event.type === "step-finished" ? [{ runId: event.runId, ...event.payload }] : [],
  );
  return {
    calls: view.parts.flatMap((part) =>
      part.kind === "tool" ? [{ tool: part.tool, input: toRecord(part.input), output: part.output ?? null }] : [],
    ),
    toolsOfConversation: [...new Set(steps.flatMap(({ toolCalls }) => toolCalls.map(({ tool }) => tool)))],
    answer: view.parts.flatMap((part) => (part.kind === "text" ? [part.text] : [])).join("\n\n"),
    status: view.status === "done" ? "done" : view.status === "budget_exhausted" ? "budget_exhausted" : "failed",
    error: view.error?.message ?? null,
    modelMs: steps.filter((step) => step.runId === runId).reduce((sum, { durationMs }) => sum + durationMs, 0),
    usage: {
      inputTokens: steps.reduce((sum, { usage }) => sum + usage.inputTokens, 0),
      outputTokens: steps.reduce((sum, { usage }) => sum + usage.outputTokens, 0),
    },
  };
}
