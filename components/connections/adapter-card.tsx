"use client";

import Link from "next/link";
import { useState } from "react";
import { useAction } from "@/components/api/use-action";
import { Button } from "@/components/ui/button";
import { FailureNote } from "@/components/ui/failure-note";
import type { AdapterView } from "@/lib/contracts/connection";
import { beginSignIn } from "./begin-sign-in";
import { FeedForm } from "./feed-form";
import { SampleBadge } from "./health-badge";
import { SetupSteps } from "./setup-steps";
import type { BankRequest } from "./use-bank-link";

interface Props {
  adapter: AdapterView;
  isLinking: boolean;
  onLink: (request: BankRequest) => void;
  onConnected: () => void;
}

/** One kind of source: what it brings, what it may do, and the way to connect it or to set it up. */
export function AdapterCard({ adapter, isLinking, onLink, onConnected }: Props) {
  const { id, title, description, rights, connect, missing, isSample } = adapter;
  const isReady = missing.length === 0;
  return (
    <article aria-labelledby={`adapter-${id}`} className="flex flex-col rounded-lg border bg-card p-5">
      <div className="flex items-start justify-between gap-3">
        <h4 id={`adapter-${id}`} className="font-medium">
          {title}
        </h4>
        {isSample && isReady && connect !== "file" && <SampleBadge />}
      </div>
      <p className="mt-1 text-muted-foreground text-sm">{description}</p>
      {connect === "none" && isReady && <p className="mt-3 text-sm">On. It needs no account. {rights.join(" ")}</p>}
      {(connect !== "none" || !isReady) && <Rights rights={rights} />}
      {isReady ? (
        <Connect adapter={adapter} isLinking={isLinking} onLink={onLink} onConnected={onConnected} />
      ) : (
        <details className="mt-3 text-sm">
          <summary className="w-fit cursor-pointer font-medium">
            Not set up yet. How to set it up<span className="sr-only"> {title}</span>
          </summary>
          <SetupSteps adapter={adapter} />
        </details>
      )}
    </article>
  );
}

function Rights({ rights }: { rights: string[] }) {
  if (rights.length === 1) return <p className="mt-2 text-muted-foreground text-sm">{rights[0]}</p>;
  return (
    <details className="mt-3 text-sm">
      <summary className="w-fit cursor-pointer text-muted-foreground hover:text-foreground">What it may do</summary>
      <ul className="mt-2 list-disc space-y-1 pl-5 text-muted-foreground">
        {rights.map((right) => (
          <li key={right}>{right}</li>
        ))}
      </ul>
    </details>
  );
}

function Connect({ adapter, isLinking, onLink, onConnected }: Props) {
  const { id, title, connect } = adapter;
  if (connect === "url") return <FeedForm adapter={id} onConnected={onConnected} />;
  if (connect === "oauth") return <SignInForm adapter={adapter} />;
  if (connect === "file")
    return (
      <Button asChild variant="outline" className="mt-4 self-start">
        <Link href="/money/import">Bring in a file</Link>
      </Button>
    );
  if (connect === "link")
    return (
      <Button
        className="mt-4 self-start"
        disabled={isLinking}
        aria-label={`Connect a bank with ${title}`}
        onClick={() => onLink({ adapter: id })}
      >
        {isLinking ? "Opening…" : "Connect a bank"}
      </Button>
    );
  return null;
}

function SignInForm({ adapter: { id, title } }: { adapter: AdapterView }) {
  const { run, isBusy, failure } = useAction();
  const [isWriteWanted, setWriteWanted] = useState(false);
  return (
    <form
      className="mt-4 flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        void run(() => beginSignIn({ adapter: id, isWriteWanted }));
      }}
    >
      <label className="flex items-start gap-2 text-sm">
        <input
          type="checkbox"
          className="mt-0.5 size-4 shrink-0 accent-primary"
          checked={isWriteWanted}
          onChange={(event) => setWriteWanted(event.target.checked)}
        />
        Also allow changes: adding, changing and deleting events. You can allow it later, too.
      </label>
      <Button type="submit" disabled={isBusy} className="self-start">
        {isBusy ? "Opening…" : `Connect ${title}`}
      </Button>
      <FailureNote text={failure} />
    </form>
  );
}
