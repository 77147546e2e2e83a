import { TriangleAlert } from "lucide-react";
import type { SectionState } from "@/lib/contracts/context";

interface Props {
  state: SectionState;
  /** "2 calendars" */
  source: string;
  /** "read 09:12", in the person's zone; null when it never was. */
  read: string | null;
  problem: string | null;
  hint: string | null;
}

/** The small print: where it comes from, how old it is, and what is wrong, in its own place. */
export function SourceNote({ state, source, read, problem, hint }: Props) {
  if (state === "none") return null;
  return (
    <div className="mt-3 text-muted-foreground text-xs">
      {state !== "fresh" && problem && (
        <p role="note" className="mb-1 flex gap-1.5 text-warning">
          <TriangleAlert aria-hidden className="mt-px size-3.5 shrink-0" />
          <span>
            {problem} {hint}
          </span>
        </p>
      )}
      {state !== "failed" && (
        <p>
          From {source}
          {read ? `, ${read}` : ""}.
        </p>
      )}
    </div>
  );
}
