/** The last calls, oldest first: height is duration, a failed call is drawn hollow. */
export function HealthSparkline({ calls }: { calls: { ok: boolean; durationMs: number }[] }) {
  if (calls.length === 0) return null;
  const slowest = Math.max(...calls.map((call) => call.durationMs), 1);
  const failures = calls.filter((call) => !call.ok).length;
  const label = `${calls.length} recent calls, ${failures === 0 ? "none failed" : `${failures} failed`}, slowest ${formatMs(slowest)}`;
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${calls.length * 5} 20`}
      className="h-5 w-auto"
      preserveAspectRatio="none"
    >
      <title>{label}</title>
      {calls.map((call, index) => {
        const height = 3 + (call.durationMs / slowest) * 15;
        return (
          <rect
            key={index}
            x={index * 5 + 0.5}
            y={19.5 - height}
            width={3}
            height={height}
            rx={1}
            className={call.ok ? "fill-primary/60" : "fill-none stroke-destructive"}
          />
        );
      })}
    </svg>
  );
}

export function formatMs(durationMs: number): string {
  return durationMs < 1000 ? `${Math.round(durationMs)} ms` : `${(durationMs / 1000).toFixed(1)} s`;
}
