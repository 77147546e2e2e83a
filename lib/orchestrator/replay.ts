import { tellBeginning } from "@/lib/contracts/beginning";
import type { ConversationEvent, NewEvent } from "@/lib/contracts/conversation";
import { asSystem } from "@/lib/contracts/viewer";
import type { ClaimedRun } from "@/lib/db/claims";
import { countUse, isProgress } from "@/lib/db/addition";
import { appendChecked, readReplayableEvents } from "@/lib/db/events";

/** Why a run is interrupted from outside: a person pressed Stop, or this worker may or will not go on with it. */
export class RunInterrupt extends Error {
  constructor(readonly reason: "stop" | "lost" | "shutdown") {
    super(`run interrupted: ${reason}`);
    this.name = "RunInterrupt";
  }
}

/** The provider asked to come back later: the run is given back and taken again then. */
export class PostponeError extends Error {
  constructor(readonly delayMs: number) {
    super(`asked to come back in ${delayMs} ms`);
    this.name = "PostponeError";
  }
}

// Quick reads are over by then and cost no write of their own.
const stagedMs = 40;

export interface LogHooks {
  onStopRequested(): void;
  /** A run that had cost workers before got on. */
  onRecovered(): void;
}

/**
 * The log as the loop sees it: read once when the run is taken, then kept up with what the loop itself appends. Nothing else
 * is remembered, so a worker that takes over sees the same.
 */
export class RunLog {
  /** What the person has used today, as far as the database has told. */
  today: { tokens: number; costMicros: number } | null = null;
  /** Events that may wait for the next write: losing them repeats a read, and nothing else. */
  private staged: ConversationEvent[] = [];
  /** What the write that is under way takes with it. */
  private underWay: readonly NewEvent[] = [];
  private timer: NodeJS.Timeout | null = null;
  private readonly queue: { events: NewEvent[]; resolve: () => void; reject: (cause: unknown) => void }[] = [];
  private isWriting = false;
  private writing: Promise<void> = Promise.resolve();
  private failure: unknown = null;

  private constructor(
    private readonly run: ClaimedRun,
    readonly events: ConversationEvent[],
    private readonly hooks: LogHooks,
  ) {}

  /** @throws UnreadableEventError when the log is damaged or from a newer Burgeon */
  static async open(run: ClaimedRun, hooks: LogHooks): Promise<RunLog> {
    return new RunLog(run, await readReplayableEvents(asSystem("worker"), run.conversationId), hooks);
  }

  /**
   * Keeps events for the next `append`, which writes them before its own, or for the end of a moment: a person who looks sees
   * a slow call begin. The loop sees them at once. They have no place in the log yet, so until they are written their number and
   * time are those of the last event that has.
   */
  stage(events: NewEvent[]): void {
    this.timer ??= setTimeout(() => this.begin(), stagedMs);
    const { runId } = this.run;
    for (const event of events) {
      const whole = this.withBeginning(event);
      const { seq = 0, at = new Date().toISOString() } = this.events.at(-1) ?? {};
      const placed = { ...whole, seq, runId, at } as ConversationEvent;
      this.staged.push(placed);
      this.events.push(placed);
    }
  }

  /** An end whose beginning still waits to be written takes its place and tells it: one event instead of two. */
  private withBeginning(event: NewEvent): NewEvent {
    for (const [place, beginning] of this.staged.entries()) {
      const whole = tellBeginning(event, beginning);
      if (!whole) continue;
      this.staged.splice(place, 1);
      this.events.splice(this.events.lastIndexOf(beginning), 1);
      return whole;
    }
    return event;
  }

  /** Resolves when what was begun is stored. @throws what `append` throws */
  async written(): Promise<void> {
    await this.writing;
    if (this.failure !== null) throw this.failure;
  }

  /** What the person has used with events that are not written yet, and that `today` therefore leaves out. */
  unwrittenUse(): { tokens: number; costMicros: number } {
    const [, , tokensIn = 0, tokensOut = 0, costMicros = 0] = countUse([...this.underWay, ...this.staged]) ?? [];
    return { tokens: tokensIn + tokensOut, costMicros };
  }

  /** Writes what is staged. */
  async flush(): Promise<void> {
    if (this.staged.length > 0) await this.append([]);
    else await this.written();
  }

  /** Begins to write what is staged and waits for nothing: until `written`, only what may be done twice may follow. */
  begin(): void {
    this.append([]).catch((cause: unknown) => {
      this.failure ??= cause;
    });
  }

  /** Ends the wait of what is staged; whoever takes the run over does it again. */
  close(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
  }

  /**
   * Appends under the run's fence: first what was staged, then these, in the order in which they were given. One write is under
   * way at a time; what comes meanwhile shares the next one.
   * @throws LostRunError when another worker holds the run
   */
  append(events: NewEvent[]): Promise<void> {
    this.close();
    const written = new Promise<void>((resolve, reject) => this.queue.push({ events, resolve, reject }));
    if (!this.isWriting) this.writing = this.write();
    return written;
  }

  private async write(): Promise<void> {
    this.isWriting = true;
    while (this.queue.length > 0) {
      const batch = this.queue.splice(0);
      try {
        if (this.failure !== null) throw this.failure;
        await this.writeNow(batch.flatMap(({ events }) => events));
        for (const { resolve } of batch) resolve();
      } catch (cause) {
        // Nothing may follow what is missing: the log of this claim ends here.
        this.failure ??= cause;
        for (const { reject } of batch) reject(cause);
      }
    }
    this.isWriting = false;
  }

  private async writeNow(events: NewEvent[]): Promise<void> {
    const { conversationId, runId, fence } = this.run;
    const staged = this.staged;
    this.staged = [];
    const target = { conversationId, runId, fence };
    this.underWay = [...staged, ...events];
    const written = await appendChecked(asSystem("worker"), target, [...staged, ...events]);
    staged.forEach((event, index) => {
      event.seq = written.seqs[index] ?? event.seq;
      event.at = written.at;
    });
    // What was staged meanwhile follows these.
    const seq = written.seqs.at(-1);
    if (seq !== undefined) for (const event of this.staged) Object.assign(event, { seq, at: written.at });
    events.forEach((event, index) => {
      const seq = written.seqs[staged.length + index] ?? 0;
      this.events.push({ ...event, seq, runId, at: written.at } as ConversationEvent);
    });
    this.underWay = [];
    this.today = written.today ?? this.today;
    // The statement has said the same to the database.
    if (this.run.attempt > 1 && isProgress([...staged, ...events])) {
      this.run.attempt = 1;
      this.hooks.onRecovered();
    }
    if (written.stopRequested) this.hooks.onStopRequested();
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
