import { CircleCheck, CircleDashed, CircleDot, TriangleAlert } from "lucide-react";
import type { ModuleState, VersionState } from "@/lib/contracts/module";
import { describeState, type Tone } from "./state-words";

const looks: Record<Tone, { icon: typeof CircleCheck; className: string }> = {
  neutral: { icon: CircleDashed, className: "border-border text-muted-foreground" },
  good: { icon: CircleCheck, className: "border-primary/30 bg-primary/8 text-primary" },
  attention: { icon: CircleDot, className: "border-warning/40 bg-warning/10 text-warning" },
  bad: { icon: TriangleAlert, className: "border-destructive/40 bg-destructive/8 text-destructive" },
};

/** A module's state as a word with a sign; never colour alone. */
export function StateBadge({ state }: { state: ModuleState | VersionState }) {
  const { label, tone } = describeState(state);
  const { icon: Icon, className } = looks[tone];
  return (
    <span
      className={`inline-flex shrink-0 items-center gap-1 whitespace-nowrap rounded-full border px-2 py-0.5 font-medium text-xs ${className}`}
    >
      <Icon aria-hidden className="size-3.5" />
      {label}
    </span>
  );
}
