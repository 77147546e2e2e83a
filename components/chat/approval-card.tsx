"use client";

import { Hand, ShieldAlert } from "lucide-react";
import { useId, useState } from "react";
import { describeFailure, sendJson } from "@/components/api/send-json";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import type { ApprovalView } from "@/lib/conversation/run-view";

const decided: Record<Exclude<ApprovalView["decision"], "pending">, string> = {
  allowed: "You allowed this once.",
  denied: "You denied this; nothing was done.",
  expired: "This was not answered in time; nothing was done.",
};

/**
 * What Burgeon wants to do, with every value that matters, and the person's answer. Only a click on the button (or Enter on
 * that very button) answers: nothing here takes the focus by itself, and Enter in the note does nothing.
 */
export function ApprovalCard({ approval }: { approval: ApprovalView }) {
  const { request, decision, note } = approval;
  const titleId = useId();
  return (
    <section
      aria-labelledby={titleId}
      className={`rounded-lg border bg-card p-4 ${decision === "pending" ? "border-warning/60" : ""}`}
    >
      <p className="flex items-center gap-2 text-warning text-xs">
        <Hand aria-hidden className="size-3.5" />
        {request.effect === "destroy" ? "Deletes something, and cannot be undone" : "Changes something"}
      </p>
      <h2 id={titleId} className="mt-1.5 font-medium">
        {request.title}
      </h2>
      {request.lines.length > 0 && (
        <dl className="mt-3 grid gap-x-4 gap-y-1.5 text-sm sm:grid-cols-[auto_minmax(0,1fr)]">
          {request.lines.map((line) => (
            <div key={`${line.label} ${line.value}`} className="contents">
              <dt className="text-muted-foreground">{line.label}</dt>
              <dd className="whitespace-pre-wrap [overflow-wrap:anywhere]">{line.value}</dd>
            </div>
          ))}
        </dl>
      )}
      {request.taintedBy && (
        <p className="mt-3 flex items-start gap-2 rounded-md border border-warning/40 bg-warning/10 px-3 py-2 text-sm text-warning">
          <ShieldAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
          <span>
            This was asked for after reading text from outside: {request.taintedBy}. Check that it is what you want.
          </span>
        </p>
      )}
      {decision === "pending" ? (
        <Answer approvalId={request.approvalId} title={request.title} />
      ) : (
        <p className="mt-3 text-muted-foreground text-sm">
          {decided[decision]}
          {note && ` “${note}”`}
        </p>
      )}
    </section>
  );
}

function Answer({ approvalId, title }: { approvalId: string; title: string }) {
  const [note, setNote] = useState("");
  const [sent, setSent] = useState<"allow" | "deny" | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const decide = async (decision: "allow" | "deny") => {
    setSent(decision);
    setFailure(null);
    try {
      const trimmed = note.trim();
      await sendJson("POST", `/api/approvals/${approvalId}`, { decision, ...(trimmed ? { note: trimmed } : {}) });
      // The card changes when the decision comes back through the log, in every tab.
    } catch (error) {
      setFailure(describeFailure(error));
      setSent(null);
    }
  };
  return (
    <div className="mt-4 flex flex-col gap-3">
      <Input
        aria-label="Note to Burgeon (optional)"
        placeholder="Note to Burgeon (optional)"
        maxLength={2000}
        value={note}
        onChange={(event) => setNote(event.target.value)}
      />
      {failure && (
        <p role="alert" className="text-destructive text-sm">
          {failure}
        </p>
      )}
      <div className="flex flex-wrap gap-2">
        <Button disabled={sent !== null} aria-label={`Allow once: ${title}`} onClick={() => void decide("allow")}>
          {sent === "allow" ? "Allowing…" : "Allow once"}
        </Button>
        <Button
          variant="outline"
          disabled={sent !== null}
          aria-label={`Deny: ${title}`}
          onClick={() => void decide("deny")}
        >
          {sent === "deny" ? "Denying…" : "Deny"}
        </Button>
      </div>
    </div>
  );
}
