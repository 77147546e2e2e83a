import type { ReactNode } from "react";

export const axis = {
  tickLine: false,
  axisLine: false,
  tick: { fill: "var(--muted-foreground)", fontSize: 12 },
} as const;

/** Drawn by hand in the charts that tell two things apart, so that the colour is not the only sign. */
export function Stripes({ id, color }: { id: string; color: string }) {
  return (
    <defs>
      <pattern id={id} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect width="6" height="6" fill="var(--card)" />
        <rect width="3" height="6" fill={color} />
      </pattern>
    </defs>
  );
}

export function TipBox({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="rounded-md border bg-card px-3 py-2 text-xs shadow-md">
      <p className="mb-1 font-medium">{title}</p>
      {children}
    </div>
  );
}

export function TipLine({ name, value }: { name: string; value: string }) {
  return (
    <p className="flex justify-between gap-4">
      <span className="text-muted-foreground">{name}</span>
      <span className="tabular-nums">{value}</span>
    </p>
  );
}

/** What the marks mean. */
export function Legend({
  marks,
}: {
  marks: readonly { name: string; look: "solid" | "striped" | "line" | "dashed" }[];
}) {
  return (
    <ul className="mb-2 flex flex-wrap gap-x-4 gap-y-1 text-muted-foreground text-xs">
      {marks.map(({ name, look }) => (
        <li key={name} className="flex items-center gap-1.5">
          <svg width="14" height="10" aria-hidden>
            <Mark look={look} />
          </svg>
          {name}
        </li>
      ))}
    </ul>
  );
}

function Mark({ look }: { look: "solid" | "striped" | "line" | "dashed" }) {
  if (look === "line" || look === "dashed")
    return (
      <line
        x1="0"
        x2="14"
        y1="5"
        y2="5"
        stroke="var(--foreground)"
        strokeWidth="2"
        strokeDasharray={look === "dashed" ? "4 3" : undefined}
      />
    );
  if (look === "solid") return <rect width="14" height="10" rx="2" fill="var(--primary)" />;
  return (
    <>
      <rect x="0.5" y="0.5" width="13" height="9" rx="2" fill="none" stroke="var(--warning)" />
      <path d="M2 9 L6 1 M7 9 L11 1" stroke="var(--warning)" strokeWidth="2" />
    </>
  );
}
