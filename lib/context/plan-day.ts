import { spanOfDays } from "@/lib/connections/calendar/event-times";
import { findFreeTime } from "@/lib/connections/calendar/free-time";
import type { EventView } from "@/lib/contracts/calendar";
import type { DayPlan, PlanEntry } from "@/lib/contracts/context";
import { addDays, dayIn } from "@/lib/contracts/day";
import { AppError } from "@/lib/contracts/errors";
import type { NavigationRoute, Transport } from "@/lib/contracts/open-data";
import type { PlaceView } from "@/lib/contracts/profile";
import { listCalendars } from "@/lib/db/calendar/calendars";
import { listEvents } from "@/lib/db/calendar/events";
import { listPlaces } from "@/lib/db/places";
import { getProfile, zoneOf } from "@/lib/db/profile";
import { clockSpan, spanOf } from "./clock";
import { bufferMs, wayText } from "./leave-time";
import { findOwnPlace, isOnline, ownPlace, placeOfLocation } from "./own-places";
import { type Ask, readRoute } from "./sources/open-data";

/** A way that has to be gone before an event. */
export interface Way {
  from: string;
  to: string;
  route: Pick<NavigationRoute, "durationSeconds" | "transport">;
}

export interface PlanRequest {
  date: string;
  timeZone: string;
  now: Date;
  /** Between which times of day free time counts. */
  dayStart: string;
  dayEnd: string;
  /** Shorter gaps are no free time. */
  minutes: number;
}

type Planned = Pick<EventView, "id" | "title" | "start" | "end" | "location" | "isBusy">;

/**
 * A day as it will go: its events in order, the ways between them with five minutes to spare, and what stays free.
 * @param ways by the id of the event that they lead to
 */
export function planDay(
  events: readonly Planned[],
  ways: ReadonlyMap<string, Way>,
  request: PlanRequest,
): Omit<DayPlan, "notes"> {
  const { date, timeZone } = request;
  const timed = events
    .map((event) => ({ event, ...spanOf(event, timeZone) }))
    .filter(({ isWholeDay }) => !isWholeDay)
    .sort((a, b) => a.from - b.from || a.to - b.to);
  const entries = timed.flatMap(({ event, from, to }, index) => {
    const before = timed.slice(0, index).filter((other) => other.event.isBusy && event.isBusy && other.to > from);
    const way = ways.get(event.id);
    const travel = way ? [travelTo(event, from, way, timed.slice(0, index), timeZone)] : [];
    const overlaps = before.map(
      (other) => `Overlaps ${other.event.title} (${clockSpan(new Date(other.from), new Date(other.to), timeZone)}).`,
    );
    return [
      ...travel,
      entry("event", event.title, from, to, timeZone, {
        eventId: event.id,
        location: event.location,
        problems: overlaps,
      }),
    ];
  });
  const busy = [
    ...events,
    ...entries
      .filter(({ kind }) => kind === "travel")
      .map(({ startsAt, endsAt }) => ({
        start: { at: startsAt, timeZone },
        end: { at: endsAt, timeZone },
        isBusy: true,
      })),
  ];
  const free = findFreeTime(busy, { days: [date], ...request }).map(({ start, end }) =>
    entry(
      "free",
      "Free",
      Date.parse("at" in start ? start.at : ""),
      Date.parse("at" in end ? end.at : ""),
      timeZone,
      {},
    ),
  );
  return {
    date,
    timeZone,
    wholeDay: events.filter(({ start }) => "date" in start).map(({ title }) => title),
    entries: [...entries, ...free].sort(
      (a, b) => Date.parse(a.startsAt) - Date.parse(b.startsAt) || (a.kind === "travel" ? -1 : 1),
    ),
    freeMinutes: free.reduce((sum, { minutes }) => sum + minutes, 0),
  };
}

