"use client";

import { type RefObject, useMemo, useRef, useState } from "react";
import type { ConversationView } from "@/lib/conversation/display";
import { pathIn } from "@/lib/conversation/path";
import type { TurnActions } from "./turn-actions";
import type { OutgoingMessage } from "./use-outbox";

interface Options {
  view: ConversationView;
  ask: (question: Pick<OutgoingMessage, "text" | "replaces" | "body">) => Promise<void>;
  choose: (runId: string) => void;
  /** The field below, which gets the focus back. */
  field: RefObject<HTMLTextAreaElement | null>;
  stay: () => void;
  goToEnd: () => void;
}

interface Editing {
  runId: string;
  text: string;
  isFromField: boolean;
}

/** What can be done about the turns of a conversation, and which message is being edited. */
export function useTurnActions(options: Options) {
  const [editing, setEditing] = useState<Editing | null>(null);
  const latest = useRef({ ...options, editing });
  latest.current = { ...options, editing };

  const { actions, editLast } = useMemo(() => {
    const edit = (runId: string, isFromField: boolean) => {
      latest.current.stay();
      setEditing({ runId, text: questionOf(latest.current.view, runId), isFromField });
    };
    const ask = (question: Pick<OutgoingMessage, "text" | "replaces" | "body">) => {
      latest.current.goToEnd();
      void latest.current.ask(question);
    };
    const made: TurnActions = {
      choose: (runId) => {
        latest.current.stay();
        latest.current.choose(runId);
      },
      startEdit: (runId) => edit(runId, false),
      cancelEdit: () => {
        const { editing: now, field } = latest.current;
        setEditing(null);
        if (now?.isFromField) requestAnimationFrame(() => field.current?.focus());
      },
      sendEdit: (runId, text) => {
        const { view, field } = latest.current;
        setEditing(null);
        // The focus goes on to the field only where that does not raise a keyboard on the screen.
        if (window.matchMedia("(pointer: fine)").matches) field.current?.focus();
        const parentRunId = pathIn(view.tree, runId).at(-2) ?? null;
        ask({ text, replaces: runId, body: { message: text, parentRunId } });
      },
      regenerate: (runId) => askAgain(runId, { regenerate: runId }),
      fork: (runId, step) => askAgain(runId, { fork: { runId, step } }),
    };
    function askAgain(runId: string, body: OutgoingMessage["body"]): void {
      ask({ text: questionOf(latest.current.view, runId), replaces: runId, body });
    }
    return {
      actions: made,
      editLast: () => {
        const last = findLastMessage(latest.current.view);
        if (last !== null) edit(last, true);
      },
    };
  }, []);

  /** An edited question that could not be sent goes back into its editor. */
  const editAgain = (runId: string, text: string) => setEditing({ runId, text, isFromField: false });
  return { actions, editing, editAgain, editLast: findLastMessage(options.view) === null ? null : editLast };
}

function findLastMessage({ items }: ConversationView): string | null {
  const last = items.findLast((item) => item.kind === "message");
  return last?.kind === "message" ? last.runId : null;
}

function questionOf({ items }: ConversationView, runId: string): string {
  const message = items.find((item) => item.kind === "message" && item.runId === runId);
  return message?.kind === "message" ? message.text : "";
}
