import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";

export interface AgendaRow {
  id: string;
  /** "10:00–10:30" or "All day". */
  when: string;
  title: string;
  location: string | null;
  /** "in 40 min", "now"; null for what is not near. */
  soon: string | null;
  isTentative: boolean;
  /** "America/Toronto", where the event has another zone than the person. */
  otherZone: string | null;
  /** Comes later: when to leave. */
  below?: ReactNode;
}

/** A day's events in order. */
export function Agenda({ rows, label }: { rows: readonly AgendaRow[]; label: string }) {
  return (
    <ol aria-label={label} className="flex flex-col gap-3">
      {rows.map((row) => (
        <li key={row.id} className="grid grid-cols-[6.5rem_minmax(0,1fr)] items-baseline gap-x-4">
          <span className="whitespace-nowrap text-muted-foreground text-sm">{row.when}</span>
          <div className="min-w-0">
            <p className="break-words text-[15px] leading-snug">
              <span className={cn("font-medium", row.isTentative && "font-normal italic")}>{row.title}</span>
              {row.isTentative && <span className="text-muted-foreground text-sm"> · tentative</span>}
              {row.soon && <span className="text-primary text-sm"> · {row.soon}</span>}
            </p>
            {(row.location || row.otherZone) && (
              <p className="break-words text-muted-foreground text-sm">
                {[row.location, row.otherZone].filter(Boolean).join(" · ")}
              </p>
            )}
            {row.below}
          </div>
        </li>
      ))}
    </ol>
  );
}
