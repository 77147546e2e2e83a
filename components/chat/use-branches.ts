"use client";

import { useCallback, useMemo, useRef, useState } from "react";
import { describeFailure, sendJson } from "@/components/api/send-json";
import { type ConversationView, showBranch } from "@/lib/conversation/display";

interface Choice {
  runId: string;
  /** The event that says so, once it is stored. */
  seq: number | null;
}

/**
 * The conversation with the branch that the person chose. It is shown at once; the log, and with it every other tab, follows.
 * When that fails, the branch before is shown again.
 */
export function useBranches(conversationId: string | null, logged: ConversationView) {
  const [choice, setChoice] = useState<Choice | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const stored = useRef<Promise<void>>(Promise.resolve());
  const isAhead = choice !== null && (choice.seq === null || choice.seq > logged.lastSeq);
  const view = useMemo(
    () => (isAhead && choice ? showBranch(logged, choice.runId) : logged),
    [logged, choice, isAhead],
  );

  const choose = useCallback(
    (runId: string) => {
      if (conversationId === null) return;
      const own: Choice = { runId, seq: null };
      setFailure(null);
      setChoice(own);
      // One after the other: the last one that is stored is the one that was pressed last.
      stored.current = stored.current.then(async () => {
        try {
          const path = `/api/conversations/${encodeURIComponent(conversationId)}/branches`;
          const { seq } = await sendJson<{ seq: number }>("POST", path, { runId });
          setChoice((now) => (now === own ? { runId, seq } : now));
        } catch (error) {
          setFailure(describeFailure(error));
          setChoice((now) => (now === own ? null : now));
        }
      });
    },
    [conversationId],
  );
  /** Resolves when the log knows what was chosen: a message without a place of its own goes to the end of that branch. */
  const whenStored = useCallback(() => stored.current, []);
  return { view, choose, whenStored, failure };
}
