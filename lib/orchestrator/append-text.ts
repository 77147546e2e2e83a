import type { NewEvent } from "@/lib/contracts/conversation";

// The first words go out at once; after that about 16 writes a second, sooner when much has gathered. Where many answers
// stream at the same time each is written less often, so that all of them together cost about the same. A crash loses one
// window of text at most, and what the provider's answer is held for before it (lib/models/provider-fetch.ts): 250 ms of it.
const shortestWindowMs = 60;
const longestWindowMs = 100;
const perStreamMs = 1;
const maxChars = 4096;
let streams = 0;

function windowMs(): number {
  return Math.min(longestWindowMs, shortestWindowMs + perStreamMs * (streams - 1));
}

/**
 * Gathers the deltas of one step into few writes. One write is under way at a time; what comes meanwhile waits for the next.
 */
export class TextAppender {
  private waiting = "";
  private timer: NodeJS.Timeout | null = null;
  private writing: Promise<void> = Promise.resolve();
  private writtenAt = Number.NEGATIVE_INFINITY;
  private isOver = false;
  private failure: unknown = null;

  constructor(
    private readonly step: number,
    private readonly attempt: number,
    private readonly append: (events: NewEvent[]) => Promise<void>,
    /** Called once when a write fails; the stream should end. */
    private readonly onFailure: (cause: unknown) => void,
  ) {
    streams += 1;
  }

  push(delta: string): void {
    if (delta === "") return;
    this.waiting += delta;
    // What comes seldom never waits.
    const waitMs = this.writtenAt + windowMs() - performance.now();
    if (waitMs <= 0 || this.waiting.length >= maxChars) this.write();
    else this.timer ??= setTimeout(() => this.write(), waitMs);
  }

  /** Ends the step's text: what is left, for the caller to append together with what follows. */
  async takeRest(): Promise<NewEvent[]> {
    this.clearTimer();
    if (!this.isOver) streams -= 1;
    this.isOver = true;
    await this.writing;
    if (this.failure !== null) throw this.failure;
    const rest = this.take();
    return rest === null ? [] : [rest];
  }

  private write(): void {
    this.clearTimer();
    this.writtenAt = performance.now();
    this.writing = this.writing.then(async () => {
      const event = this.failure === null ? this.take() : null;
      if (event === null) return;
      try {
        await this.append([event]);
      } catch (cause) {
        this.failure = cause;
        this.onFailure(cause);
      }
    });
  }

  private take(): NewEvent | null {
    if (this.waiting === "") return null;
    const text = this.waiting;
    this.waiting = "";
    return { type: "text-appended", payload: { step: this.step, attempt: this.attempt, text } };
  }

  private clearTimer(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
  }
}
