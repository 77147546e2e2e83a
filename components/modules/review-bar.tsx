"use client";

import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { sendJson } from "@/components/api/send-json";
import { useAction } from "@/components/api/use-action";
import { Button } from "@/components/ui/button";
import {
  Dialog,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogHeader,
  DialogTitle,
} from "@/components/ui/dialog";
import { FailureNote } from "@/components/ui/failure-note";
import { Label } from "@/components/ui/label";
import { Textarea } from "@/components/ui/textarea";
import type { ReviewView } from "@/lib/contracts/module";
import { moduleApiPath, modulePath, shortDigest } from "./state-words";

type Decision = "approve" | "changes" | "reject" | "quarantine";

const questions: Record<
  Decision,
  { title: string; description: string; confirm: string; asksNote: boolean; isDestructive?: boolean }
> = {
  approve: {
    title: "Approve and install?",
    description: "Exactly these files will run, in the sandbox, with exactly the rights above.",
    confirm: "Approve and install",
    asksNote: false,
  },
  changes: {
    title: "Ask for changes",
    description: "Your words go to the builder, which makes a new version for review.",
    confirm: "Send to the builder",
    asksNote: true,
  },
  reject: {
    title: "Reject this version?",
    description: "It will not run. It stays readable here.",
    confirm: "Reject",
    asksNote: true,
    isDestructive: true,
  },
  quarantine: {
    title: "Quarantine this version?",
    description: "It will not run, and the same files can never be approved.",
    confirm: "Quarantine",
    asksNote: true,
    isDestructive: true,
  },
};

/** The decision, always in sight. The request names the digest that is on this page, so nothing else can be approved by it. */
export function ReviewBar({ review }: { review: ReviewView }) {
  const [decision, setDecision] = useState<Decision | null>(null);
  const canDecide = review.isCurrent && review.version.state === "awaiting_review";
  useApproveKey(canDecide, () => setDecision("approve"));
  if (!canDecide) return null;
  return (
    <div className="sticky bottom-0 z-10 -mx-4 mt-8 border-t bg-background/95 px-4 py-3 backdrop-blur sm:-mx-8 sm:px-8">
      <div className="flex flex-wrap items-center gap-2">
        <Button onClick={() => setDecision("approve")}>Approve and install</Button>
        <Button variant="outline" onClick={() => setDecision("changes")}>
          Ask for changes
        </Button>
        <Button variant="outline" onClick={() => setDecision("reject")}>
          Reject
        </Button>
        <Button variant="ghost" onClick={() => setDecision("quarantine")}>
          Quarantine
        </Button>
        <span className="ml-auto hidden text-muted-foreground text-xs lg:inline">
          <kbd className="rounded border px-1 font-mono">j</kbd> <kbd className="rounded border px-1 font-mono">k</kbd>{" "}
          files · <kbd className="rounded border px-1 font-mono">a</kbd> approve
        </span>
      </div>
      {decision && <DecisionDialog review={review} decision={decision} onClose={() => setDecision(null)} />}
    </div>
  );
}

function DecisionDialog({
  review,
  decision,
  onClose,
}: {
  review: ReviewView;
  decision: Decision;
  onClose: () => void;
}) {
  const router = useRouter();
  const { run, isBusy, failure } = useAction();
  const [note, setNote] = useState("");
  const question = questions[decision];
  const decide = () =>
    run(async () => {
      const path = `${moduleApiPath(review.module)}/versions/${encodeURIComponent(review.version.digest)}/${decision}`;
      const reply = await sendJson<{ conversationId?: string }>("POST", path, question.asksNote ? { note } : {});
      router.push(
        decision === "changes" && reply.conversationId ? `/chat/${reply.conversationId}` : modulePath(review.module),
      );
    });
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent>
        <DialogHeader>
          <DialogTitle>{question.title}</DialogTitle>
          <DialogDescription>
            {question.description} Version {review.version.manifest.version},{" "}
            <span className="font-mono">{shortDigest(review.version.digest)}</span>.
          </DialogDescription>
        </DialogHeader>
        {question.asksNote && (
          <div className="flex flex-col gap-2">
            <Label htmlFor="decision-note">{decision === "changes" ? "What should change?" : "Why? (optional)"}</Label>
            <Textarea
              id="decision-note"
              rows={3}
              maxLength={4000}
              value={note}
              onChange={(event) => setNote(event.target.value)}
            />
          </div>
        )}
        <FailureNote text={failure} />
        <DialogFooter>
          <Button variant="outline" onClick={onClose}>
            Cancel
          </Button>
          <Button
            variant={question.isDestructive ? "destructive" : "default"}
            disabled={isBusy || (decision === "changes" && note.trim() === "")}
            onClick={() => void decide()}
          >
            {question.confirm}
          </Button>
        </DialogFooter>
      </DialogContent>
    </Dialog>
  );
}

function useApproveKey(isOn: boolean, ask: () => void): void {
  useEffect(() => {
    if (!isOn) return;
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.key !== "a" || event.metaKey || event.ctrlKey || event.altKey) return;
      if (!target.closest("input, textarea, select, [role=dialog]")) ask();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  });
}
