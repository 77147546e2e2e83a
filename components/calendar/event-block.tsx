import { TriangleAlert } from "lucide-react";
import type { CSSProperties } from "react";
import { cn } from "@/components/ui/cn";
import type { EventView } from "@/lib/contracts/calendar";
import { type Clock, describeHours, describeTimes } from "./clock";

interface Props {
  event: EventView;
  clock: Clock;
  color: string;
  conflicts: readonly EventView[];
  /** Too low for two lines. */
  isLow: boolean;
  /** Of an event that stands over several days, the parts after the first are not told again. */
  isContinued: boolean;
  className?: string;
  style?: CSSProperties;
  onOpen: (event: EventView) => void;
}

/** An event in the grid. Its colour is a tint under plain text, so that any colour of any source can be read. */
export function EventBlock(props: Props) {
  const { event, clock, color, conflicts, isLow, isContinued, className, style, onOpen } = props;
  const hours = "at" in event.start ? (isLow ? clock.time(event.start.at) : describeHours(event, clock)) : null;
  return (
    <button
      type="button"
      data-event={event.id}
      title={`${event.title || "Untitled"}\n${describeTimes(event, clock)}${event.location ? `\n${event.location}` : ""}`}
      onClick={() => onOpen(event)}
      style={{ ...style, "--tint": color } as CSSProperties}
      className={cn(
        "flex cursor-pointer flex-col items-stretch justify-start overflow-hidden rounded-[5px] border border-background border-l-3 border-l-[var(--tint)] px-1.5 text-left text-xs leading-4 outline-none focus-visible:z-10 focus-visible:ring-2 focus-visible:ring-ring",
        event.isBusy
          ? "bg-[color-mix(in_oklab,var(--tint)_18%,var(--card))] hover:bg-[color-mix(in_oklab,var(--tint)_28%,var(--card))]"
          : "border-t-border border-r-border border-b-border bg-card hover:bg-muted",
        event.status === "tentative" && "border-t-control border-r-control border-b-control border-dashed",
        className,
      )}
    >
      <span className={cn("flex min-w-0 gap-x-1.5", isLow ? "grow items-center" : "flex-col pt-0.5")}>
        <span
          className={cn(
            "font-medium",
            isLow ? "shrink-0 max-w-full truncate" : "line-clamp-3 [overflow-wrap:anywhere]",
          )}
        >
          {conflicts.length > 0 && (
            <TriangleAlert aria-hidden className="mr-1 inline size-3 shrink-0 align-[-1px] text-warning" />
          )}
          {event.title || "Untitled"}
        </span>
        {hours && <span className={cn("text-foreground/80", isLow && "min-w-0 truncate")}>{hours}</span>}
        {!isLow && event.location && <span className="truncate text-foreground/80">{event.location}</span>}
      </span>
      <span className="sr-only">
        {`, ${event.calendarTitle}`}
        {isContinued && ", continued"}
        {event.status === "tentative" && ", tentative"}
        {conflicts.length > 0 && `, at the same time as ${conflicts.map(({ title }) => title).join(", ")}`}
      </span>
    </button>
  );
}
