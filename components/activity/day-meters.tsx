import type { DayBudget, DayUsage } from "@/lib/contracts/run";
import { formatCount, formatShort, totalTokens } from "./run-words";
import { measureUse } from "./usage-days";

/** Today's use against the limits of a day (UTC). */
export function DayMeters({ today, limits }: { today: DayUsage; limits: DayBudget }) {
  return (
    <div className="flex flex-col gap-4">
      <Meter label="Runs" used={today.runs} limit={limits.runs} format={formatShort} />
      <Meter label="Tokens" used={totalTokens(today)} limit={limits.tokens} format={formatShort} />
      <Meter label="Dollars" used={today.costMicros} limit={limits.costMicros} format={formatDollars} />
    </div>
  );
}

interface MeterProps {
  label: string;
  used: number;
  limit: number;
  format: (amount: number) => string;
}

const fills = { fine: "bg-primary", near: "bg-warning", over: "bg-destructive" } as const;
const words = { fine: "", near: "Close to the limit", over: "The limit is reached" } as const;

function Meter({ label, used, limit, format }: MeterProps) {
  const { share, state } = measureUse(used, limit);
  const text = `${format(used)} of ${format(limit)}`;
  return (
    <div>
      <p className="flex items-baseline justify-between gap-3 text-sm">
        <span className="font-medium">{label}</span>
        <span className="text-muted-foreground text-xs">{text}</span>
      </p>
      <meter
        className="sr-only"
        aria-label={`${label} today`}
        aria-valuetext={text}
        min={0}
        max={limit}
        value={Math.min(used, limit)}
      />
      <div aria-hidden className="mt-1.5 h-1.5 overflow-hidden rounded-full bg-muted">
        <div className={`h-full rounded-full ${fills[state]}`} style={{ width: `${share * 100}%` }} />
      </div>
      {words[state] && (
        <p className={`mt-1 text-xs ${state === "over" ? "text-destructive" : "text-warning"}`}>{words[state]}.</p>
      )}
    </div>
  );
}

function formatDollars(costMicros: number): string {
  const dollars = costMicros / 1_000_000;
  return `$${dollars >= 1000 ? formatCount(Math.round(dollars)) : dollars.toFixed(2)}`;
}
