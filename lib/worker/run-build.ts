import type { EventPayload } from "@/lib/contracts/conversation";
import { AppError } from "@/lib/contracts/errors";
import { actAs, asSystem } from "@/lib/contracts/viewer";
import { isProgress } from "@/lib/db/addition";
import { type ClaimedRun, finishRun } from "@/lib/db/claims";
import { appendChecked, LostRunError } from "@/lib/db/events";
import { isDatabaseOutage } from "@/lib/db/statement";
import { logger } from "@/lib/logger";
import { RunInterrupt } from "@/lib/orchestrator/replay";
import type { WorkerPorts } from "./ports";

/**
 * Works on a claimed build until it has an outcome. Ending its run wakes the chat run that waits for it, whatever happened.
 * @param onRecovered called when a build that had cost workers before gets on
 * @throws LostRunError, RunInterrupt or an outage of the database: the run is then not ours to end
 */
export async function runBuild(
  run: ClaimedRun,
  ports: WorkerPorts,
  interrupt: AbortController,
  onRecovered: () => void = () => undefined,
): Promise<void> {
  const { runId, fence, conversationId } = run;
  const viewer = actAs(run.userId, run.role);
  const buildId = run.input.buildId ?? "";
  if (run.stopRequested) interrupt.abort(new RunInterrupt("stop"));
  let ending: EventPayload<"run-finished">;
  try {
    await ports.executeBuild({
      buildId,
      runId,
      viewer,
      fence,
      signal: interrupt.signal,
      append: async (events) => {
        const { seqs, stopRequested } = await appendChecked(
          asSystem("worker"),
          { conversationId, runId, fence },
          events,
        );
        // The statement has said the same to the database.
        if (run.attempt > 1 && isProgress(events)) {
          run.attempt = 1;
          onRecovered();
        }
        if (stopRequested) interrupt.abort(new RunInterrupt("stop"));
        return seqs;
      },
    });
    if (isOthers(interrupt.signal)) throw interrupt.signal.reason;
    const outcome = await ports.findBuildOutcome(viewer, buildId);
    ending = outcome?.state === "stopped" ? { status: "stopped" } : { status: "done" };
  } catch (cause) {
    ending = toEnding(cause, run, interrupt.signal);
  }
  await finishRun(asSystem("worker"), { runId, fence, buildId }, ending);
}

function toEnding(cause: unknown, run: ClaimedRun, signal: AbortSignal): EventPayload<"run-finished"> {
  if (cause instanceof LostRunError || isDatabaseOutage(cause)) throw cause;
  if (isOthers(signal)) throw signal.reason;
  if (signal.aborted) return { status: "stopped" };
  if (cause instanceof AppError) {
    const { code, message, hint } = cause;
    return { status: "failed", error: { code, message, ...(hint === undefined ? {} : { hint }) } };
  }
  logger.error({ room: "worker", runId: run.runId, cause }, "build failed");
  return {
    status: "failed",
    error: {
      code: "unavailable",
      message: "Something went wrong inside Burgeon, so this build was ended.",
      hint: "The worker's log has the detail.",
    },
  };
}

/** Interrupted for another reason than Stop: another worker goes on with it. */
function isOthers(signal: AbortSignal): boolean {
  return signal.aborted && signal.reason instanceof RunInterrupt && signal.reason.reason !== "stop";
}