function travelTo(
  event: Planned,
  from: number,
  { route, to }: Way,
  before: readonly { event: Planned; to: number }[],
  timeZone: string,
): PlanEntry {
  const end = from - bufferMs;
  const start = end - Math.ceil(route.durationSeconds) * 1000;
  const late = before.filter((other) => other.event.isBusy && other.to > start && other.event.id !== event.id);
  const problems = late.map((other) => `${other.event.title} ends too late for this way.`);
  return entry("travel", `${wayText(route)} to ${to}`, start, end, timeZone, { eventId: event.id, problems });
}

function entry(
  kind: PlanEntry["kind"],
  title: string,
  from: number,
  to: number,
  timeZone: string,
  more: Partial<PlanEntry>,
): PlanEntry {
  const [startsAt, endsAt] = [new Date(from).toISOString(), new Date(to).toISOString()];
  const minutes = Math.max(0, Math.round((to - from) / 60_000));
  return {
    kind,
    title,
    startsAt,
    endsAt,
    when: clockSpan(startsAt, endsAt, timeZone),
    minutes,
    eventId: null,
    location: null,
    problems: [],
    ...more,
  };
}

export interface PlanOptions {
  date?: string;
  dayStart?: string;
  dayEnd?: string;
  minutes?: number;
}

/**
 * The viewer's day from their calendars and places.
 * @throws AppError invalid when no calendar is connected
 */
export async function getDayPlan(ask: Ask, options: PlanOptions): Promise<DayPlan> {
  const { viewer, now } = ask;
  const [profile, calendars, places] = await Promise.all([
    getProfile(viewer),
    listCalendars(viewer),
    listPlaces(viewer),
  ]);
  if (calendars.length === 0)
    throw new AppError("invalid", "No calendar is connected, so there is no day to plan.", {
      hint: "Connect Google Calendar or a calendar feed on Connections.",
    });
  const timeZone = zoneOf(profile);
  const date = options.date ?? dayIn(now, timeZone);
  const events = await listEvents(viewer, spanOfDays(date, addDays(date, 1), timeZone));
  const { ways, notes } = await findWays(ask, events, places, { timeZone, transport: profile.transport });
  const { dayStart = "09:00", dayEnd = "18:00", minutes = 30 } = options;
  return { ...planDay(events, ways, { date, timeZone, now, dayStart, dayEnd, minutes }), notes };
}

/** The way to each event from where one is before: the last own place of the day, at first home. A way that fails is a note. */
async function findWays(
  ask: Ask,
  events: readonly EventView[],
  places: readonly PlaceView[],
  { timeZone, transport }: { timeZone: string; transport: Transport },
): Promise<{ ways: Map<string, Way>; notes: string[] }> {
  const home = findOwnPlace(places, "home");
  const legs: { eventId: string; from: PlaceView; to: PlaceView }[] = [];
  const notes: string[] = [];
  if (!home) notes.push("Home is not set, so the first way of the day is not planned.");
  let at = home;
  const timed = events
    .filter(({ start }) => "at" in start)
    .sort((a, b) => spanOf(a, timeZone).from - spanOf(b, timeZone).from);
  for (const event of timed) {
    const to = placeOfLocation(places, event.location);
    if (!to) {
      if (event.location && !isOnline(event.location))
        notes.push(`The way to ${event.title} is not planned: its place is none of yours.`);
      continue;
    }
    if (at && at.id !== to.id) legs.push({ eventId: event.id, from: at, to });
    at = to;
  }
  const ways = new Map<string, Way>();
  await Promise.all(
    legs.map(async ({ eventId, from, to }) => {
      try {
        const { value: route } = await readRoute(ask, {
          from: ownPlace(from).point,
          to: ownPlace(to).point,
          transport,
        });
        ways.set(eventId, { from: from.name, to: to.name, route });
      } catch (cause) {
        ask.signal.throwIfAborted();
        notes.push(
          `The way from ${from.name} to ${to.name} could not be found: ${cause instanceof AppError ? cause.message : "Burgeon failed."}`,
        );
      }
    }),
  );
  return { ways, notes };
}
