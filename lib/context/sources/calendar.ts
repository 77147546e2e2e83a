import { spanOfDays } from "@/lib/connections/calendar/event-times";
import type { CalendarContext, Section } from "@/lib/contracts/context";
import { addDays } from "@/lib/contracts/day";
import { listCalendars } from "@/lib/db/calendar/calendars";
import { listEvents } from "@/lib/db/calendar/events";
import { listConnectionRows } from "@/lib/db/connections";
import { missingSection, type Scope } from "./section";

export const calendarTitle = "your calendars";
const days = 7;
const maxEvents = 150;

/** What is on from today, seven days. It lies in the database, so nothing is kept here; how old it is, the connections know. */
export async function readCalendar({ viewer, timeZone, today }: Scope): Promise<Section<CalendarContext>> {
  const [calendars, connections, events] = await Promise.all([
    listCalendars(viewer),
    listConnectionRows(viewer),
    listEvents(viewer, spanOfDays(today, addDays(today, days), timeZone), maxEvents + 1),
  ]);
  if (calendars.length === 0)
    return missingSection(
      calendarTitle,
      "No calendar is connected.",
      "Connect Google Calendar or a calendar feed on Connections.",
    );
  const shown = new Set(calendars.filter(({ isShown }) => isShown).map(({ connectionId }) => connectionId));
  const used = connections.filter(({ id }) => shown.has(id));
  const ailing = used.filter(({ state, failures }) => state !== "active" || failures > 0);
  // The whole is as old as its oldest part.
  const read = used.map(({ lastGoodAt }) => lastGoodAt).sort((a, b) => (a?.getTime() ?? 0) - (b?.getTime() ?? 0))[0];
  const count = calendars.filter(({ isShown }) => isShown).length;
  return {
    state: ailing.length === 0 ? "fresh" : "stale",
    asOf: read?.toISOString() ?? null,
    source: count === 1 ? "1 calendar" : `${count} calendars`,
    problem:
      ailing.length === 0
        ? null
        : `${ailing.map(({ title }) => title).join(", ")} could not be read lately; what is shown may be old.`,
    hint: ailing.length === 0 ? null : "Look at Connections.",
    data: { events: events.slice(0, maxEvents), isCut: events.length > maxEvents },
  };
}
