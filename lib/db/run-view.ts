import { stepBeginningOf } from "@/lib/contracts/beginning";
import type { ConversationEvent } from "@/lib/contracts/conversation";
import type { RunView } from "@/lib/contracts/run";
import type { Caller } from "@/lib/contracts/viewer";
import { readRunEvents } from "./events";
import { getRun } from "./runs";

/**
 * What a program sees of a run: `GET /api/runs/:id`.
 * @throws AppError not-found when the caller has no such run
 */
export async function getRunView(caller: Caller, runId: string): Promise<RunView> {
  // The row is read before the events: an answer that looks finished then has all of its text.
  const run = await getRun(caller, runId);
  const events = await readRunEvents(caller, runId);
  const { answer, steps, toolCalls, usage, costMicros } = foldRun(events);
  return {
    runId,
    conversationId: run.conversationId,
    status: run.status,
    answer,
    steps,
    toolCalls,
    usage,
    costMicros,
    error: run.error,
    waitingOn: run.status === "waiting" ? run.waitingOn : null,
    createdAt: run.createdAt.toISOString(),
    finishedAt: run.finishedAt?.toISOString() ?? null,
  };
}

type FoldedRun = Pick<RunView, "answer" | "steps" | "toolCalls" | "usage" | "costMicros">;

/** Answer, steps and calls of one run's events. The text of a step is that of its last attempt. */
export function foldRun(events: readonly ConversationEvent[]): FoldedRun {
  const texts = new Map<number, { attempt: number; text: string }>();
  const steps = new Map<number, RunView["steps"][number]>();
  const toolCalls = new Map<string, RunView["toolCalls"][number]>();
  const usage = { inputTokens: 0, outputTokens: 0 };
  let costMicros = 0;
  for (const event of events) {
    const begun = stepBeginningOf(event);
    if (begun) {
      const { step, attempt } = begun;
      texts.set(step, { attempt, text: "" });
      steps.set(step, { step, attempts: attempt, finishReason: null, toolCalls: [] });
    }
    if (event.type === "text-appended") {
      const text = texts.get(event.payload.step);
      if (text && text.attempt === event.payload.attempt) text.text += event.payload.text;
    } else if (event.type === "step-finished") {
      const step = steps.get(event.payload.step);
      if (step)
        Object.assign(step, {
          finishReason: event.payload.finishReason,
          toolCalls: event.payload.toolCalls.map((call) => call.callId),
        });
      for (const { callId, tool, input } of event.payload.toolCalls)
        toolCalls.set(callId, { callId, tool, input, status: "queued" });
      usage.inputTokens += event.payload.usage.inputTokens;
      usage.outputTokens += event.payload.usage.outputTokens;
      costMicros += event.payload.costMicros ?? 0;
    } else applyToCall(toolCalls, event);
  }
  const answer = [...texts.values()].map(({ text }) => text.trim()).filter((text) => text !== "");
  return {
    answer: answer.join("\n\n"),
    steps: [...steps.values()],
    toolCalls: [...toolCalls.values()],
    usage,
    costMicros,
  };
}

function applyToCall(toolCalls: Map<string, RunView["toolCalls"][number]>, event: ConversationEvent): void {
  if (event.type === "run-finished") {
    for (const call of toolCalls.values())
      if (["queued", "running", "waiting"].includes(call.status)) call.status = "stopped";
    return;
  }
  if (!("callId" in event.payload) || event.payload.callId === undefined) return;
  const call = toolCalls.get(event.payload.callId);
  if (!call) return;
  if (event.type === "tool-started" || event.type === "approval-decided") call.status = "running";
  else if (event.type === "run-waited" || event.type === "approval-requested") call.status = "waiting";
  else if (event.type === "tool-finished") {
    const { ok, output, error } = event.payload;
    call.status = ok ? "done" : error?.code === "denied" ? "denied" : "failed";
    if (output !== undefined) call.output = output;
    if (error) call.error = error.message;
  }
}
