import { setImmediate as nextTurn, setTimeout as pause } from "node:timers/promises";
import type { ToolCall } from "@/lib/contracts/conversation";
import { AppError } from "@/lib/contracts/errors";
import type { BoundName, Budget, DayUsage } from "@/lib/contracts/run";
import type { Tool } from "@/lib/contracts/tool";
import { actAs, asSystem, type Viewer } from "@/lib/contracts/viewer";
import { isKnownAddress } from "@/lib/conversation/known-address";
import { findCompaction, findTaint, type CompactionOptions, toModelPrompt } from "@/lib/conversation/prompt";
import type { ClaimedRun } from "@/lib/db/claims";
import { LostRunError } from "@/lib/db/events";
import { isDatabaseOutage } from "@/lib/db/statement";
import { getTodayUsage } from "@/lib/db/usage";
import { waitOn } from "@/lib/db/waiting";
import { logger } from "@/lib/logger";
import { type InvokeResult, invoke } from "@/lib/tools/invoke";
import { findSpentDay } from "./budget";
import { callModel } from "./call-model";
import { maxPromptChars, summarise } from "./compaction";
import { describeModelFailure } from "./model-failure";
import { toFunctionTool } from "./offer-tool";
import { Fresh, type LoopPorts, type ResolvedModel } from "./ports";
import { assistantPrompt } from "./prompts/assistant";
import { PostponeError, RunInterrupt, type RunLog } from "./replay";

const maxModelTries = 3;
// Over all claims of the run: a provider that always asks for patience must not be asked for ever.
const maxAttempts = 6;
const longestPauseMs = 1000;
// A provider that asks for more patience than this gets none: the run ends and says so.
const maxRetryAfterMs = 30_000;
const parallelReads = 8;
/** What a summary may be long. */
const summaryChars = 8000;

/** What a run works with, besides its log. All of it is asked for at once, while the log is being read. */
export class Given {
  readonly viewer: Viewer;
  readonly settings: Fresh<{ budget: Budget; tools: Tool[]; model: ResolvedModel; timeZone: string }>;
  /** What the person had used today when the run was taken. */
  readonly today: Promise<DayUsage>;

  constructor(run: ClaimedRun, ports: LoopPorts) {
    const viewer = actAs(run.userId, run.role);
    this.viewer = viewer;
    this.settings = new Fresh(() => ({
      budget: ports.getBudget(viewer),
      tools: ports.listTools(viewer),
      model: ports.resolveModel(viewer, "assistant"),
      timeZone: ports.getTimeZone(viewer),
    }));
    this.today = getTodayUsage(viewer);
    // Whoever needs one of them finds its failure there; until then nobody has asked.
    void Promise.allSettled([this.today, this.settings.get("budget")]);
  }
}

/** One run at work: the two things it does. */
export class Loop {
  constructor(
    readonly run: ClaimedRun,
    readonly given: Given,
    readonly log: RunLog,
    readonly signal: AbortSignal,
  ) {}

  /**
   * The bound of the person's day that is used up, or null. The day is asked for once; after that the writes tell, and what they do
   * not know yet is added.
   */
  async findSpentDay(budget: Budget): Promise<BoundName | null> {
    const { runs, inputTokens, outputTokens, costMicros } = await this.given.today;
    const told = this.log.today ?? { tokens: inputTokens + outputTokens, costMicros };
    const own = this.log.unwrittenUse();
    const used = { tokens: told.tokens + own.tokens, costMicros: told.costMicros + own.costMicros };
    return findSpentDay({ runs, ...used }, budget);
  }

  /**
   * One step of the model. It is prepared while what came before is being stored, and asked for only then. Faults that may pass are
   * tried again, with jitter, as a new attempt of the same step.
   */
  async callModel(step: number, firstAttempt: number): Promise<void> {
    const [resolved, tools] = await Promise.all([this.given.settings.get("model"), this.given.settings.get("tools")]);
    const { model, label } = resolved;
    const options = await this.promptOptions(resolved);
    await this.compact(resolved, options);
    const prompt = toModelPrompt(this.log.events, options);
    for (let tries = 1; ; tries++) {
      try {
        await this.whenWritten(resolved, () =>
          callModel({
            model,
            label,
            price: resolved.price,
            prompt,
            tools: tools.map(toFunctionTool),
            step,
            attempt: firstAttempt + tries - 1,
            takenCallIds: this.log.callIds(),
            append: (events) => this.log.append(events),
            stage: (events) => this.log.stage(events),
            signal: this.signal,
          }),
        );
        this.log.begin();
        // The statement leaves before the tools begin, which may keep this thread for a while.
        return await nextTurn();
      } catch (cause) {
        // The model is not to blame for what could not be stored.
        await this.log.written();
        await this.pauseOrGiveUp(cause, label, tries, firstAttempt + tries - 1);
      }
    }
  }

