"use client";

import { RefreshCw } from "lucide-react";
import { sendJson } from "@/components/api/send-json";
import { useAction } from "@/components/api/use-action";
import { Button } from "@/components/ui/button";
import { FailureNote } from "@/components/ui/failure-note";
import type { ConnectionView } from "@/lib/contracts/connection";
import { beginSignIn } from "./begin-sign-in";
import { describeHealth, describeHoldings, describeSkipped, type HealthWords } from "./describe-health";
import { HealthBadge, SampleBadge } from "./health-badge";
import type { BankRequest } from "./use-bank-link";

interface Props {
  connection: ConnectionView;
  now: number;
  isSample: boolean;
  /** Plaid's dialog is open for this connection. */
  isLinking: boolean;
  onLink: (request: BankRequest) => void;
  onTried: (connection: ConnectionView) => void;
  onDisconnect: (connection: ConnectionView) => void;
}

/** One connection: how it is in sentences, what it brought, what it may do, and what can be done about it. */
export function ConnectionCard({ connection, now, isSample, ...actions }: Props) {
  const { adapterTitle, title, warning } = connection;
  const health = describeHealth(connection, now);
  const holdings = describeHoldings(connection);
  const skipped = describeSkipped(connection);
  const headingId = `title-${connection.id}`;
  return (
    <article aria-labelledby={headingId} className="rounded-lg border bg-card p-5">
      <div className="flex items-start justify-between gap-3">
        <div className="min-w-0">
          <h3 id={headingId} className="font-medium [overflow-wrap:anywhere]">
            {title}
          </h3>
          <p className="text-muted-foreground text-sm">{adapterTitle}</p>
        </div>
        <div className="flex shrink-0 items-end justify-end gap-1 max-sm:flex-col">
          {isSample && <SampleBadge />}
          <HealthBadge tone={health.tone} label={health.label} />
        </div>
      </div>
      <p role="status" className="mt-3 max-w-prose text-sm [overflow-wrap:anywhere]">
        {health.sentences.join(" ")}
      </p>
      {health.howToKeep && (
        <details className="mt-1 text-sm">
          <summary className="cursor-pointer text-primary underline underline-offset-4">
            How to make it permanent
          </summary>
          <p className="mt-2 max-w-prose text-muted-foreground">{health.howToKeep}</p>
        </details>
      )}
      {holdings !== "" && <p className="mt-2 text-muted-foreground text-sm">Holds {holdings}.</p>}
      {skipped !== "" && <p className="mt-1 max-w-prose text-muted-foreground text-sm">At the last look {skipped}</p>}
      {warning && (
        <details className="mt-2 text-muted-foreground text-xs">
          <summary className="w-fit cursor-pointer">Details</summary>
          <p className="mt-1">
            Code <code>{warning.code}</code>
            {connection.lastTriedAt && `, last tried ${connection.lastTriedAt}`}
          </p>
        </details>
      )}
      <Rights connection={connection} />
      <Actions connection={connection} pressing={health.next} {...actions} />
    </article>
  );
}

function Rights({ connection: { rights, isWriteAllowed, connect } }: { connection: ConnectionView }) {
  return (
    <details className="mt-3 text-sm">
      <summary className="w-fit cursor-pointer text-muted-foreground hover:text-foreground">
        What it may do{connect === "oauth" && (isWriteAllowed ? ": read and change" : ": read only")}
      </summary>
      <ul className="mt-2 list-disc space-y-1 pl-5 text-muted-foreground">
        {rights.map((right) => (
          <li key={right}>{right}</li>
        ))}
        {connect === "oauth" && (
          <li>
            {isWriteAllowed
              ? "You allowed changes. Burgeon asks you before each one that it makes from a conversation."
              : "You did not allow changes: Burgeon can read, and change nothing."}
          </li>
        )}
      </ul>
    </details>
  );
}

type ActionProps = Omit<Props, "now" | "isSample"> & { pressing: HealthWords["next"] };

function Actions({ connection, pressing, isLinking, onLink, onTried, onDisconnect }: ActionProps) {
  const { id, adapter, connect, health, title, isWriteAllowed, isSyncing } = connection;
  const { run, isBusy, failure } = useAction();
  const isOpen = health !== "locked" && health !== "disconnecting";
  const isSignInOffered = isOpen && health !== "good" && health !== "waiting";
  const signIn = (isWriteWanted: boolean) => {
    if (connect === "link") return onLink({ adapter, connectionId: id });
    void run(() => beginSignIn({ adapter, isWriteWanted, connectionId: id }));
  };
  const tryNow = async () => {
    const isAsked = await run(() => sendJson("POST", `/api/connections/${id}/sync`));
    if (isAsked) onTried(connection);
  };
  const isTriable = health !== "locked" && health !== "sign-in-again" && connect !== "file" && connect !== "none";
  const isBlocked = isBusy || isLinking;
  const endLabel = health === "disconnecting" ? "Change how it ends" : "Disconnect";
  return (
    <>
      <div className="mt-4 flex flex-wrap gap-2">
        {isSignInOffered && (connect === "oauth" || connect === "link") && (
          <Button
            size="sm"
            variant={pressing === "sign-in-again" ? "default" : "outline"}
            disabled={isBlocked}
            aria-label={`Sign in again: ${title}`}
            onClick={() => signIn(isWriteAllowed)}
          >
            Sign in again
          </Button>
        )}
        {isTriable && (
          <Button
            size="sm"
            variant="outline"
            disabled={isBlocked || isSyncing}
            aria-label={`${isSyncing ? "Synchronising" : "Try now"}: ${title}`}
            onClick={() => void tryNow()}
          >
            <RefreshCw aria-hidden className={`size-3.5 ${isSyncing ? "animate-spin" : ""}`} />
            {isSyncing ? "Synchronising" : "Try now"}
          </Button>
        )}
        {isOpen && connect === "oauth" && !isWriteAllowed && (
          <Button
            size="sm"
            variant="outline"
            disabled={isBlocked}
            aria-label={`Allow changes: ${title}`}
            onClick={() => signIn(true)}
          >
            Allow changes
          </Button>
        )}
        {isOpen && connect === "link" && (
          <Button
            size="sm"
            variant={pressing === "choose-accounts" ? "default" : "outline"}
            disabled={isBlocked}
            aria-label={`Choose accounts: ${title}`}
            onClick={() => onLink({ adapter, connectionId: id, isAccountSelectionWanted: true })}
          >
            Choose accounts
          </Button>
        )}
        <Button
          size="sm"
          variant="ghost"
          disabled={isBlocked}
          aria-label={`${endLabel}: ${title}`}
          onClick={() => onDisconnect(connection)}
        >
          {endLabel}
        </Button>
      </div>
      <FailureNote text={failure} className="mt-3" />
    </>
  );
}
