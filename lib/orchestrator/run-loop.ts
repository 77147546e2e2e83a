import type { EventPayload } from "@/lib/contracts/conversation";
import { AppError } from "@/lib/contracts/errors";
import { asSystem } from "@/lib/contracts/viewer";
import { type ClaimedRun, finishRun } from "@/lib/db/claims";
import { eventsOfRun } from "@/lib/conversation/path";
import { leaveEffects } from "@/lib/db/effects";
import { appendEvents, LostRunError } from "@/lib/db/events";
import { isDatabaseOutage } from "@/lib/db/statement";
import { UnreadableEventError } from "@/lib/db/upcast";
import { logger } from "@/lib/logger";
import { describeBound } from "./budget";
import { Given, Loop } from "./loop";
import { toUnknownEnd } from "./left-effects";
import type { LoopPorts } from "./ports";
import { PostponeError, RunInterrupt, RunLog } from "./replay";
import { decideNext } from "./run-step";

/**
 * Works on a claimed chat run until it is finished or has to wait: model → tools → model, each step in the log before the
 * next begins. Everything it knows comes from the log, so it makes no difference which worker begins and which one ends it.
 * @param interrupt aborted with a RunInterrupt when a person presses Stop, the claim is lost, or the worker shuts down
 * @param onRecovered called when a run that had cost workers before gets on
 * @throws LostRunError, or an outage of the database: nothing more is written then
 */
export async function runChat(
  run: ClaimedRun,
  ports: LoopPorts,
  interrupt: AbortController,
  onRecovered: () => void = () => undefined,
): Promise<void> {
  if (run.stopRequested) interrupt.abort(new RunInterrupt("stop"));
  let log: RunLog | null = null;
  try {
    const given = new Given(run, ports);
    log = await RunLog.open(run, { onStopRequested: () => interrupt.abort(new RunInterrupt("stop")), onRecovered });
    await work(new Loop(run, given, log, interrupt.signal));
  } catch (cause) {
    const ending = toEnding(cause, run);
    if (ending === null) return;
    // What the run had begun is told before its end.
    if (log && !(cause instanceof UnreadableEventError)) await tellWhatIsOpen(run, log);
    await finishRun(asSystem("worker"), run, ending);
  } finally {
    log?.close();
  }
}

/** An effect that was interrupted and that nobody will ask about any more must not end in silence. */
async function tellWhatIsOpen(run: ClaimedRun, log: RunLog): Promise<void> {
  await writeIfPossible(run, () => log.flush());
  const mine = eventsOfRun(log.events, run.runId);
  const isOpen = (callId: string) =>
    mine.some((event) => event.type === "tool-started" && event.payload.callId === callId) &&
    !mine.some((event) => event.type === "tool-finished" && event.payload.callId === callId);
  // A build goes on by itself, or is stopped by itself.
  const left = (await leaveEffects(asSystem("worker"), run.runId)).filter(
    ({ callId, tool }) => tool !== "build_module" && isOpen(callId),
  );
  // Past the log, which takes nothing more where a write of it was refused.
  await writeIfPossible(run, () => appendEvents(asSystem("worker"), run, left.map(toUnknownEnd)));
}

/**
 * What the database refuses for good must not keep the run from its end: it would be taken again, and pay for the model again.
 * @throws LostRunError, or an outage of the database
 */
async function writeIfPossible(run: ClaimedRun, write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch (cause) {
    if (cause instanceof LostRunError || isDatabaseOutage(cause)) throw cause;
    logger.error({ room: "orchestrator", runId: run.runId, cause }, "a run ends without what could not be stored");
  }
}

async function work(loop: Loop): Promise<void> {
  for (;;) {
    loop.signal.throwIfAborted();
    const budget = await loop.given.settings.get("budget");
    const decision = decideNext(loop.log.events, loop.run.runId, budget.run);
    if (decision.kind === "run-tools") {
      if ((await loop.runTools(decision.calls)) === "waits") return;
      continue;
    }
    const spent = decision.kind === "call-model" ? await loop.findSpentDay(budget) : null;
    if (decision.kind === "call-model" && spent === null) await loop.callModel(decision.step, decision.attempt);
    else {
      await loop.log.flush();
      const bound = spent ?? (decision.kind === "finish" && decision.status !== "done" ? decision.bound : null);
      const ending: EventPayload<"run-finished"> = bound === null ? { status: "done" } : describeBound(bound, budget);
      return finishRun(asSystem("worker"), loop.run, ending);
    }
  }
}

/** How a run ends after this was thrown; null when it is not ours to end. */
function toEnding(cause: unknown, run: ClaimedRun): EventPayload<"run-finished"> | null {
  if (cause instanceof RunInterrupt) return cause.reason === "stop" ? { status: "stopped" } : null;
  if (cause instanceof PostponeError || cause instanceof LostRunError || isDatabaseOutage(cause)) throw cause;
  if (cause instanceof UnreadableEventError) {
    logger.error({ room: "orchestrator", runId: run.runId, cause }, "the log of a run cannot be replayed");
    return { status: "dead", error: unreadable };
  }
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

const unreadable = {
  code: "unavailable",
  message:
    "The record of this conversation is damaged or was written by a newer Burgeon, so this run was not continued. Nothing of it was repeated.",
  hint: "The worker's log names the entry. Start a new conversation, or restore a backup.",
};
