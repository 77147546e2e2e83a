"use client";

import { CircleAlert, RotateCcw } from "lucide-react";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import type { ChatRunView } from "@/lib/conversation/run-view";

/** How a run ended, when it did not simply finish: what happened, what the person can do, and the detail behind it. */
export function RunEnd({ run, onRetry }: { run: ChatRunView; onRetry: () => void }) {
  if (run.finishedAt === null || run.status === "done") return null;
  const retry = (
    <Button variant="outline" size="sm" onClick={onRetry}>
      <RotateCcw aria-hidden className="size-3.5" /> Retry
    </Button>
  );
  if (run.status === "stopped")
    return (
      <div className="flex flex-wrap items-center gap-3 text-muted-foreground text-sm">
        <p>You stopped this answer. What it did until then stays.</p>
        {retry}
      </div>
    );
  const { message, hint } = run.error ?? { message: "The answer failed.", hint: undefined };
  const details = `${run.error?.code ?? run.status} · ${run.runId}`;
  return (
    <div className="rounded-lg border border-destructive/40 bg-destructive/5 px-4 py-3 text-sm">
      <div className="flex items-start gap-2.5">
        <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-destructive" />
        <div className="min-w-0 grow">
          <p className="font-medium [overflow-wrap:anywhere]">{message}</p>
          {hint && <p className="text-muted-foreground [overflow-wrap:anywhere]">{hint}</p>}
          <div className="mt-3 flex flex-wrap items-center gap-3">
            {retry}
            <details className="text-muted-foreground text-xs">
              <summary className="cursor-pointer">Details</summary>
              <span className="mt-1 flex items-center gap-1">
                <code className="font-mono [overflow-wrap:anywhere]">{details}</code>
                <CopyButton text={details} label="Copy details" />
              </span>
            </details>
          </div>
        </div>
      </div>
    </div>
  );
}
