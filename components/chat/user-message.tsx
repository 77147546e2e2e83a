"use client";

import { KeyRound } from "lucide-react";
import Link from "next/link";
import { memo } from "react";
import { Button } from "@/components/ui/button";
import type { OutgoingMessage } from "./use-outbox";

interface Props {
  text: string;
  maskedSecrets: number;
  /** Where a key belongs: the module that was built last in this conversation, else all modules. */
  credentialsHref: string;
}

/** What the person wrote, exactly as written. */
export const UserMessage = memo(function UserMessage({ text, maskedSecrets, credentialsHref }: Props) {
  return (
    <article aria-label="You" className="flex flex-col items-end gap-2">
      <Bubble text={text} />
      {maskedSecrets > 0 && (
        <p className="flex max-w-[85%] items-start gap-2 rounded-lg border border-warning/40 bg-warning/10 px-3 py-2 text-sm">
          <KeyRound aria-hidden className="mt-0.5 size-4 shrink-0 text-warning" />
          <span>
            {maskedSecrets === 1 ? "What looked like a key was" : `${maskedSecrets} things that looked like keys were`}{" "}
            masked before the message was stored; no model has seen {maskedSecrets === 1 ? "it" : "them"}. Keys go into
            a form:{" "}
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
      )}
    </article>
  );
});

/** A message that the log does not hold yet. */
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
            Back to the field
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
