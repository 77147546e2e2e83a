import type { ConversationEvent } from "@/lib/contracts/conversation";
import type { Viewer } from "@/lib/contracts/viewer";
import { readEvents } from "./events";
import { listen } from "./listen";

// A batch is what a slow reader may make us hold: the next one is read only when this one was taken.
const batchSize = 200;
// NOTIFY may be missed while the listening connection is down; this bounds how late a reader learns of it.
const pollMs = 5000;

/**
 * The log from a sequence number on, for as long as the reader stays: batches in order, without gap or repeat.
 * @param idleMs yields an empty batch after this much silence, so that the caller can keep its connection alive
 * @param startsAtOnce yields the first batch also when it is empty: the reader has all there is
 * @throws AppError not-found when the viewer has no such conversation, also when it is deleted meanwhile
 */
export async function* tailEvents(
  viewer: Viewer,
  conversationId: string,
  after: number,
  options: { signal: AbortSignal; idleMs: number; startsAtOnce?: boolean },
): AsyncGenerator<ConversationEvent[], void, void> {
  const bell = new Bell();
  const stopListening = listenTo(conversationId, () => bell.ring());
  const onAbort = () => bell.ring();
  options.signal.addEventListener("abort", onAbort);
  let cursor = after;
  let quietSince = options.startsAtOnce ? 0 : Date.now();
  try {
    while (!options.signal.aborted) {
      const ticket = bell.next();
      const events = await readEvents(viewer, conversationId, cursor, batchSize);
      if (options.signal.aborted) return;
      if (events.length > 0 || Date.now() - quietSince >= options.idleMs) {
        cursor = events.at(-1)?.seq ?? cursor;
        yield events;
        quietSince = Date.now();
      }
      if (events.length < batchSize) await bell.wait(ticket, Math.min(pollMs, options.idleMs));
    }
  } finally {
    options.signal.removeEventListener("abort", onAbort);
    stopListening();
  }
}

/** Remembers a ring between asking and waiting, so that none is missed. */
class Bell {
  private rings = 0;
  private wake: (() => void) | null = null;

  next(): number {
    return this.rings;
  }

  ring(): void {
    this.rings += 1;
    this.wake?.();
  }

  async wait(ticket: number, timeoutMs: number): Promise<void> {
    if (this.rings !== ticket) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wake = null;
  }
}

// One subscription per process; payloads are handed to the readers of that conversation only.
interface Switchboard {
  readers: Map<string, Set<() => void>>;
  stop: (() => void) | null;
}
const held = globalThis as typeof globalThis & { burgeonSwitchboard?: Switchboard };

function listenTo(conversationId: string, onEvent: () => void): () => void {
  held.burgeonSwitchboard ??= { readers: new Map(), stop: null };
  const board = held.burgeonSwitchboard;
  const readers = board.readers.get(conversationId) ?? new Set();
  readers.add(onEvent);
  board.readers.set(conversationId, readers);
  board.stop ??= listen("burgeon_events", (payload) => {
    const rung =
      payload === "" ? [...board.readers.values()].flatMap((set) => [...set]) : (board.readers.get(payload) ?? []);
    for (const ring of rung) ring();
  });
  return () => {
    readers.delete(onEvent);
    if (readers.size === 0 && board.readers.get(conversationId) === readers) board.readers.delete(conversationId);
    if (board.readers.size > 0) return;
    board.stop?.();
    board.stop = null;
  };
}
