import type { ConversationEvent } from "@/lib/contracts/conversation";

/**
 * Collects events as they arrive and hands them over together, at most once per frame: a fast answer costs one drawing per
 * frame, not one per word.
 */
export class EventBatch {
  private waiting: ConversationEvent[] = [];
  private cancel: (() => void) | null = null;

  constructor(
    private readonly schedule: (work: () => void) => () => void,
    private readonly apply: (events: readonly ConversationEvent[]) => void,
  ) {}

  add(event: ConversationEvent): void {
    this.waiting.push(event);
    this.cancel ??= this.schedule(() => this.flush());
  }

  /** What still waits is dropped: the log has it, and the next tail asks for it again. */
  close(): void {
    this.cancel?.();
    this.cancel = null;
    this.waiting = [];
  }

  private flush(): void {
    this.cancel = null;
    const events = this.waiting;
    this.waiting = [];
    this.apply(events);
  }
}

/** The next frame; in a tab that is not on the screen there are none, so a timer. */
export function nextFrame(work: () => void): () => void {
  if (document.visibilityState === "hidden") {
    const timer = setTimeout(work, 250);
    return () => clearTimeout(timer);
  }
  const frame = requestAnimationFrame(work);
  return () => cancelAnimationFrame(frame);
}
