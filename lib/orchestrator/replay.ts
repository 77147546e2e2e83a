import type { ConversationEvent, NewEvent } from "@/lib/contracts/conversation";
import { asSystem } from "@/lib/contracts/viewer";
import type { ClaimedRun } from "@/lib/db/claims";
import { appendChecked, readAllEvents } from "@/lib/db/events";

/** Why a run is interrupted from outside: a person pressed Stop, or this worker may or will not go on with it. */
export class RunInterrupt extends Error {
  constructor(readonly reason: "stop" | "lost" | "shutdown") {
    super(`run interrupted: ${reason}`);
    this.name = "RunInterrupt";
  }
}

/**
 * The log as the loop sees it: read once when the run is taken, then kept up with what the loop itself appends. Nothing else
 * is remembered, so a worker that takes over sees the same.
 */
export class RunLog {
  private constructor(
    private readonly run: ClaimedRun,
    readonly events: ConversationEvent[],
    private readonly onStopRequested: () => void,
  ) {}

  static async open(run: ClaimedRun, onStopRequested: () => void): Promise<RunLog> {
    return new RunLog(run, await readAllEvents(asSystem("worker"), run.conversationId), onStopRequested);
  }

  /**
   * Appends under the run's fence, in one statement.
   * @throws LostRunError when another worker holds the run
   */
  async append(events: NewEvent[]): Promise<void> {
    const { conversationId, runId, fence } = this.run;
    const { seqs, stopRequested, at } = await appendChecked(
      asSystem("worker"),
      { conversationId, runId, fence },
      events,
    );
    events.forEach((event, index) => {
      this.events.push({ ...event, seq: seqs[index] ?? 0, runId, at } as ConversationEvent);
    });
    if (stopRequested) this.onStopRequested();
  }

  /** How often a call was started before. */
  startsOf(callId: string): number {
    const { runId } = this.run;
    return this.events.filter(
      (event) => event.runId === runId && event.type === "tool-started" && event.payload.callId === callId,
    ).length;
  }

  /** Ids of calls that are taken in this conversation. */
  callIds(): Set<string> {
    return new Set(
      this.events.flatMap((event) =>
        event.type === "step-finished" ? event.payload.toolCalls.map((call) => call.callId) : [],
      ),
    );
  }
}
