import { Ban, Check, CircleAlert, CircleDashed, Clock, Gauge, Hourglass, Square } from "lucide-react";
import type { RunStatus } from "@/lib/contracts/run";
import { statusWords } from "./run-words";

const looks: Record<RunStatus, { icon: typeof Check; className: string }> = {
  queued: { icon: Hourglass, className: "text-muted-foreground" },
  running: { icon: CircleDashed, className: "text-primary" },
  waiting: { icon: Clock, className: "text-warning" },
  done: { icon: Check, className: "text-primary" },
  failed: { icon: CircleAlert, className: "text-destructive" },
  stopped: { icon: Square, className: "text-muted-foreground" },
  dead: { icon: Ban, className: "text-destructive" },
  budget_exhausted: { icon: Gauge, className: "text-warning" },
};

/** How a run stands, as a word with a sign; never colour alone. */
export function RunStatusLabel({ status }: { status: RunStatus }) {
  const { icon: Icon, className } = looks[status];
  return (
    <span className={`inline-flex shrink-0 items-center gap-1 whitespace-nowrap font-medium text-xs ${className}`}>
      <Icon aria-hidden className="size-3.5" />
      {statusWords[status]}
    </span>
  );
}
