"use client";

import { useEffect, useRef } from "react";
import { cn } from "@/components/ui/cn";
import type { EventView } from "@/lib/contracts/calendar";
import { dayIn } from "@/lib/contracts/day";
import { type Day } from "./calendar-days";
import type { Clock } from "./clock";
import { DayColumn, pxPerMinute } from "./day-column";
import { makeDayGrid, spanOf } from "./day-slots";
import { findConflicts, instantsOf } from "./find-conflicts";
import { WholeDayRow } from "./whole-day-row";

interface Props {
  days: Day[];
  events: EventView[];
  clock: Clock;
  colors: ReadonlyMap<string, string>;
  now: number;
  onOpen: (event: EventView) => void;
  onPoint: (day: Day, minute: number) => void;
  onDay: (day: Day) => void;
}

const firstShownHour = 7;

/** Hours from above, days from the left. For whoever does not see it, it is a list for each day. */
export function TimeGrid({ days, events, clock, colors, now, onOpen, onPoint, onDay }: Props) {
  const grid = makeDayGrid(days, clock.timeZone);
  const conflicts = findConflicts(events);
  const today = dayIn(now, clock.timeZone);
  const morning = grid.slots.findIndex(({ hour }) => hour === firstShownHour) * 60;
  const scroller = useScrollTo(morning, days.includes(today) ? grid.minuteOf(today, now) : null);
  const columns = { gridTemplateColumns: `3.75rem repeat(${days.length}, minmax(0, 1fr))` };
  return (
    <section
      ref={scroller}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls takes the focus, so that the keyboard can scroll it.
      tabIndex={0}
      aria-label="Calendar"
      className="relative min-h-0 grow overflow-y-auto border-t"
    >
      <div className="sticky top-0 z-20 grid border-b bg-background" style={columns}>
        <div />
        {days.map((day) => (
          <DayHeading
            key={day}
            day={day}
            clock={clock}
            isToday={day === today}
            isOnly={days.length === 1}
            onDay={onDay}
          />
        ))}
        <WholeDayRow days={days} events={events} clock={clock} colors={colors} onOpen={onOpen} />
      </div>
      <div className="relative grid" style={{ ...columns, height: `${grid.slots.length * 60 * pxPerMinute}px` }}>
        <div aria-hidden className="relative">
          {grid.slots.map(({ hour, turn }, index) => (
            <span
              key={`${hour}-${turn}`}
              style={{ top: `${index * 60 * pxPerMinute}px` }}
              className={cn(
                "absolute right-2 -translate-y-1/2 text-muted-foreground text-xs",
                index === 0 && "translate-y-0.5",
              )}
            >
              {clock.hour({ hour, turn })}
              {turn > 0 && <sup> 2nd</sup>}
            </span>
          ))}
        </div>
        <div aria-hidden className="pointer-events-none absolute inset-y-0 right-0 left-15">
          {grid.slots.map(({ hour, turn }, index) => (
            <div
              key={`${hour}-${turn}`}
              style={{ top: `${index * 60 * pxPerMinute}px` }}
              className={cn("absolute inset-x-0 border-t", index === 0 && "border-t-0")}
            />
          ))}
        </div>
        {days.map((day) => (
          <DayColumn
            key={day}
            day={day}
            grid={grid}
            clock={clock}
            events={timedOf(events, day, clock.timeZone)}
            colors={colors}
            conflicts={conflicts}
            nowMinute={day === today ? grid.minuteOf(day, now) : null}
            headingId={`day-${day}`}
            onOpen={onOpen}
            onPoint={onPoint}
          />
        ))}
      </div>
    </section>
  );
}

interface HeadingProps {
  day: Day;
  clock: Clock;
  isToday: boolean;
  isOnly: boolean;
  onDay: (day: Day) => void;
}

function DayHeading({ day, clock, isToday, isOnly, onDay }: HeadingProps) {
  return (
    <h2 id={`day-${day}`} className="min-w-0 border-l py-1.5 text-center text-sm">
      <span className="sr-only">
        {clock.longDay(day)}
        {isToday && ", today"}
      </span>
      <button
        type="button"
        disabled={isOnly}
        aria-label={`Show only ${clock.longDay(day)}`}
        onClick={() => onDay(day)}
        className={cn(
          "inline-flex cursor-pointer flex-wrap items-center justify-center gap-x-1.5 rounded-md px-1 py-0.5 outline-none focus-visible:ring-2 focus-visible:ring-ring disabled:cursor-auto enabled:hover:bg-muted",
          isToday ? "font-semibold" : "text-muted-foreground",
        )}
      >
        <span aria-hidden>{clock.weekday(day)}</span>
        <span
          aria-hidden
          className={cn(
            "inline-flex h-6 min-w-6 items-center justify-center rounded-full px-1",
            isToday ? "bg-primary text-primary-foreground" : "text-foreground",
          )}
        >
          {Number(day.slice(8))}
        </span>
      </button>
    </h2>
  );
}

/** What happens at instants of a day, in order. */
function timedOf(events: readonly EventView[], day: Day, timeZone: string): EventView[] {
  const { from, to } = spanOf(day, timeZone);
  return events.filter((event) => {
    const span = instantsOf(event);
    if (!span) return false;
    return span.from < to && (span.to > from || (span.to === span.from && span.from >= from));
  });
}

/** The night is there, above: the page begins in the morning, or where now is seen. */
function useScrollTo(morning: number, now: number | null): React.RefObject<HTMLElement | null> {
  const scroller = useRef<HTMLElement>(null);
  const isDone = useRef(false);
  useEffect(() => {
    const element = scroller.current;
    if (isDone.current || !element) return;
    isDone.current = true;
    const [morningPx, nowPx] = [morning * pxPerMinute - 8, (now ?? morning) * pxPerMinute];
    const isNowSeen = nowPx < morningPx + element.clientHeight * 0.7;
    element.scrollTop = Math.max(0, isNowSeen ? Math.min(morningPx, nowPx - 40) : nowPx - element.clientHeight / 2);
  }, [morning, now]);
  return scroller;
}
