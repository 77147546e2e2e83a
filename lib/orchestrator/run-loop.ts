import { setTimeout as pause } from "node:timers/promises";
import type { LanguageModelV4, LanguageModelV4FunctionTool } from "@ai-sdk/provider";
import type { EventPayload, ToolCall } from "@/lib/contracts/conversation";
import { AppError } from "@/lib/contracts/errors";
import type { ModelRole } from "@/lib/contracts/model";
import { defaultRunBudget, type RunBudget } from "@/lib/contracts/run";
import type { Tool } from "@/lib/contracts/tool";
import { actAs, asSystem, type Viewer } from "@/lib/contracts/viewer";
import { toModelPrompt } from "@/lib/conversation/prompt";
import { type ClaimedRun, finishRun, waitOn } from "@/lib/db/claims";
import { LostRunError } from "@/lib/db/events";
import { isDatabaseOutage } from "@/lib/db/statement";
import { logger } from "@/lib/logger";
import { type InvokeResult, invoke } from "@/lib/tools/invoke";
import { callModel } from "./call-model";
import { describeModelFailure } from "./model-failure";
import { assistantPrompt } from "./prompts/assistant";
import { RunInterrupt, RunLog } from "./replay";
import { decideNext, findTaint } from "./run-step";

/** What the loop needs from the rest of Burgeon; tests give their own. */
export interface LoopPorts {
  resolveModel(viewer: Viewer, role: ModelRole): Promise<ResolvedModel>;
  listTools(viewer: Viewer): Promise<Tool[]>;
  budget?: RunBudget;
}

export interface ResolvedModel {
  model: LanguageModelV4;
  /** For the person: "gpt-5 (OpenAI)", "Built-in planner". */
  label: string;
  provider: string;
}

const maxModelTries = 3;
// A provider that asks for more patience than this gets none: the run ends and says so.
const maxRetryAfterMs = 30_000;
const parallelReads = 8;

/**
 * Works on a claimed chat run until it is finished or has to wait: model → tools → model, each step in the log before the
 * next begins. Everything it knows comes from the log, so it makes no difference which worker begins and which one ends it.
 * @param interrupt aborted with a RunInterrupt when a person presses Stop, the claim is lost, or the worker shuts down
 * @throws LostRunError, or an outage of the database: nothing more is written then
 */
export async function runChat(run: ClaimedRun, ports: LoopPorts, interrupt: AbortController): Promise<void> {
  if (run.stopRequested) interrupt.abort(new RunInterrupt("stop"));
  try {
    const log = await RunLog.open(run, () => interrupt.abort(new RunInterrupt("stop")));
    await work(new Loop(run, ports, log, interrupt.signal));
  } catch (cause) {
    const ending = toEnding(cause, run);
    if (ending === null) return;
    await finishRun(asSystem("worker"), run, ending);
  }
}

async function work(loop: Loop): Promise<void> {
  const budget = loop.ports.budget ?? defaultRunBudget;
  for (;;) {
    loop.signal.throwIfAborted();
    const decision = decideNext(loop.log.events, loop.run.runId, budget);
    if (decision.kind === "call-model") await loop.callModel(decision.step, decision.attempt);
    else if (decision.kind === "run-tools") {
      if ((await loop.runTools(decision.calls)) === "waits") return;
    } else return finishRun(asSystem("worker"), loop.run, toFinish(decision, budget));
  }
}

class Loop {
  private readonly viewer: Viewer;
  /** What the model was offered in the step before: its calls are looked up in the same list. */
  private offered: Tool[] | null = null;

  constructor(
    readonly run: ClaimedRun,
    readonly ports: LoopPorts,
    readonly log: RunLog,
    readonly signal: AbortSignal,
  ) {
    this.viewer = actAs(run.userId, run.role);
  }

  /** One step of the model. Faults that may pass are tried again, with jitter, as a new attempt of the same step. */
  async callModel(step: number, firstAttempt: number): Promise<void> {
    const { model, label, provider } = await this.ports.resolveModel(this.viewer, "assistant");
    const tools = await this.ports.listTools(this.viewer);
    this.offered = tools;
    const prompt = toModelPrompt(this.log.events, {
      system: assistantPrompt(new Date()),
      runId: this.run.runId,
      markUntrusted: provider !== "planner",
      model: label,
    });
    for (let tries = 1; ; tries++) {
      try {
        return await callModel({
          model,
          label,
          prompt,
          tools: tools.map(toFunctionTool),
          step,
          attempt: firstAttempt + tries - 1,
          takenCallIds: this.log.callIds(),
          append: (events) => this.log.append(events),
          signal: this.signal,
        });
      } catch (cause) {
        await this.pauseOrGiveUp(cause, label, tries);
      }
    }
  }

