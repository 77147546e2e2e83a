const units: [string, number][] = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
];

/** "2 days", "8 minutes", "less than a minute": how long, without saying in which direction. */
export function describeSpan(spanMs: number): string {
  const length = Math.abs(spanMs);
  for (const [unit, unitMs] of units) {
    if (length < unitMs) continue;
    const count = Math.round(length / unitMs);
    return count === 1 ? `1 ${unit}` : `${count} ${unit}s`;
  }
  return "less than a minute";
}
