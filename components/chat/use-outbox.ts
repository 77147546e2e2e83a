"use client";

import { useCallback, useLayoutEffect, useRef, useState } from "react";
import { ApiFailure, describeFailure } from "@/components/api/send-json";
import { tellConversationsChanged } from "@/components/layout/conversations-changed";
import { errorBodySchema } from "@/lib/contracts/errors";
import type { StartRun } from "@/lib/contracts/run";
import { type ConversationView, findRun } from "@/lib/conversation/display";
import { returnToDraft } from "./use-draft";

/** A question on its way: shown at once, gone as soon as the log holds it. */
export interface OutgoingMessage {
  /** Also the idempotency key: sending it again cannot ask twice. */
  key: string;
  text: string;
  /** The turn whose place it takes on the screen, with all that follows; null: it goes to the end. */
  replaces: string | null;
  body: Omit<StartRun, "conversationId">;
  runId: string | null;
  failure: string | null;
}

interface StartedRun {
  runId: string;
  conversationId: string;
}

interface Options {
  conversationId: string | null;
  view: ConversationView;
  /** What has to be stored before anything is sent. */
  whenReady: () => Promise<void>;
  /** Not told to whoever left meanwhile. */
  onStarted: (run: StartedRun) => void;
}

/**
 * Sends questions and keeps those that the log does not hold yet. What could not be sent goes back to the draft when the page
 * goes, for with it goes the bubble that holds the words.
 */
export function useOutbox({ conversationId, view, whenReady, onStarted }: Options) {
  const [messages, setMessages] = useState<OutgoingMessage[]>([]);
  const change = useCallback(
    (key: string, part: Partial<OutgoingMessage>) =>
      setMessages((before) => before.map((message) => (message.key === key ? { ...message, ...part } : message))),
    [],
  );
  const latest = useRef({ messages, conversationId });
  latest.current = { messages, conversationId };
  const isHere = useRef(false);
  useLayoutEffect(() => {
    isHere.current = true;
    return () => {
      isHere.current = false;
      const failed = latest.current.messages.filter(({ failure }) => failure !== null);
      returnToDraft(latest.current.conversationId, failed.flatMap(writtenIn));
    };
  }, []);
  const deliver = async (message: OutgoingMessage) => {
    const { key, body } = message;
    try {
      await whenReady();
      const run = await startRun(key, conversationId === null ? body : { ...body, conversationId });
      change(key, { runId: run.runId });
      if (isHere.current) onStarted(run);
      // Whoever left is not called back; the list of conversations has it.
      else tellConversationsChanged();
    } catch (error) {
      if (!isHere.current) returnToDraft(conversationId, writtenIn(message));
      change(key, { failure: describeFailure(error) });
    }
  };
  const ask = (question: Pick<OutgoingMessage, "text" | "replaces" | "body">) => {
    const key = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
    const message: OutgoingMessage = { ...question, key, runId: null, failure: null };
    setMessages((before) => [...before, message]);
    return deliver(message);
  };
  const send = (text: string) => ask({ text, replaces: null, body: { message: text } });
  const sendAgain = (message: OutgoingMessage) => {
    change(message.key, { failure: null });
    return deliver(message);
  };
  const drop = (key: string) => setMessages((before) => before.filter((message) => message.key !== key));
  const outgoing = messages.filter((message) => message.runId === null || !findRun(view, message.runId));
  return { outgoing, ask, send, sendAgain, drop };
}

/** What a person wrote for it. Asking again takes no words. */
function writtenIn({ text, body }: OutgoingMessage): string[] {
  return body.message === undefined ? [] : [text];
}

/** `POST /api/runs` under an idempotency key. @throws ApiFailure */
async function startRun(key: string, body: StartRun): Promise<StartedRun> {
  const response = await fetch("/api/runs", {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": key },
    body: JSON.stringify(body),
  }).catch(() => {
    throw new ApiFailure("unreachable", "Burgeon did not answer.", "Check that it is still running, then try again.");
  });
  const reply: unknown = await response.json().catch(() => null);
  if (response.ok) return reply as StartedRun;
  const failure = errorBodySchema.safeParse(reply);
  if (failure.success)
    throw new ApiFailure(failure.data.error.code, failure.data.error.message, failure.data.error.hint);
  throw new ApiFailure(
    "unknown",
    `Burgeon answered with status ${response.status}.`,
    "Try again; if it stays, look at the log.",
  );
}
