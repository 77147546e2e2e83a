import { momentIn } from "@/lib/context/clock";
import { AppError } from "@/lib/contracts/errors";
import type { Viewer } from "@/lib/contracts/viewer";
import { listCalendars } from "@/lib/db/calendar/calendars";
import { listConnectionRows } from "@/lib/db/connections";

export interface CalendarSources {
  /** "2 calendars, synchronised Fri 27 Nov, 10:12" and what is left out, for the person. */
  source: string;
  /** Connections that could not be read lately, in words. */
  problems: string[];
}

/**
 * Where answers about events come from, and how fresh they are, on the person's clock.
 * @throws AppError invalid when no calendar is connected
 */
export async function describeCalendars(viewer: Viewer, timeZone: string): Promise<CalendarSources> {
  const [calendars, connections] = await Promise.all([listCalendars(viewer), listConnectionRows(viewer)]);
  const shown = calendars.filter(({ isShown }) => isShown);
  if (calendars.length === 0)
    throw new AppError("invalid", "No calendar is connected.", {
      hint: "Connect Google Calendar or a calendar feed on Connections.",
    });
  const used = new Set(shown.map(({ connectionId }) => connectionId));
  const sources = connections.filter(({ id }) => used.has(id));
  const oldest = sources.map(({ lastGoodAt }) => lastGoodAt?.getTime() ?? 0).sort((a, b) => a - b)[0];
  const when = oldest ? `, synchronised ${momentIn(new Date(oldest), timeZone)}` : ", never fully synchronised";
  return {
    source: `${shown.length === 1 ? "1 calendar" : `${shown.length} calendars`}${when}`,
    problems: sources
      .filter(({ state, failures }) => state !== "active" || failures > 0)
      .map(
        ({ title, lastGoodAt }) =>
          `${title} could not be read since ${lastGoodAt ? momentIn(lastGoodAt, timeZone) : "it was connected"}`,
      ),
  };
}
