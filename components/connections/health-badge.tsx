import { CircleCheck, CircleDashed, CircleDot, TriangleAlert } from "lucide-react";
import type { Tone } from "./describe-health";

const looks: Record<Tone, { icon: typeof CircleCheck; className: string }> = {
  neutral: { icon: CircleDashed, className: "border-border text-muted-foreground" },
  good: { icon: CircleCheck, className: "border-primary/30 bg-primary/8 text-primary" },
  attention: { icon: CircleDot, className: "border-warning/40 bg-warning/10 text-warning" },
  bad: { icon: TriangleAlert, className: "border-destructive/40 bg-destructive/8 text-destructive" },
};

const shape = "inline-flex shrink-0 items-center gap-1 whitespace-nowrap rounded-full border px-2 py-0.5 text-xs";

/** How it is, in a word with a sign; never colour alone. */
export function HealthBadge({ tone, label }: { tone: Tone; label: string }) {
  const { icon: Icon, className } = looks[tone];
  return (
    <span className={`${shape} font-medium ${className}`}>
      <Icon aria-hidden className="size-3.5" />
      {label}
    </span>
  );
}

/** Of the demo: what it answers is made up. */
export function SampleBadge() {
  return <span className={`${shape} text-muted-foreground`}>Sample</span>;
}
