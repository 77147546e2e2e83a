"use client";

import { useState } from "react";
import { describeFailure, sendJson } from "@/components/api/send-json";
import { AlwaysPanel } from "@/components/approvals/always-panel";
import { tellApprovalsChanged } from "@/components/approvals/approvals-changed";
import { Button } from "@/components/ui/button";
import { FailureNote } from "@/components/ui/failure-note";
import { Input } from "@/components/ui/input";
import type { ApprovalAnswer } from "@/lib/contracts/approval";
import type { EventPayload } from "@/lib/contracts/conversation";

type Request = EventPayload<"approval-requested">;
type Choice = Pick<ApprovalAnswer, "decision" | "always">;

/** The buttons under a question. Nothing is sent by Enter in a field, and nothing twice. */
export function ApprovalAnswerForm({ request }: { request: Request }) {
  const [note, setNote] = useState("");
  const [sent, setSent] = useState<string | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [isNarrowing, setNarrowing] = useState(false);
  const { approvalId, title, grantable } = request;
  const decide = async (choice: Choice, label: string) => {
    setSent(label);
    setFailure(null);
    const trimmed = note.trim();
    try {
      await sendJson("POST", `/api/approvals/${approvalId}`, { ...choice, ...(trimmed ? { note: trimmed } : {}) });
      // The card changes when the decision comes back through the log, in every tab.
    } catch (error) {
      setFailure(describeFailure(error));
      setSent(null);
    }
    tellApprovalsChanged();
  };
  const button = (choice: Choice, label: string, isMain: boolean) => (
    <Button
      key={label}
      variant={isMain ? "default" : "outline"}
      disabled={sent !== null}
      aria-label={`${label}: ${title}`}
      onClick={() => void decide(choice, label)}
    >
      {sent === label ? "Sending…" : label}
    </Button>
  );
  return (
    <div className="mt-4 flex flex-col gap-3">
      <Input
        aria-label="Note to Burgeon (optional)"
        placeholder="Note to Burgeon (optional)"
        maxLength={2000}
        value={note}
        onChange={(event) => setNote(event.target.value)}
      />
      <FailureNote text={failure} />
      <div className="flex flex-wrap gap-2">
        {request.kind === "outcome" ? (
          <>
            {button({ decision: "happened" }, "It happened", true)}
            {button({ decision: "allow" }, "It did not, do it now", false)}
            {button({ decision: "deny" }, "Leave it", false)}
          </>
        ) : (
          <>
            {button({ decision: "allow" }, "Allow once", true)}
            {grantable && (
              <Button
                variant="outline"
                disabled={sent !== null}
                aria-expanded={isNarrowing}
                onClick={() => setNarrowing(!isNarrowing)}
              >
                Always for this tool…
              </Button>
            )}
            {button({ decision: "deny" }, "Deny", false)}
          </>
        )}
      </div>
      {grantable && isNarrowing && (
        <AlwaysPanel
          tool={request.tool}
          grantable={grantable}
          isBusy={sent !== null}
          onAllow={(only) => void decide({ decision: "allow", always: { only } }, "Allow always")}
        />
      )}
    </div>
  );
}
