"use client";

import { useCallback, useLayoutEffect, useRef, useState } from "react";
import { keepDraft, readDraft } from "@/components/layout/drafts";

interface Field {
  isOf: (conversationId: string | null) => boolean;
  putBack: (unsent: readonly string[]) => void;
}

// The fields that are on the page now: what they show counts, and what is kept only follows.
const fields = new Set<Field>();

/**
 * What stands in the field, kept per conversation until it is sent.
 * @param given text from the address, which comes before what was kept
 */
export function useDraft(conversationId: string | null, given: string) {
  const [text, setText] = useState(given);
  const place = useRef(conversationId);
  // The text as of the last key, also for whoever was made at an earlier one.
  const newest = useRef(given);
  const write = useCallback((next: string) => {
    newest.current = next;
    setText(next);
    keepDraft(place.current, next);
  }, []);
  /** The conversation has begun: what was typed meanwhile goes along to its own page. */
  const moveTo = useCallback((startedId: string) => {
    keepDraft(place.current, "");
    place.current = startedId;
    keepDraft(startedId, newest.current);
  }, []);
  // Before the next key: a page that takes another one's place goes on with its text.
  useLayoutEffect(() => {
    // The server knows no drafts, so the kept one comes after the first drawing.
    if (newest.current === "") {
      newest.current = readDraft(place.current);
      setText(newest.current);
    }
    const field: Field = {
      isOf: (id) => id === place.current,
      putBack: (unsent) => write(putAbove(unsent, newest.current)),
    };
    fields.add(field);
    return () => void fields.delete(field);
  }, [write]);
  return { text, write, moveTo };
}

/** Gives words that could not be sent back to their conversation, wherever the person is by now. */
export function returnToDraft(conversationId: string | null, unsent: readonly string[]): void {
  if (unsent.length === 0) return;
  const shown = [...fields].find((field) => field.isOf(conversationId));
  if (shown) shown.putBack(unsent);
  else keepDraft(conversationId, putAbove(unsent, readDraft(conversationId)));
}

/** What could not be sent, above what was written since. */
export function putAbove(unsent: readonly string[], text: string): string {
  return [...unsent, text].filter((part) => part !== "").join("\n");
}
