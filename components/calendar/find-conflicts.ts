import type { EventView } from "@/lib/contracts/calendar";

/**
 * Which events take time that another one takes as well: both keep the person busy, at instants. Whole days are none, nor are the
 * copies of one event in several calendars.
 * @returns for each such event the others
 */
export function findConflicts(events: readonly EventView[]): Map<string, EventView[]> {
  const busy = events.flatMap((event) => {
    const span = instantsOf(event);
    return event.isBusy && event.status !== "cancelled" && span ? [{ event, ...span }] : [];
  });
  busy.sort((first, second) => first.from - second.from);
  const conflicts = new Map<string, EventView[]>();
  const note = (event: EventView, other: EventView) =>
    conflicts.set(event.id, [...(conflicts.get(event.id) ?? []), other]);
  for (const [index, one] of busy.entries())
    for (const other of busy.slice(index + 1)) {
      if (other.from >= one.to) break;
      if (isCopy(one.event, other.event)) continue;
      note(one.event, other.event);
      note(other.event, one.event);
    }
  return conflicts;
}

/** What keeps the person busy in a span, apart from the event itself; whole days are told by their days. */
export function findBusy(
  events: readonly EventView[],
  span: { from: number; to: number; days: readonly string[] },
  exceptId: string | null,
): EventView[] {
  return events.filter((event) => {
    if (!event.isBusy || event.status === "cancelled" || event.id === exceptId) return false;
    const { start, end } = event;
    if ("date" in start && "date" in end) return span.days.some((day) => start.date <= day && day < end.date);
    const instants = instantsOf(event);
    return instants !== null && instants.from < span.to && span.from < instants.to;
  });
}

export function instantsOf({ start, end }: EventView): { from: number; to: number } | null {
  if (!("at" in start) || !("at" in end)) return null;
  return { from: Date.parse(start.at), to: Date.parse(end.at) };
}

function isCopy(first: EventView, second: EventView): boolean {
  const [one, other] = [instantsOf(first), instantsOf(second)];
  const isSameTime = one?.from === other?.from && one?.to === other?.to;
  return isSameTime && first.title === second.title && first.calendarId !== second.calendarId;
}
