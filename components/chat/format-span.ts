const units = [
  ["day", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1000],
] as const;

/** A span of time in its largest whole unit, never more than is left: `45 s`, `9 min`, `3 h`, `2 days`. */
export function formatSpan(spanMs: number): string {
  for (const [unit, unitMs] of units) {
    const count = Math.floor(spanMs / unitMs);
    if (count >= 1) return unit === "day" && count > 1 ? `${count} days` : `${count} ${unit}`;
  }
  return "less than 1 s";
}
