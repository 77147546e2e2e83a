import type { EventView } from "@/lib/contracts/calendar";
import type { Day } from "./calendar-days";
import type { Clock } from "./clock";
import { type DayGrid, spanOf } from "./day-slots";
import { EventBlock } from "./event-block";
import { instantsOf } from "./find-conflicts";
import { type Block, layoutDay } from "./layout-day";

export const pxPerMinute = 0.85;
const lowMinutes = 40;

interface Props {
  day: Day;
  grid: DayGrid;
  clock: Clock;
  /** Those that touch the day, in order. */
  events: EventView[];
  colors: ReadonlyMap<string, string>;
  conflicts: ReadonlyMap<string, EventView[]>;
  /** In minutes of the grid; null on other days than today. */
  nowMinute: number | null;
  headingId: string;
  onOpen: (event: EventView) => void;
  onPoint: (day: Day, minute: number) => void;
}

/** One day of the grid. In the order of the document it is a list of what is on that day. */
export function DayColumn(props: Props) {
  const { day, grid, clock, events, colors, conflicts, nowMinute, headingId, onOpen, onPoint } = props;
  const minutes = grid.slots.length * 60;
  const blocks = toBlocks(events, day, grid);
  const placed = layoutDay(blocks, minutes);
  const strips = joinConflicts(events, blocks, conflicts);
  const top = (minute: number) => `${minute * pxPerMinute}px`;
  return (
    <section aria-labelledby={headingId} className="relative border-l">
      {/* For the pointer only: the keyboard has n and the button above. */}
      <button
        type="button"
        tabIndex={-1}
        aria-hidden
        className="absolute inset-0 cursor-cell"
        onClick={({ nativeEvent }) => onPoint(day, toWallMinute(nativeEvent.offsetY / pxPerMinute, grid))}
      />
      {grid.gaps.get(day)?.map((slot) => (
        <div
          key={slot}
          title="This hour does not exist on this day: the clocks change"
          style={{ top: top(slot * 60), height: top(60) }}
          className="absolute inset-x-0 bg-[repeating-linear-gradient(135deg,var(--border)_0_1px,transparent_1px_7px)] bg-muted"
        />
      ))}
      {strips.map(({ from, to }) => (
        <div
          key={from}
          aria-hidden
          style={{ top: top(from), height: top(to - from) }}
          className="absolute right-0 z-10 w-1 rounded-full bg-warning"
        />
      ))}
      {nowMinute !== null && (
        <div
          aria-hidden
          style={{ top: top(nowMinute) }}
          className="pointer-events-none absolute inset-x-0 z-10 h-0 border-destructive border-t-2 before:absolute before:-top-[5px] before:-left-1 before:size-2 before:rounded-full before:bg-destructive"
        />
      )}
      <ul className="pointer-events-none absolute inset-y-0 right-1.5 left-0">
        {events.map((event) => {
          const block = placed.find(({ id }) => id === event.id);
          if (!block) return null;
          return (
            <li key={event.id}>
              <EventBlock
                event={event}
                clock={clock}
                color={colors.get(event.calendarId) ?? ""}
                conflicts={conflicts.get(event.id) ?? []}
                isLow={block.to - block.from < lowMinutes}
                isContinued={(instantsOf(event)?.from ?? 0) < spanOf(day, clock.timeZone).from}
                onOpen={onOpen}
                className="pointer-events-auto absolute"
                style={{
                  top: top(block.from),
                  height: top(block.to - block.from),
                  left: `${block.left * 100}%`,
                  width: `${block.width * 100}%`,
                }}
              />
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function toBlocks(events: readonly EventView[], day: Day, grid: DayGrid): Block[] {
  return events.flatMap((event) => {
    const span = instantsOf(event);
    if (!span) return [];
    return [{ id: event.id, from: grid.minuteOf(day, span.from), to: grid.minuteOf(day, span.to, true) }];
  });
}

/** The parts of the day that are taken twice. */
function joinConflicts(
  events: readonly EventView[],
  blocks: readonly Block[],
  conflicts: ReadonlyMap<string, EventView[]>,
): { from: number; to: number }[] {
  const blockOf = new Map(blocks.map((block) => [block.id, block]));
  const shared = events.flatMap(({ id }) =>
    (conflicts.get(id) ?? []).flatMap((other) => {
      const [one, two] = [blockOf.get(id), blockOf.get(other.id)];
      if (!one || !two) return [];
      const [from, to] = [Math.max(one.from, two.from), Math.min(one.to, two.to)];
      return to > from ? [{ from, to }] : [];
    }),
  );
  const joined: { from: number; to: number }[] = [];
  for (const part of shared.sort((first, second) => first.from - second.from)) {
    const last = joined.at(-1);
    if (last && part.from <= last.to) last.to = Math.max(last.to, part.to);
    else joined.push({ ...part });
  }
  return joined;
}

/** The time on the clock where somebody pointed, in quarters of an hour. */
function toWallMinute(minute: number, { slots }: DayGrid): number {
  const slot = slots[Math.max(0, Math.min(slots.length - 1, Math.floor(minute / 60)))];
  return (slot?.hour ?? 0) * 60 + Math.floor((minute % 60) / 15) * 15;
}
