"use client";

import { useCallback, useState } from "react";
import { ApiFailure, describeFailure } from "@/components/api/send-json";
import { errorBodySchema } from "@/lib/contracts/errors";
import type { ConversationView } from "@/lib/conversation/display";

/** A message on its way: shown at once, gone as soon as the log holds it. */
export interface OutgoingMessage {
  /** Also the idempotency key: sending it again cannot ask twice. */
  key: string;
  text: string;
  runId: string | null;
  failure: string | null;
}

interface StartedRun {
  runId: string;
  conversationId: string;
}

/** Sends messages and keeps those that the log does not hold yet. */
export function useOutbox(conversationId: string | null, view: ConversationView, onStarted: (run: StartedRun) => void) {
  const [messages, setMessages] = useState<OutgoingMessage[]>([]);
  const change = useCallback(
    (key: string, part: Partial<OutgoingMessage>) =>
      setMessages((before) => before.map((message) => (message.key === key ? { ...message, ...part } : message))),
    [],
  );
  const deliver = async (key: string, text: string) => {
    try {
      const run = await startRun(key, text, conversationId);
      change(key, { runId: run.runId });
      onStarted(run);
    } catch (error) {
      change(key, { failure: describeFailure(error) });
    }
  };
  const send = (text: string) => {
    const key = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
    setMessages((before) => [...before, { key, text, runId: null, failure: null }]);
    return deliver(key, text);
  };
  const sendAgain = ({ key, text }: OutgoingMessage) => {
    change(key, { failure: null });
    return deliver(key, text);
  };
  const drop = (key: string) => setMessages((before) => before.filter((message) => message.key !== key));
  const outgoing = messages.filter((message) => message.runId === null || !view.runs[message.runId]);
  return { outgoing, send, sendAgain, drop };
}

/** `POST /api/runs` under an idempotency key. @throws ApiFailure */
async function startRun(key: string, message: string, conversationId: string | null): Promise<StartedRun> {
  const response = await fetch("/api/runs", {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": key },
    body: JSON.stringify(conversationId === null ? { message } : { message, conversationId }),
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
