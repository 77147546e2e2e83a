"use client";

import { Ban, Check, Eye, Hand, RefreshCw, ShieldAlert, Unplug } from "lucide-react";
import { useEffect, useId } from "react";
import { tellApprovalsChanged } from "@/components/approvals/approvals-changed";
import { describeDecision } from "@/components/approvals/decision-words";
import type { ApprovalLine } from "@/lib/contracts/approval";
import type { Effect } from "@/lib/contracts/tool";
import type { ApprovalView } from "@/lib/conversation/run-view";
import { ApprovalAnswerForm } from "./approval-answer-form";

/**
 * What Burgeon wants to do, with every value that matters, and the person's answer. Only a click on the button (or Enter on
 * that very button) answers: nothing here takes the focus by itself, and Enter in the note does nothing. Once it is answered
 * one quiet line is left, with the rest behind it.
 */
export function ApprovalCard({ approval }: { approval: ApprovalView }) {
  const { decision } = approval;
  // Whatever counts open questions learns at once of this one, and of its end.
  useEffect(() => {
    if (decision !== "pending") return;
    tellApprovalsChanged();
    return tellApprovalsChanged;
  }, [decision]);
  return decision === "pending" ? <Question approval={approval} /> : <Decided approval={approval} />;
}

function Question({ approval: { request } }: { approval: ApprovalView }) {
  const titleId = useId();
  const isOutcome = request.kind === "outcome";
  return (
    <section aria-labelledby={titleId} className="rounded-lg border border-warning/60 bg-card p-4">
      <Kind isOutcome={isOutcome} effect={request.effect} />
      <h2 id={titleId} className="mt-1.5 font-medium [overflow-wrap:anywhere]">
        {request.title}
      </h2>
      {(request.round ?? 1) > 1 && (
        <Note icon={RefreshCw}>
          {isOutcome
            ? "You are asked again: it was interrupted once more."
            : "This changed since you answered. Look again."}
        </Note>
      )}
      <Lines lines={request.lines} />
      {request.world && request.world.length > 0 && (
        <div className="mt-3 rounded-md bg-muted/60 px-3 py-2.5">
          <p className="flex items-center gap-1.5 font-medium text-xs">
            <Eye aria-hidden className="size-3.5" /> What it will meet
          </p>
          <Lines lines={request.world} />
        </div>
      )}
      {request.taintedBy && (
        <Note icon={ShieldAlert}>
          This was asked for after reading text from outside: {request.taintedBy}.{" "}
          {request.effect === "read"
            ? "Whoever answers there learns every letter of the address: check that it tells nothing of yours."
            : "Check that it is what you want."}
        </Note>
      )}
      <ApprovalAnswerForm request={request} />
    </section>
  );
}

const kindWords: Record<Effect, string> = {
  read: "Opens an address that only the model wrote",
  write: "Changes something",
  destroy: "Deletes something, and cannot be undone",
};

function Kind({ isOutcome, effect }: { isOutcome: boolean; effect: Effect }) {
  const Icon = isOutcome ? Unplug : Hand;
  return (
    <p className="flex items-center gap-2 text-warning text-xs">
      <Icon aria-hidden className="size-3.5" />
      {isOutcome ? "Interrupted: was it done?" : kindWords[effect]}
    </p>
  );
}

function Lines({ lines }: { lines: readonly ApprovalLine[] }) {
  if (lines.length === 0) return null;
  return (
    <dl className="mt-2.5 grid gap-x-4 gap-y-1.5 text-sm sm:grid-cols-[auto_minmax(0,1fr)]">
      {lines.map((line, index) => (
        <div key={`${index} ${line.label}`} className="contents">
          <dt className="text-muted-foreground">{line.label}</dt>
          <dd className="whitespace-pre-wrap [overflow-wrap:anywhere]">{line.value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Note({ icon: Icon, children }: { icon: typeof Hand; children: React.ReactNode }) {
  return (
    <p className="mt-3 flex items-start gap-2 rounded-md border border-warning/40 bg-warning/10 px-3 py-2 text-sm text-warning">
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0" />
      <span className="min-w-0 [overflow-wrap:anywhere]">{children}</span>
    </p>
  );
}

function Decided({ approval: { request, decision, note, grantId } }: { approval: ApprovalView }) {
  if (decision === "pending") return null;
  const Icon = decision === "allowed" || decision === "happened" ? Check : Ban;
  return (
    <details className="group/decided text-sm">
      <summary className="-mx-2 flex cursor-pointer list-none items-start gap-2 rounded-md px-2 py-1 text-muted-foreground hover:bg-muted hover:text-foreground [&::-webkit-details-marker]:hidden">
        <Icon aria-hidden className="mt-0.5 size-3.5 shrink-0" />
        <span className="min-w-0 [overflow-wrap:anywhere]">
          {describeDecision(request.kind, decision, grantId === null ? "once" : "always")}: {request.title}
          {note && <span className="text-foreground"> “{note}”</span>}
        </span>
      </summary>
      <div className="mt-1 rounded-md border bg-card px-3 pt-0.5 pb-3">
        <Lines lines={request.lines} />
        {request.world && <Lines lines={request.world} />}
        {request.lines.length === 0 && !request.world && (
          <p className="mt-2.5 text-muted-foreground">It had no other values.</p>
        )}
      </div>
    </details>
  );
}
