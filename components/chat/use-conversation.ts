"use client";

import { useEffect, useRef, useState } from "react";
import { tellConversationsChanged } from "@/components/layout/conversations-changed";
import type { ConversationEvent } from "@/lib/contracts/conversation";
import { applyEvents, type ConversationView } from "@/lib/conversation/display";
import { EventBatch, nextFrame } from "./event-batch";
import { type Connection, tailConversation } from "./tail";

// What this tab has seen. A page that was prepared a moment ago, or is shown again by Back, may be behind it. Written in the
// browser only; bounded, because long threads are large.
const seen = new Map<string, ConversationView>();
const kept = 20;

/** A conversation's view, kept up to date by its event stream. With `null` there is none yet. */
export function useConversation(conversationId: string | null, initial: ConversationView) {
  const [view, setView] = useState(() =>
    newer(conversationId === null ? undefined : seen.get(conversationId), initial),
  );
  const [connection, setConnection] = useState<Connection>("live");
  const newest = useRef(view);

  useEffect(() => {
    if (conversationId === null) return;
    const apply = (events: readonly ConversationEvent[]) => {
      newest.current = applyEvents(newest.current, events);
      remember(conversationId, newest.current);
      setView(newest.current);
      if (events.some(({ type }) => type === "message-sent" || type === "run-finished")) tellConversationsChanged();
    };
    const batch = new EventBatch(nextFrame, apply);
    const stop = tailConversation({
      conversationId,
      lastSeq: () => newest.current.lastSeq,
      onEvent: (event) => batch.add(event),
      onConnection: setConnection,
    });
    return () => {
      stop();
      batch.close();
    };
  }, [conversationId]);

  return { view, connection };
}

function newer(known: ConversationView | undefined, initial: ConversationView): ConversationView {
  return known && known.lastSeq > initial.lastSeq ? known : initial;
}

function remember(conversationId: string, view: ConversationView): void {
  seen.delete(conversationId);
  seen.set(conversationId, view);
  const oldest = seen.keys().next().value;
  if (seen.size > kept && oldest !== undefined) seen.delete(oldest);
}