  private async pauseOrGiveUp(cause: unknown, label: string, tries: number): Promise<void> {
    if (
      this.signal.aborted ||
      cause instanceof RunInterrupt ||
      cause instanceof LostRunError ||
      isDatabaseOutage(cause)
    )
      throw cause;
    const { isRetryable, retryAfterMs, error } = describeModelFailure(cause, label, tries);
    logger.warn({ room: "orchestrator", runId: this.run.runId, tries, isRetryable, cause }, "model call failed");
    const isPatienceOver = retryAfterMs !== null && retryAfterMs > maxRetryAfterMs;
    if (!isRetryable || isPatienceOver || tries >= maxModelTries)
      throw new AppError(error.code, error.message, { hint: error.hint, cause });
    const delayMs = retryAfterMs ?? 300 * 2 ** tries * (0.5 + Math.random());
    await pause(delayMs, undefined, { signal: this.signal }).catch(() => this.signal.throwIfAborted());
  }

  /** Reads that stand side by side run together; everything with an effect runs alone and in the model's order. */
  async runTools(calls: ToolCall[]): Promise<"done" | "waits"> {
    const tools = new Map((this.offered ?? (await this.ports.listTools(this.viewer))).map((tool) => [tool.name, tool]));
    for (const group of groupCalls(calls, tools)) {
      const results = await settleAll(group.map((call) => () => this.invoke(call, tools)));
      const waiting = results.findIndex((result) => result.kind === "wait");
      const [result, call] = [results[waiting], group[waiting]];
      if (result?.kind !== "wait" || !call) continue;
      this.signal.throwIfAborted();
      await waitOn(asSystem("worker"), this.run, { on: result.on, id: result.id, callId: call.callId });
      return "waits";
    }
    return "done";
  }

  private invoke(call: ToolCall, tools: Map<string, Tool>): Promise<InvokeResult> {
    return invoke({
      viewer: this.viewer,
      conversationId: this.run.conversationId,
      runId: this.run.runId,
      fence: this.run.fence,
      call,
      tools,
      attempt: this.log.startsOf(call.callId) + 1,
      taintedBy: findTaint(this.log.events, this.run.runId),
      append: (events) => this.log.append(events),
      signal: this.signal,
    });
  }
}

function groupCalls(calls: ToolCall[], tools: Map<string, Tool>): ToolCall[][] {
  const groups: ToolCall[][] = [];
  let isOpen = false;
  for (const call of calls) {
    const isRead = (tools.get(call.tool)?.effect ?? "read") === "read";
    const last = groups.at(-1);
    if (isRead && isOpen && last && last.length < parallelReads) last.push(call);
    else groups.push([call]);
    isOpen = isRead;
  }
  return groups;
}

/** All of them to their end, then the first failure: a call that is under way is never left behind. */
async function settleAll<Value>(tasks: (() => Promise<Value>)[]): Promise<Value[]> {
  const settled = await Promise.allSettled(tasks.map((task) => task()));
  return settled.map((one) => {
    if (one.status === "rejected") throw one.reason;
    return one.value;
  });
}

function toFunctionTool(tool: Tool): LanguageModelV4FunctionTool {
  return {
    type: "function",
    name: tool.name,
    description: tool.description,
    inputSchema: tool.inputJsonSchema,
    ...(tool.questions && tool.questions.length > 0
      ? { providerOptions: { burgeon: { questions: [...tool.questions], title: tool.title } } }
      : {}),
  };
}

function toFinish(
  decision: { status: "done" } | { status: "budget_exhausted"; bound: keyof RunBudget },
  budget: RunBudget,
): EventPayload<"run-finished"> {
  if (decision.status === "done") return { status: "done" };
  const { bound } = decision;
  const limits: Record<keyof RunBudget, string> = {
    steps: `${budget.steps} steps`,
    toolCalls: `${budget.toolCalls} tool calls`,
    tokens: `${budget.tokens.toLocaleString("en")} tokens`,
    wallMs: `${Math.round(budget.wallMs / 60_000)} minutes`,
  };
  return {
    status: "budget_exhausted",
    error: {
      code: bound,
      message: `Burgeon ended this run at its limit of ${limits[bound]}. What was reached is above.`,
      hint: "Send another message to go on from here.",
    },
  };
}

/** How a run ends after this was thrown; null when it is not ours to end. */
function toEnding(cause: unknown, run: ClaimedRun): EventPayload<"run-finished"> | null {
  if (cause instanceof RunInterrupt) return cause.reason === "stop" ? { status: "stopped" } : null;
  if (cause instanceof LostRunError || isDatabaseOutage(cause)) throw cause;
  if (cause instanceof AppError) {
    const { code, message, hint } = cause;
    return { status: "failed", error: { code, message, ...(hint === undefined ? {} : { hint }) } };
  }
  logger.error({ room: "orchestrator", runId: run.runId, cause }, "run failed");
  return {
    status: "failed",
    error: {
      code: "unavailable",
      message: "Something went wrong inside Burgeon, so this run was ended.",
      hint: "The worker's log has the detail. Send the message again.",
    },
  };
}
