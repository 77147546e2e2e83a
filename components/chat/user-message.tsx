"use client";

import { KeyRound, Pencil } from "lucide-react";
import Link from "next/link";
import { memo, useRef } from "react";
import { Button } from "@/components/ui/button";
import type { Siblings } from "@/lib/conversation/path";
import { MessageEditor } from "./message-editor";
import type { TurnActions } from "./turn-actions";
import type { OutgoingMessage } from "./use-outbox";
import { VersionSwitch } from "./version-switch";

interface Props {
  /** Null for a message that nothing answers: it has no versions. */
  runId: string | null;
  text: string;
  maskedSecrets: number;
  siblings: Siblings | null;
  /** Where a key belongs: the module that was built last in this conversation, else all modules. */
  credentialsHref: string;
  /** What stands in the editor that takes the message's place; null while it is not edited. */
  edited: string | null;
  actions: TurnActions;
}

/** What the person wrote, exactly as written; its other versions, and the way to another one. */
export const UserMessage = memo(function UserMessage(props: Props) {
  const { runId, text, maskedSecrets, siblings, credentialsHref, edited, actions } = props;
  const pencil = useRef<HTMLButtonElement>(null);
  if (runId !== null && edited !== null)
    return (
      <article aria-label="You" className="flex flex-col items-end gap-2">
        <MessageEditor
          text={edited}
          onSend={(next) => actions.sendEdit(runId, next)}
          onCancel={() => {
            actions.cancelEdit();
            // Where the focus was, unless the field took it back.
            requestAnimationFrame(() => document.activeElement === document.body && pencil.current?.focus());
          }}
        />
      </article>
    );
  return (
    <article aria-label="You" className="group/message flex flex-col items-end gap-1">
      <div className="flex w-full items-center justify-end gap-1">
        {runId !== null && (
          <button
            ref={pencil}
            type="button"
            aria-label="Edit"
            title="Edit"
            onClick={() => actions.startEdit(runId)}
            className="inline-flex size-7 shrink-0 cursor-pointer items-center justify-center rounded-md text-muted-foreground outline-none transition-opacity hover:bg-muted hover:text-foreground focus-visible:opacity-100 focus-visible:ring-2 focus-visible:ring-ring md:opacity-0 md:group-focus-within/message:opacity-100 md:group-hover/message:opacity-100"
          >
            <Pencil aria-hidden className="size-3.5" />
          </button>
        )}
        <Bubble text={text} />
      </div>
      {siblings && <VersionSwitch siblings={siblings} onChoose={actions.choose} />}
      {maskedSecrets > 0 && <MaskedNote count={maskedSecrets} credentialsHref={credentialsHref} />}
    </article>
  );
});

function MaskedNote({ count, credentialsHref }: { count: number; credentialsHref: string }) {
  return (
    <p className="flex max-w-[85%] items-start gap-2 rounded-lg border border-warning/40 bg-warning/10 px-3 py-2 text-sm">
      <KeyRound aria-hidden className="mt-0.5 size-4 shrink-0 text-warning" />
      <span>
        {count === 1 ? "What looked like a key was" : `${count} things that looked like keys were`} masked before the
        message was stored; no model has seen {count === 1 ? "it" : "them"}. Keys go into a form:{" "}
        <Link href={credentialsHref} className="font-medium text-primary underline underline-offset-4">
          credentials of a module
        </Link>{" "}
        or{" "}
        <Link href="/settings/models" className="font-medium text-primary underline underline-offset-4">
          keys of a model
        </Link>
        .
      </span>
    </p>
  );
}

/** A question that the log does not hold yet. */
export function OutgoingBubble({
  message,
  onRetry,
  onDrop,
}: {
  message: OutgoingMessage;
  onRetry: () => void;
  onDrop: () => void;
}) {
  return (
    <article aria-label="You" className="flex flex-col items-end gap-2">
      <Bubble text={message.text} />
      {message.failure ? (
        <div role="alert" className="flex max-w-[85%] flex-wrap items-center justify-end gap-2 text-sm">
          <span className="w-full text-right text-destructive">Not sent. {message.failure}</span>
          <Button variant="outline" size="sm" onClick={onRetry}>
            Send again
          </Button>
          <Button variant="ghost" size="sm" onClick={onDrop}>
            {message.body.message === undefined ? "Dismiss" : "Back to the field"}
          </Button>
        </div>
      ) : (
        message.runId === null && <p className="text-muted-foreground text-xs">Sending…</p>
      )}
    </article>
  );
}

function Bubble({ text }: { text: string }) {
  return (
    <p className="max-w-[85%] whitespace-pre-wrap rounded-2xl rounded-br-md bg-muted px-4 py-2.5 text-[15px] leading-relaxed [overflow-wrap:anywhere]">
      {text}
    </p>
  );
}
