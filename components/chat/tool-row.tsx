"use client";

import { Ban, Check, ChevronRight, CircleAlert, CircleDashed, Clock, Square } from "lucide-react";
import Link from "next/link";
import { CopyButton } from "@/components/ui/copy-button";
import type { ToolPart, ToolStatus } from "@/lib/conversation/run-view";
import { formatDuration, printValue } from "./describe-run";
import { UndoButton } from "./undo-button";

const looks: Record<ToolStatus, { icon: typeof Check; words: string; className: string }> = {
  queued: { icon: CircleDashed, words: "waits", className: "text-muted-foreground" },
  running: { icon: CircleDashed, words: "at work", className: "animate-pulse text-primary" },
  waiting: { icon: Clock, words: "waiting", className: "text-warning" },
  done: { icon: Check, words: "done", className: "text-muted-foreground" },
  failed: { icon: CircleAlert, words: "failed", className: "text-destructive" },
  denied: { icon: Ban, words: "denied by you", className: "text-muted-foreground" },
  stopped: { icon: Square, words: "stopped", className: "text-muted-foreground" },
};

interface Props {
  part: ToolPart;
  /** The run it belongs to; left out where nothing can be done about it any more. */
  runId?: string;
}

/**
 * One tool call in one line; what went in and what came out is behind it. What changed something stays open, unless a card
 * above already shows it. What can be taken back has its button below.
 */
export function ToolRow({ part, runId }: Props) {
  const { icon: Icon, words, className } = looks[part.status];
  const staysOpen = part.status === "done" && part.effect !== "read" && part.approval === null && part.buildId === null;
  const canUndo = runId !== undefined && (part.undo !== null || part.undone !== null) && !part.isInherited;
  return (
    <>
      <details className="group/tool rounded-md text-sm open:border open:bg-card" open={staysOpen ? true : undefined}>
        <summary className="-mx-2 flex cursor-pointer list-none items-center gap-2 rounded-md px-2 py-1 text-muted-foreground transition-colors group-open/tool:mx-0 group-open/tool:px-3 group-open/tool:py-2 hover:bg-muted hover:text-foreground [&::-webkit-details-marker]:hidden">
          <Icon aria-hidden className={`size-3.5 shrink-0 ${className}`} />
          <span className="min-w-0 truncate">
            {part.title}
            {part.progress && part.status === "running" && <span> · {part.progress}</span>}
            {part.source && <span className="text-muted-foreground"> · {part.source}</span>}
          </span>
          <span className="sr-only">{words}</span>
          <span className="shrink-0 text-xs tabular-nums">{describeState(part)}</span>
          <ChevronRight
            aria-hidden
            className="ml-auto size-3.5 shrink-0 transition-transform group-open/tool:rotate-90"
          />
        </summary>
        <ToolDetails part={part} />
      </details>
      {canUndo && <UndoButton runId={runId} part={part} />}
    </>
  );
}

function describeState(part: ToolPart): string {
  if (part.status === "done") return part.durationMs === null ? "" : `· ${formatDuration(part.durationMs)}`;
  if (part.status === "running" || part.status === "queued") return "…";
  return `· ${looks[part.status].words}`;
}

function ToolDetails({ part }: { part: ToolPart }) {
  return (
    <div className="flex flex-col gap-3 border-t px-3 py-3">
      {part.error && (
        <div>
          <p className="text-destructive">{part.error.message}</p>
          {part.error.hint && <p className="text-muted-foreground">{part.error.hint}</p>}
        </div>
      )}
      <Value label="Input" value={part.input} />
      {part.output !== undefined && <Value label="Output" value={part.output} />}
      <p className="text-muted-foreground text-xs">
        <code className="font-mono">{part.tool}</code>
        {part.source && ` · from ${part.source}`}
        {part.tainted && " · holds text from outside Burgeon"}
        {part.attempts > 1 && ` · attempt ${part.attempts}`}
        {part.isInherited && " · taken over from the run that this one forks from"}
        {part.grantId !== null && (
          <>
            {" · "}
            <Link href="/approvals#always" className="underline underline-offset-4 hover:text-foreground">
              always allowed by you
            </Link>
          </>
        )}
        {part.durationMs !== null && ` · ${formatDuration(part.durationMs)}`}
      </p>
    </div>
  );
}

function Value({ label, value }: { label: string; value: unknown }) {
  const text = printValue(value);
  return (
    <div>
      <div className="flex items-center justify-between">
        <span className="font-medium text-muted-foreground text-xs">{label}</span>
        <CopyButton text={text} label={`Copy ${label.toLowerCase()}`} />
      </div>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard.
        tabIndex={0}
        className="max-h-72 overflow-auto whitespace-pre-wrap rounded-md bg-muted/60 px-3 py-2 font-mono text-xs leading-5 [overflow-wrap:anywhere]"
      >
        {text === "" ? "nothing" : text}
      </pre>
    </div>
  );
}
