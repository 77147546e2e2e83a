"use client";

import { ChevronLeft, ChevronRight } from "lucide-react";
import type { Siblings } from "@/lib/conversation/path";

/** ‹ 2/3 ›: the versions of a turn. At an end the button stays where it is, and the focus on it. */
export function VersionSwitch({ siblings, onChoose }: { siblings: Siblings; onChoose: (runId: string) => void }) {
  const { index, count, runIds } = siblings;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form.
    <div role="group" aria-label="Versions of this message" className="flex items-center text-muted-foreground text-xs">
      <Step label="Previous version" runId={runIds[index - 1]} onChoose={onChoose} icon={ChevronLeft} />
      <span className="min-w-8 text-center tabular-nums" aria-hidden>
        {index + 1}/{count}
      </span>
      <span className="sr-only" aria-live="polite">{`Version ${index + 1} of ${count}`}</span>
      <Step label="Next version" runId={runIds[index + 1]} onChoose={onChoose} icon={ChevronRight} />
    </div>
  );
}

interface StepProps {
  label: string;
  /** Undefined at the end of the row. */
  runId: string | undefined;
  onChoose: (runId: string) => void;
  icon: typeof ChevronLeft;
}

function Step({ label, runId, onChoose, icon: Icon }: StepProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      // A disabled button would lose the focus on the way to the last version.
      aria-disabled={runId === undefined}
      onClick={() => runId !== undefined && onChoose(runId)}
      className="inline-flex size-7 cursor-pointer items-center justify-center rounded-md outline-none transition-colors hover:bg-muted hover:text-foreground focus-visible:ring-2 focus-visible:ring-ring aria-disabled:cursor-default aria-disabled:opacity-40 aria-disabled:hover:bg-transparent"
    >
      <Icon aria-hidden className="size-3.5" />
    </button>
  );
}
