"use client";

import { Undo2 } from "lucide-react";
import { useEffect, useId, useState } from "react";
import { sendJson } from "@/components/api/send-json";
import { useAction } from "@/components/api/use-action";
import { Button } from "@/components/ui/button";
import type { ToolPart } from "@/lib/conversation/run-view";
import { formatSpan } from "./format-span";

const tickMs = 5_000;

/** Takes an effect back while that is possible; afterwards says that it was, or why it could not be. */
export function UndoButton({ runId, part }: { runId: string; part: ToolPart }) {
  const { callId, undo, undone } = part;
  const helpId = useId();
  const now = useNow(undo !== null && undone !== "done");
  const { run, isBusy, failure } = useAction();
  if (undone === "done")
    return (
      <p className="flex items-center gap-2 py-0.5 text-muted-foreground text-sm">
        <Undo2 aria-hidden className="size-3.5" /> Undone
      </p>
    );
  const leftMs = undo === null || now === null ? 0 : Date.parse(undo.until) - now;
  const problem = failure ?? undone?.message ?? null;
  if (leftMs <= 0 && problem === null) return null;
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5 py-0.5 text-sm">
      {undo && leftMs > 0 && (
        <>
          <Button
            variant="outline"
            size="sm"
            disabled={isBusy}
            aria-describedby={helpId}
            title={undo.label}
            onClick={() => void run(() => sendJson("POST", undoPath(runId, callId)))}
          >
            <Undo2 aria-hidden className="size-3.5" />
            {isBusy ? "Undoing…" : "Undo"}
          </Button>
          <span id={helpId} className="text-muted-foreground text-xs">
            {undo.label} · {formatSpan(leftMs)} left
          </span>
        </>
      )}
      {problem && (
        <p role={failure ? "alert" : undefined} className="w-full text-destructive text-sm [overflow-wrap:anywhere]">
          Not undone. {problem}
        </p>
      )}
    </div>
  );
}

function undoPath(runId: string, callId: string): string {
  return `/api/runs/${encodeURIComponent(runId)}/calls/${encodeURIComponent(callId)}/undo`;
}

/** The time, every few seconds; null on the server, which does not know the reader's. */
function useNow(isOn: boolean): number | null {
  const [now, setNow] = useState<number | null>(null);
  useEffect(() => {
    if (!isOn) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), tickMs);
    return () => clearInterval(timer);
  }, [isOn]);
  return now;
}
