import { TriangleAlert } from "lucide-react";
import type { EventView } from "@/lib/contracts/calendar";
import { type Clock, describeTimes } from "./clock";

const maxNamed = 5;

/** What is on at the time that is being chosen. Space is kept, so that nothing jumps under the pointer. */
export function ConflictNote({ conflicts, clock }: { conflicts: readonly EventView[] | null; clock: Clock }) {
  const named = conflicts?.slice(0, maxNamed) ?? [];
  const more = (conflicts?.length ?? 0) - named.length;
  return (
    <div role="status" className="min-h-5 text-sm">
      {conflicts?.length === 0 && <p className="text-muted-foreground">You are free then.</p>}
      {named.length > 0 && (
        <div className="flex items-start gap-2 text-warning">
          <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
          <p className="[overflow-wrap:anywhere]">
            Overlaps {named.map((event) => `${event.title || "Untitled"} (${describeTimes(event, clock)})`).join(", ")}
            {more > 0 && ` and ${more} more`}.
          </p>
        </div>
      )}
    </div>
  );
}
