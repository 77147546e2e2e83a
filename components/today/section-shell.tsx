import type { ReactNode } from "react";

/** A part of the letter, under its heading. */
export function SectionShell({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return (
    <section aria-labelledby={id} className="mt-9">
      <h2 id={id} className="font-medium text-muted-foreground text-sm">
        {title}
      </h2>
      <div className="mt-3">{children}</div>
    </section>
  );
}

const widths = ["w-4/5", "w-3/5", "w-2/3", "w-2/5"];

/** Stands where something is still being read. */
export function Skeleton({ lines, label }: { lines: 1 | 2 | 3 | 4; label: string }) {
  return (
    <div role="status" className="flex animate-pulse flex-col gap-3">
      <span className="sr-only">{label}</span>
      {widths.slice(0, lines).map((width) => (
        <div key={width} aria-hidden className={`h-4 rounded bg-muted ${width}`} />
      ))}
    </div>
  );
}
