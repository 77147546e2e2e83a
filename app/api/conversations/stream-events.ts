import { findSessionOwner } from "@/lib/auth/session";
import { findTokenViewer } from "@/lib/auth/tokens";
import type { ConversationEvent } from "@/lib/contracts/conversation";
import { AppError } from "@/lib/contracts/errors";
import type { Viewer } from "@/lib/contracts/viewer";
import { tailEvents } from "@/lib/db/tail";

const pingMs = 15_000;
// A stream outlives its sign-in by this, and by a ping where nothing happens. Two hundred streams ask seven times a second.
const recheckMs = 30_000;

export interface EventStreamOptions {
  conversationId: string;
  /** Sequence number of the last event the reader has. */
  after: number;
  /** Who asked: the reader is gone when its signal says so, and its headers say with which session or token. */
  request: Pick<Request, "headers" | "signal">;
  /** Events to leave out. */
  includes?: (event: ConversationEvent) => boolean;
  /** The stream ends after this event; without it, it goes on until the reader leaves. */
  isLast?: (event: ConversationEvent) => boolean;
}

/**
 * Server-sent events of a conversation's log. The database is read when the reader takes, so a slow reader costs one batch and
 * slows nobody; a reader that left ends the tail at once. A comment every 15 s keeps the connection alive. Whether the session or
 * token it was asked for with still counts is looked up again while it lasts, and where it does not, the stream ends: a reader that
 * comes back then is told why.
 */
export function streamEvents(viewer: Viewer, options: EventStreamOptions): Response {
  const left = new AbortController();
  const signal = AbortSignal.any([options.request.signal, left.signal]);
  const tail = tailEvents(viewer, options.conversationId, options.after, {
    signal,
    idleMs: pingMs,
    // Headers travel with the first bytes: they must not wait for the first event.
    startsAtOnce: true,
  });
  const isStillAllowed = watchCaller(viewer, new Headers(options.request.headers));
  const encoder = new TextEncoder();
  let greeting = "retry: 1000\n\n";
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        for (;;) {
          const next = await nextOrGone(tail);
          if (next.done) return controller.close();
          if (!(await isStillAllowed())) {
            await tail.return();
            return controller.close();
          }
          const events = options.includes ? next.value.filter(options.includes) : next.value;
          const last = options.isLast ? events.findIndex(options.isLast) : -1;
          const due = last === -1 ? events : events.slice(0, last + 1);
          if (next.value.length > 0 && due.length === 0 && greeting === "") continue;
          controller.enqueue(encoder.encode(greeting + (due.length === 0 ? ": ping\n\n" : due.map(toFrame).join(""))));
          greeting = "";
          if (last === -1) return;
          await tail.return();
          return controller.close();
        }
      },
      async cancel() {
        left.abort();
        await tail.return();
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(body, { headers: eventStreamHeaders });
}

/** A conversation that is deleted while somebody looks at it has no more events: that is the end and no fault. */
async function nextOrGone(tail: ReturnType<typeof tailEvents>): Promise<IteratorResult<ConversationEvent[], unknown>> {
  try {
    return await tail.next();
  } catch (cause) {
    if (cause instanceof AppError && cause.code === "not-found") return { done: true, value: undefined };
    throw cause;
  }
}

/** Says whether whoever asked still may, as of 30 s ago at most. */
function watchCaller(viewer: Viewer, asked: Headers): () => Promise<boolean> {
  let lookedAt = Date.now();
  return async () => {
    if (Date.now() - lookedAt < recheckMs) return true;
    lookedAt = Date.now();
    return isCaller(viewer, asked);
  };
}

/** As `route` finds out who asks. */
async function isCaller({ userId }: Viewer, asked: Headers): Promise<boolean> {
  const authorization = asked.get("authorization");
  if (authorization === null) return (await findSessionOwner(asked))?.id === userId;
  const token = /^Bearer ([^\s]+)$/i.exec(authorization)?.[1];
  return token !== undefined && (await findTokenViewer(token))?.userId === userId;
}

/** The same form for events that are all there already. */
export function finishedStream(events: ConversationEvent[]): Response {
  return new Response(`retry: 1000\n\n${events.map(toFrame).join("")}`, { headers: eventStreamHeaders });
}

/**
 * Where a reader goes on. An EventSource that lost its connection asks for the same address again and adds what it had last,
 * so the later of the two counts.
 */
export function resumePoint(request: Request, after: number): number {
  const remembered = Number(request.headers.get("last-event-id") ?? "0");
  return Number.isSafeInteger(remembered) ? Math.max(after, remembered) : after;
}

const eventStreamHeaders = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-cache, no-transform",
  "x-accel-buffering": "no",
};

function toFrame(event: ConversationEvent): string {
  return `id: ${event.seq}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}
