import type { NewEvent } from "@/lib/contracts/conversation";

// What comes seldom goes out at once, everything else about 16 times a second, sooner when much has gathered. A crash loses one
// window of text at most, and what the provider's answer is held for before it (lib/models/provider-fetch.ts): 250 ms of it.
const windowMs = 60;
const maxChars = 4096;

/**
 * Gathers the deltas of one step into few writes. One write is under way at a time; what comes meanwhile waits for the next.
 */
export class TextAppender {
  private waiting = "";
  private timer: NodeJS.Timeout | null = null;
  private writing: Promise<void> = Promise.resolve();
  private writtenAt = Number.NEGATIVE_INFINITY;
  private failure: unknown = null;

  constructor(
    private readonly step: number,
    private readonly attempt: number,
    private readonly append: (events: NewEvent[]) => Promise<void>,
    /** Called once when a write fails; the stream should end. */
    private readonly onFailure: (cause: unknown) => void,
  ) {}

  push(delta: string): void {
    if (delta === "") return;
    this.waiting += delta;
    const waitMs = this.writtenAt + windowMs - performance.now();
    if (waitMs <= 0 || this.waiting.length >= maxChars) this.write();
    else this.timer ??= setTimeout(() => this.write(), waitMs);
  }

  /** Ends the step's text: what is left, for the caller to append together with what follows. */
  async takeRest(): Promise<NewEvent[]> {
    this.clearTimer();
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
