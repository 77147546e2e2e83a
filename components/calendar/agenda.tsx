import { TriangleAlert } from "lucide-react";
import type { EventView } from "@/lib/contracts/calendar";
import { dayIn } from "@/lib/contracts/day";
import { type Day } from "./calendar-days";
import { type Clock, describeHours } from "./clock";
import { findConflicts, instantsOf } from "./find-conflicts";

interface Props {
  days: Day[];
  events: EventView[];
  clock: Clock;
  colors: ReadonlyMap<string, string>;
  now: number;
  onOpen: (event: EventView) => void;
}

/** The days that have something, one below the other. */
export function Agenda({ days, events, clock, colors, now, onOpen }: Props) {
  const conflicts = findConflicts(events);
  const today = dayIn(now, clock.timeZone);
  const filled = days.map((day) => ({ day, events: eventsOf(events, day, clock.timeZone) }));
  const shown = filled.filter(({ day, events: list }) => list.length > 0 || day === today);
  return (
    <section
      aria-label="Calendar"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls takes the focus, so that the keyboard can scroll it.
      tabIndex={0}
      className="min-h-0 grow overflow-y-auto border-t px-4 pb-8 sm:px-6"
    >
      {shown.length === 0 && <p className="py-10 text-center text-muted-foreground text-sm">Nothing in these weeks.</p>}
      {shown.map(({ day, events: list }) => (
        <section key={day} aria-labelledby={`agenda-${day}`} className="mx-auto max-w-3xl pt-6">
          <h2 id={`agenda-${day}`} className="font-medium text-sm">
            {clock.longDay(day)}
            {day === today && <span className="ml-2 text-primary">Today</span>}
          </h2>
          {list.length === 0 ? (
            <p className="mt-1 text-muted-foreground text-sm">Nothing.</p>
          ) : (
            <ul className="mt-2 divide-y rounded-lg border">
              {list.map((event) => (
                <AgendaRow
                  key={event.id}
                  event={event}
                  clock={clock}
                  color={colors.get(event.calendarId) ?? ""}
                  conflicts={conflicts.get(event.id) ?? []}
                  onOpen={onOpen}
                />
              ))}
            </ul>
          )}
        </section>
      ))}
    </section>
  );
}

interface RowProps {
  event: EventView;
  clock: Clock;
  color: string;
  conflicts: readonly EventView[];
  onOpen: (event: EventView) => void;
}

function AgendaRow({ event, clock, color, conflicts, onOpen }: RowProps) {
  return (
    <li>
      <button
        type="button"
        data-event={event.id}
        onClick={() => onOpen(event)}
        className="flex w-full cursor-pointer items-start gap-3 px-4 py-2.5 text-left text-sm outline-none hover:bg-muted/60 focus-visible:ring-2 focus-visible:ring-ring focus-visible:ring-inset"
      >
        <span aria-hidden className="mt-1 h-3.5 w-1 shrink-0 rounded-full" style={{ background: color }} />
        <span className="w-28 shrink-0 text-muted-foreground sm:w-36">{describeHours(event, clock)}</span>
        <span className="min-w-0 grow">
          <span className="block font-medium [overflow-wrap:anywhere]">{event.title || "Untitled"}</span>
          <span className="block text-muted-foreground text-xs [overflow-wrap:anywhere]">
            {[event.location, event.calendarTitle, event.status === "tentative" ? "tentative" : null]
              .filter(Boolean)
              .join(" · ")}
          </span>
          {conflicts.length > 0 && (
            <span className="mt-0.5 flex items-center gap-1 text-warning text-xs">
              <TriangleAlert aria-hidden className="size-3 shrink-0" />
              At the same time as {conflicts.map(({ title }) => title).join(", ")}
            </span>
          )}
        </span>
      </button>
    </li>
  );
}

/** What touches the day: whole days first, as the events come in that order. */
function eventsOf(events: readonly EventView[], day: Day, timeZone: string): EventView[] {
  return events.filter((event) => {
    const { start, end } = event;
    if ("date" in start && "date" in end) return start.date <= day && day < end.date;
    const span = instantsOf(event);
    if (!span) return false;
    const last = dayIn(Math.max(span.from, span.to - 1), timeZone);
    const first = dayIn(span.from, timeZone);
    return first <= day && day <= last;
  });
}
