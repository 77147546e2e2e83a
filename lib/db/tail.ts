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
  const inbox = new Inbox();
  const stopListening = listenTo(conversationId, (event) => inbox.put(event));
  const onAbort = () => inbox.put(null);
  options.signal.addEventListener("abort", onAbort);
  let cursor = after;
  let quietSince = options.startsAtOnce ? 0 : Date.now();
  try {
    while (!options.signal.aborted) {
      const mustRead = inbox.mustRead;
      inbox.mustRead = false;
      const events = mustRead ? await readEvents(viewer, conversationId, cursor, batchSize) : inbox.takeAfter(cursor);
      if (options.signal.aborted) return;
      // There may be more than one batch, and what was told meanwhile may be part of it.
      if (mustRead && events.length === batchSize) inbox.mustRead = true;
      if (events.length > 0 || Date.now() - quietSince >= options.idleMs) {
        cursor = events.at(-1)?.seq ?? cursor;
        yield events;
        quietSince = Date.now();
      }
      if (!inbox.hasNews(cursor)) await inbox.wait(Math.min(pollMs, options.idleMs));
    }
  } finally {
    options.signal.removeEventListener("abort", onAbort);
    stopListening();
  }
}

// A reader that falls further behind than this asks the database, which holds everything anyway.
const maxWaiting = 100;

/** What was told of a conversation while its reader was busy. Only what follows without a gap is worth anything. */
class Inbox {
  /** Something is there that was not told, or not whole. */
  mustRead = true;
  private readonly told = new Map<number, ConversationEvent>();
  private wake: (() => void) | null = null;

  put(event: ConversationEvent | null): void {
    if (event !== null && this.told.size < maxWaiting) this.told.set(event.seq, event);
    else this.mustRead = true;
    this.wake?.();
  }

  /** The told events that follow this one. What is left over has a gap before it, and the database has to be asked. */
  takeAfter(cursor: number): ConversationEvent[] {
    const events: ConversationEvent[] = [];
    for (let seq = cursor + 1; ; seq++) {
      const event = this.told.get(seq);
      if (!event) break;
      events.push(event);
    }
    const last = cursor + events.length;
    for (const seq of this.told.keys()) if (seq > last) this.mustRead = true;
    this.told.clear();
    return events;
  }

  hasNews(cursor: number): boolean {
    if (this.mustRead) return true;
    for (const seq of this.told.keys()) if (seq > cursor) return true;
    this.told.clear();
    return false;
  }

  /** Until something is told. After a long silence the database is asked: something may have been missed. */
  async wait(timeoutMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        this.mustRead = true;
        resolve();
      }, timeoutMs);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wake = null;
  }
}

type Reader = (event: ConversationEvent | null) => void;

// One subscription per process; payloads are handed to the readers of that conversation only.
interface Switchboard {
  readers: Map<string, Set<Reader>>;
  stop: (() => void) | null;
  timer: NodeJS.Timeout | null;
}
// A connection takes longer to make than an answer to begin: the next reader finds it open.
const lingerMs = 5 * 60_000;
const held = globalThis as typeof globalThis & { burgeonSwitchboard?: Switchboard };

/** How many readers this process serves right now. */
export function countReaders(): number {
  return [...(held.burgeonSwitchboard?.readers.values() ?? [])].reduce((sum, readers) => sum + readers.size, 0);
}

function listenTo(conversationId: string, reader: Reader): () => void {
  held.burgeonSwitchboard ??= { readers: new Map(), stop: null, timer: null };
  const board = held.burgeonSwitchboard;
  if (board.timer) clearTimeout(board.timer);
  const readers = board.readers.get(conversationId) ?? new Set();
  readers.add(reader);
  board.readers.set(conversationId, readers);
  board.stop ??= listen("burgeon_events", (payload) => dispatch(board, payload));
  return () => {
    readers.delete(reader);
    if (readers.size === 0 && board.readers.get(conversationId) === readers) board.readers.delete(conversationId);
    if (board.readers.size > 0) return;
    board.timer = setTimeout(() => {
      board.stop?.();
      board.stop = null;
    }, lingerMs).unref();
  };
}

function dispatch(board: Switchboard, payload: string): void {
  // Nothing: the connection was lost and is back, so anybody may have missed something.
  if (payload === "") {
    for (const readers of board.readers.values()) for (const reader of readers) reader(null);
    return;
  }
  const end = payload.indexOf(" ");
  const readers = board.readers.get(end < 0 ? payload : payload.slice(0, end));
  if (!readers) return;
  const event = end < 0 ? null : parseNotice(payload);
  for (const reader of readers) reader(event);
}

/** `<conversation> <seq> <at> <run> <type> <payload as JSON>`, as notice.ts and append.ts write it. */
function parseNotice(notice: string): ConversationEvent | null {
  const [head, seq, at, runId, type] = notice.split(" ", 5);
  if (!head || !seq || !at || !runId || !type) return null;
  const payload: unknown = JSON.parse(notice.slice([head, seq, at, runId, type].join(" ").length + 1));
  return { seq: Number(seq), runId, type, payload, at } as ConversationEvent;
}
