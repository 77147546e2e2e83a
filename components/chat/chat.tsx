"use client";

import { ArrowDown } from "lucide-react";
import { useRouter } from "next/navigation";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { isTyping } from "@/components/layout/use-shortcuts";
import { FailureNote } from "@/components/ui/failure-note";
import type { SampleService } from "@/lib/contracts/demo";
import { answerOf, type ConversationView, runsOnPath, unfinishedRuns } from "@/lib/conversation/display";
import { Composer } from "./composer";
import { ConnectionNote } from "./connection-note";
import { announceRun } from "./describe-run";
import { EmptyState } from "./empty-state";
import { MessageList } from "./message-list";
import { useBranches } from "./use-branches";
import { useConversation } from "./use-conversation";
import { putAbove, useDraft } from "./use-draft";
import { type OutgoingMessage, useOutbox } from "./use-outbox";
import { useStickToEnd } from "./use-stick-to-end";
import { useStop } from "./use-stop";
import { useTurnActions } from "./use-turn-actions";
import { OutgoingBubble } from "./user-message";

interface Props {
  /** Null for a conversation that begins with the first message. */
  conversationId: string | null;
  title: string;
  initial: ConversationView;
  draft: string;
  modelLabel: string;
  samples: SampleService[] | null;
}

/** A conversation and the field to go on with it. */
export function Chat({ conversationId, title, initial, draft, modelLabel, samples }: Props) {
  const router = useRouter();
  // The first message makes the conversation: its events are followed from here while its own page is being prepared.
  const [startedId, setStartedId] = useState(conversationId);
  const { view: logged, connection } = useConversation(startedId, initial);
  const { view, choose, whenStored, failure: branchFailure } = useBranches(startedId, logged);
  const { text, write, moveTo } = useDraft(conversationId, draft);
  const field = useRef<HTMLTextAreaElement>(null);
  const { scroller, content, isAtEnd, goToEnd, stay } = useStickToEnd();
  const outbox = useOutbox({
    conversationId: startedId,
    view: logged,
    whenReady: whenStored,
    onStarted: (run) => {
      if (startedId !== null) return;
      setStartedId(run.conversationId);
      moveTo(run.conversationId);
      router.replace(`/chat/${run.conversationId}`);
    },
  });
  const turns = useTurnActions({ view, ask: outbox.ask, choose, field, stay, goToEnd });
  const runs = unfinishedRuns(view);
  const { stop, isStopping, failure: stopFailure } = useStop(runs.map((run) => run.runId));
  const failure = stopFailure ?? branchFailure;
  const isFirst = startedId === null && outbox.outgoing.some((message) => message.failure === null);
  const replaced = outbox.outgoing.find((message) => message.replaces !== null && message.failure === null);

  const send = (message: string) => {
    goToEnd();
    void outbox.send(message);
  };
  const fill = (example: string) => {
    write(example);
    field.current?.focus();
  };
  /** What could not be sent goes back to where it was written. */
  const takeBack = ({ key, body, replaces, text: unsent }: OutgoingMessage) => {
    outbox.drop(key);
    if (body.message === undefined) return;
    if (replaces !== null) turns.editAgain(replaces, unsent);
    else fill(putAbove([unsent], text));
  };
  useFieldFocus(field);

  const isEmpty = view.items.length === 0 && outbox.outgoing.length === 0;
  return (
    <div className="flex h-full flex-col">
      <div className="relative min-h-0 grow">
        <section
          ref={scroller}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard.
          tabIndex={0}
          aria-label="Conversation"
          className="h-full overflow-y-auto overscroll-contain focus-visible:outline-offset-[-2px]"
        >
          <div ref={content} className="mx-auto flex min-h-full w-full max-w-3xl flex-col gap-6 px-4 pt-6 pb-8">
            {isEmpty ? (
              <EmptyState modelLabel={modelLabel} samples={samples} onExample={fill} />
            ) : (
              <h1 className="sr-only">{title || "Conversation"}</h1>
            )}
            <MessageList
              view={view}
              conversationId={startedId}
              endsBefore={replaced?.replaces ?? null}
              editing={turns.editing}
              actions={turns.actions}
            />
            {outbox.outgoing.map((message) => (
              <OutgoingBubble
                key={message.key}
                message={message}
                onRetry={() => void outbox.sendAgain(message)}
                onDrop={() => takeBack(message)}
              />
            ))}
          </div>
        </section>
        {!isAtEnd && (
          <button
            type="button"
            onClick={goToEnd}
            aria-label="Go to the newest"
            className="-translate-x-1/2 absolute bottom-3 left-1/2 inline-flex size-8 cursor-pointer items-center justify-center rounded-full border bg-card shadow-sm outline-none hover:bg-muted focus-visible:ring-2 focus-visible:ring-ring"
          >
            <ArrowDown aria-hidden className="size-4" />
          </button>
        )}
      </div>
      <ConnectionNote connection={connection} />
      <FailureNote text={failure} className="mx-auto w-full max-w-3xl px-5 pb-2" />
      <Composer
        field={field}
        text={text}
        onText={write}
        onSend={() => {
          send(text.trim());
          write("");
        }}
        onStop={runs.length > 0 ? () => void stop() : null}
        isStopping={isStopping}
        canSend={!isFirst && connection !== "gone"}
        onEditLast={turns.editLast}
      />
      <Announcements view={view} />
    </div>
  );
}

/** The field has the focus where there is a keyboard; on a phone it would only raise one. `/` leads to it. */
function useFieldFocus(field: React.RefObject<HTMLTextAreaElement | null>): void {
  // Before the next key, so that none is lost where one page takes the place of another.
  useLayoutEffect(() => {
    if (window.matchMedia("(pointer: fine)").matches && !isTyping(document.activeElement)) field.current?.focus();
  }, [field]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      event.preventDefault();
      field.current?.focus();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [field]);
}

/** Tells a screen reader how the newest answer stands, when that changes; the words as they stream would only interrupt. */
function Announcements({ view }: { view: ConversationView }) {
  const run = runsOnPath(view).at(-1);
  const text = announceRun(run, run?.status === "done" ? answerOf(run) : "");
  const [before] = useState(text);
  return (
    <p role="status" aria-live="polite" className="sr-only">
      {text === before ? "" : text}
    </p>
  );
}
