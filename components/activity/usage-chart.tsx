import type { DayUsage } from "@/lib/contracts/run";
import { formatCost, formatCount, formatShort, totalTokens } from "./run-words";
import { formatDay } from "./usage-days";

const height = 56;
const columnWidth = 10;

/** Tokens per day as columns, and the same as a table. */
export function UsageChart({ days }: { days: DayUsage[] }) {
  const top = Math.max(0, ...days.map(totalTokens));
  const most = days.find((day) => totalTokens(day) === top);
  const total = days.reduce((sum, day) => sum + totalTokens(day), 0);
  const label =
    most && top > 0
      ? `Tokens per day over ${days.length} days: ${formatCount(total)} in all, most on ${formatDay(most.day)} with ${formatCount(top)}`
      : `No tokens were used in the last ${days.length} days`;
  return (
    <figure className="min-w-0">
      <figcaption className="flex items-baseline justify-between gap-3 text-sm">
        <span className="font-medium">Tokens per day</span>
        <span className="text-muted-foreground text-xs">{formatShort(total)} in 30 days</span>
      </figcaption>
      <div className="relative mt-3">
        <svg
          role="img"
          aria-label={label}
          viewBox={`0 0 ${days.length * columnWidth} ${height}`}
          preserveAspectRatio="none"
          className="h-20 w-full border-b"
        >
          <title>{label}</title>
          {days.map((day, index) => (
            <Column key={day.day} day={day} index={index} top={top} isLast={index === days.length - 1} />
          ))}
        </svg>
        {top > 0 && (
          <span
            aria-hidden
            className="absolute top-0 left-0 bg-card/80 pr-1 text-[11px] text-muted-foreground leading-none"
          >
            {formatShort(top)}
          </span>
        )}
      </div>
      <p aria-hidden className="mt-1 flex justify-between text-muted-foreground text-xs">
        <span>{days[0] && formatDay(days[0].day)}</span>
        <span>Today</span>
      </p>
      <UsageTable days={days} />
    </figure>
  );
}

interface ColumnProps {
  day: DayUsage;
  index: number;
  top: number;
  isLast: boolean;
}

function Column({ day, index, top, isLast }: ColumnProps) {
  const tokens = totalTokens(day);
  // Something is never drawn as nothing.
  const drawn = tokens === 0 ? 0 : Math.max(2, (tokens / top) * (height - 8));
  return (
    <rect
      x={index * columnWidth + 1.5}
      y={height - drawn}
      width={columnWidth - 3}
      height={drawn}
      className={isLast ? "fill-primary" : "fill-primary/45"}
    >
      <title>{`${formatDay(day.day)}: ${formatCount(tokens)} tokens`}</title>
    </rect>
  );
}

function UsageTable({ days }: { days: DayUsage[] }) {
  const used = days.filter((day) => day.runs > 0 || totalTokens(day) > 0).toReversed();
  return (
    <details className="mt-2 text-sm">
      <summary className="cursor-pointer text-muted-foreground text-xs hover:text-foreground">Show as table</summary>
      {used.length === 0 ? (
        <p className="mt-2 text-muted-foreground text-xs">Nothing was used in these days.</p>
      ) : (
        <section
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard.
          tabIndex={0}
          aria-label="Use per day"
          className="mt-2 max-h-72 overflow-auto"
        >
          <table className="w-full text-right text-xs">
            <thead className="text-muted-foreground">
              <tr className="border-b">
                <th scope="col" className="py-1.5 pr-3 text-left font-medium">
                  Day
                </th>
                {["Runs", "Steps", "Tools", "Tokens in", "Tokens out", "Cost"].map((name) => (
                  <th key={name} scope="col" className="whitespace-nowrap py-1.5 pl-3 font-medium">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {used.map((day) => (
                <tr key={day.day} className="border-b last:border-0">
                  <th scope="row" className="whitespace-nowrap py-1.5 pr-3 text-left font-normal">
                    <time dateTime={day.day}>{formatDay(day.day)}</time>
                  </th>
                  {[day.runs, day.steps, day.toolCalls, day.inputTokens, day.outputTokens].map((count, index) => (
                    <td key={index} className="py-1.5 pl-3">
                      {formatCount(count)}
                    </td>
                  ))}
                  <td className="py-1.5 pl-3">{formatCost(day.costMicros)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </details>
  );
}
