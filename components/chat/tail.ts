import { ApiFailure, sendJson } from "@/components/api/send-json";
import type { ConversationEvent } from "@/lib/contracts/conversation";
import { eventTypes } from "./event-types";

/** `gone`: the conversation was deleted. `signed-out`: the session ended. Both are final. */
export type Connection = "live" | "reconnecting" | "gone" | "signed-out";

// The browser reconnects by itself after a cut; these are for answers it gives up on (a restart behind a proxy, for example).
const firstRetryMs = 1_000;
const longestRetryMs = 15_000;
// Over HTTP/1.1 a browser opens six connections to one host, for all its tabs: one that nobody looks at lets go of its own.
const hiddenForMs = 30_000;

interface TailOptions {
  conversationId: string;
  /** Sequence number of the newest event that is known; asked at every connection. */
  lastSeq: () => number;
  onEvent: (event: ConversationEvent) => void;
  onConnection: (connection: Connection) => void;
}

/** Follows a conversation's log until it is told to end. Events may come twice, never with a gap. */
export function tailConversation({ conversationId, lastSeq, onEvent, onConnection }: TailOptions): () => void {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let retryMs = firstRetryMs;
  let hasEnded = false;

  const connect = () => {
    clearTimeout(timer);
    source?.close();
    source = new EventSource(`/api/conversations/${encodeURIComponent(conversationId)}/events?after=${lastSeq()}`);
    for (const type of eventTypes) source.addEventListener(type, take);
    source.onopen = () => {
      retryMs = firstRetryMs;
      onConnection("live");
    };
    source.onerror = () => {
      onConnection("reconnecting");
      if (source?.readyState === EventSource.CLOSED) void askWhy();
    };
  };
  const take = (message: MessageEvent<string>) => onEvent(JSON.parse(message.data) as ConversationEvent);

  const askWhy = async () => {
    source = null;
    const reason = await sendJson("GET", `/api/conversations/${encodeURIComponent(conversationId)}`).then(
      () => null,
      (error: unknown) => (error instanceof ApiFailure ? error.code : "unknown"),
    );
    if (hasEnded) return;
    if (reason === "not-found") return end("gone");
    if (reason === "auth-required") return end("signed-out");
    timer = setTimeout(connect, retryMs);
    retryMs = Math.min(retryMs * 2, longestRetryMs);
  };

  const end = (connection: Connection) => {
    onConnection(connection);
    stop();
  };

  const onVisibility = () => {
    clearTimeout(timer);
    if (document.visibilityState === "visible") {
      if (!source) connect();
      return;
    }
    timer = setTimeout(() => {
      source?.close();
      source = null;
    }, hiddenForMs);
  };

  const stop = () => {
    hasEnded = true;
    clearTimeout(timer);
    source?.close();
    document.removeEventListener("visibilitychange", onVisibility);
  };

  document.addEventListener("visibilitychange", onVisibility);
  connect();
  return stop;
}