  private async whenWritten<Value>({ holdRequests }: ResolvedModel, call: () => Promise<Value>): Promise<Value> {
    if (holdRequests) return holdRequests(() => this.log.written(), call);
    await this.log.written();
    return call();
  }

  /** When the prompt outgrows the model's window, its oldest part is told in few words, once, and the log keeps both. */
  private async compact(resolved: ResolvedModel, options: CompactionOptions): Promise<void> {
    for (;;) {
      const found = findCompaction(this.log.events, { ...options, summaryChars });
      if (!found) return;
      await this.log.written();
      const payload = await summarise(found, resolved, summaryChars, this.signal);
      await this.log.append([{ type: "context-compacted", payload }]);
    }
  }

  private async promptOptions(resolved: ResolvedModel): Promise<CompactionOptions> {
    const maxChars = maxPromptChars(resolved);
    return {
      system: assistantPrompt(new Date(), await this.given.settings.get("timeZone")),
      runId: this.run.runId,
      markUntrusted: resolved.provider !== "planner",
      model: resolved.label,
      ...(maxChars === undefined ? {} : { maxChars }),
    };
  }

  private async pauseOrGiveUp(cause: unknown, label: string, tries: number, attempt: number): Promise<void> {
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
    if (!isRetryable || isPatienceOver || tries >= maxModelTries || attempt >= maxAttempts)
      throw new AppError(error.code, error.message, { hint: error.hint, cause });
    // Others may work meanwhile: the run is given back until then.
    if (retryAfterMs !== null && retryAfterMs > longestPauseMs) {
      // The attempt counts, also where it was refused before its beginning was written.
      await this.log.flush();
      throw new PostponeError(retryAfterMs);
    }
    const delayMs = retryAfterMs ?? 300 * 2 ** tries * (0.5 + Math.random());
    await pause(delayMs, undefined, { signal: this.signal }).catch(() => this.signal.throwIfAborted());
  }

  /**
   * Reads that stand side by side run together; everything with an effect runs alone and in the model's order. Reads begin while
   * the step that asks for them is being stored, and all else waits for that: a crash in between repeats this step's call of the
   * model and reads, no effect and no second call (see `callModel`).
   */
  async runTools(calls: ToolCall[]): Promise<"done" | "waits"> {
    const tools = new Map((await this.given.settings.get("tools")).map((tool) => [tool.name, tool]));
    for (const group of groupCalls(calls, tools)) {
      if (!group.every((call) => isRead(call, tools))) await this.log.written();
      const results = await settleAll(group.map((call) => () => this.invoke(call, tools)));
      const waiting = results.findIndex((result) => result.kind === "wait");
      const [result, call] = [results[waiting], group[waiting]];
      if (result?.kind !== "wait" || !call) continue;
      this.signal.throwIfAborted();
      await this.log.flush();
      await waitOn(asSystem("worker"), this.run, { on: result.on, id: result.id, callId: call.callId });
      return "waits";
    }
    return "done";
  }

  private async invoke(call: ToolCall, tools: Map<string, Tool>): Promise<InvokeResult> {
    return invoke({
      viewer: this.given.viewer,
      timeZone: await this.given.settings.get("timeZone"),
      conversationId: this.run.conversationId,
      runId: this.run.runId,
      fence: this.run.fence,
      call,
      tools,
      attempt: this.log.startsOf(call.callId) + 1,
      taintedBy: findTaint(this.log.events, this.run.runId),
      isKnownAddress: (address) => isKnownAddress(this.log.events, this.run.runId, address),
      append: (events) => this.log.append(events),
      stage: (events) => this.log.stage(events),
      signal: this.signal,
    });
  }
}

function groupCalls(calls: ToolCall[], tools: Map<string, Tool>): ToolCall[][] {
  const groups: ToolCall[][] = [];
  let isOpen = false;
  for (const call of calls) {
    const mayJoin = isRead(call, tools);
    const last = groups.at(-1);
    if (mayJoin && isOpen && last && last.length < parallelReads) last.push(call);
    else groups.push([call]);
    isOpen = mayJoin;
  }
  return groups;
}

/** What is not known is answered with an error, and does nothing. */
function isRead(call: ToolCall, tools: Map<string, Tool>): boolean {
  return (tools.get(call.tool)?.effect ?? "read") === "read";
}

/** All of them to their end, then the first failure: a call that is under way is never left behind. */
async function settleAll<Value>(tasks: (() => Promise<Value>)[]): Promise<Value[]> {
  const settled = await Promise.allSettled(tasks.map((task) => task()));
  return settled.map((one) => {
    if (one.status === "rejected") throw one.reason;
    return one.value;
  });
}
