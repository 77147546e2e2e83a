"use client";

import { useCallback, useState } from "react";
import { ApiFailure, describeFailure } from "@/components/api/send-json";
import { errorBodySchema } from "@/lib/contracts/errors";
import type { StartRun } from "@/lib/contracts/run";
import { type ConversationView, findRun } from "@/lib/conversation/display";

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
  onStarted: (run: StartedRun) => void;
}

/** Sends questions and keeps those that the log does not hold yet. */
export function useOutbox({ conversationId, view, whenReady, onStarted }: Options) {
  const [messages, setMessages] = useState<OutgoingMessage[]>([]);
  const change = useCallback(
    (key: string, part: Partial<OutgoingMessage>) =>
      setMessages((before) => before.map((message) => (message.key === key ? { ...message, ...part } : message))),
    [],
  );
  const deliver = async ({ key, body }: OutgoingMessage) => {
    try {
      await whenReady();
      const run = await startRun(key, conversationId === null ? body : { ...body, conversationId });
      change(key, { runId: run.runId });
      onStarted(run);
    } catch (error) {
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
