"use client";

import { useCallback, useEffect, useState } from "react";
import { keepDraft, readDraft } from "@/components/layout/drafts";

/**
 * What stands in the field, kept per conversation until it is sent.
 * @param given text from the address, which comes before what was kept
 */
export function useDraft(conversationId: string | null, given: string) {
  const [text, setText] = useState(given);
  useEffect(() => {
    // The server knows no drafts, so the kept one comes after the first drawing.
    if (given === "") setText((now) => now || readDraft(conversationId));
  }, [conversationId, given]);
  const write = useCallback(
    (next: string) => {
      setText(next);
      keepDraft(conversationId, next);
    },
    [conversationId],
  );
  return [text, write] as const;
}
