import type { EventView } from "@/lib/contracts/calendar";
import type { Day } from "./calendar-days";
import { type Clock, describeTimes } from "./clock";
import { EventBlock } from "./event-block";
import { layoutLanes } from "./layout-lanes";

interface Props {
  days: Day[];
  events: EventView[];
  clock: Clock;
  colors: ReadonlyMap<string, string>;
  onOpen: (event: EventView) => void;
}

/** What lasts whole days, above the hours; nothing when there is none. */
export function WholeDayRow({ days, events, clock, colors, onOpen }: Props) {
  const spans = events.flatMap(({ id, start, end }) =>
    "date" in start && "date" in end ? [{ id, from: start.date, to: end.date }] : [],
  );
  const placed = layoutLanes(spans, days);
  if (placed.length === 0) return null;
  return (
    <ul
      aria-label="Whole days"
      className="col-start-2 col-end-[-1] grid max-h-32 auto-rows-[1.5rem] grid-cols-subgrid gap-y-0.5 overflow-y-auto border-l pt-0.5 pb-1"
    >
      {placed.map(({ id, firstColumn, endColumn, lane, isCutBefore, isCutAfter }) => {
        const event = events.find((one) => one.id === id);
        if (!event) return null;
        return (
          <li
            key={id}
            className="min-w-0"
            style={{ gridColumn: `${firstColumn + 1} / ${endColumn + 1}`, gridRow: lane + 1 }}
          >
            <EventBlock
              event={event}
              clock={clock}
              color={colors.get(event.calendarId) ?? ""}
              conflicts={[]}
              isLow
              isContinued={false}
              onOpen={onOpen}
              className={`h-full w-full ${isCutBefore ? "rounded-l-none" : ""} ${isCutAfter ? "rounded-r-none" : ""}`}
            />
            <span className="sr-only">{describeTimes(event, clock)}</span>
          </li>
        );
      })}
    </ul>
  );
}
