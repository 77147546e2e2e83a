import { z } from "zod";
import { findEventIdFor } from "@/lib/connections/calendar/find-event";
import { clockIn, readClock, spanOf } from "@/lib/context/clock";
import { wayText, whenToLeave } from "@/lib/context/leave-time";
import {
  findOwnPlace,
  isOnline,
  type KnownPlace,
  ownPlace,
  placeOfLocation,
  resolvePlace,
} from "@/lib/context/own-places";
import { type Ask, readRoute } from "@/lib/context/sources/open-data";
import type { EventView } from "@/lib/contracts/calendar";
import { dayIn, shortDay } from "@/lib/contracts/day";
import { AppError } from "@/lib/contracts/errors";
import type { PlaceView } from "@/lib/contracts/profile";
import { getEventPlace } from "@/lib/db/calendar/events";
import { listPlaces } from "@/lib/db/places";
import { getProfile } from "@/lib/db/profile";
import { defineTool } from "../define-tool";

const place = z.string().trim().min(1).max(200);

/** How long a way takes, and for an event when to leave. */
export const getCommuteTime = defineTool({
  name: "get_commute_time",
  title: "Look up a way",
  description:
    "How long the way to a place takes, from home unless another origin is given: one of the person's own places (home, work, gym, …) or a town. With `event` it says when to leave for an event of their calendar. Knows roads, not the traffic on them.",
  effect: "read",
  idempotency: "read",
  timeoutMs: 20_000,
  quotes: "your calendars",
  input: z.strictObject({
    destination: place.optional().describe("a place of the person's such as work, or a town; not needed with event"),
    event: z.string().trim().min(1).max(200).optional().describe("event_id, or words of its title"),
    origin: place.optional().describe("home when left out"),
    departure: z.iso
      .datetime({ local: true })
      .optional()
      .describe("wall clock time such as 2026-11-30T08:30; now when left out"),
    transport: z.enum(["driving", "walking", "cycling"]).optional().describe("the person's usual one when left out"),
  }),
  output: z.object({
    from: z.string(),
    to: z.string(),
    transport: z.string(),
    minutes: z.int(),
    distance_km: z.number(),
    traffic: z.string(),
    depart: z.string(),
    arrive: z.string(),
    event: z.string().nullable(),
    leave: z.string().nullable(),
    summary: z.string(),
  }),
  questions: [
    "How long does it take to get to work?",
    "How long is my commute?",
    "When do I have to leave for the office?",
    "When should I leave for my dentist appointment?",
    "How far is it to Toronto?",
    "How long is the drive to the airport?",
  ],
  async execute(input, { viewer, signal, timeZone }) {
    const ask: Ask = { viewer, signal, now: new Date() };
    const [places, profile] = await Promise.all([listPlaces(viewer), getProfile(viewer)]);
    const event =
      input.event === undefined
        ? null
        : (await getEventPlace(viewer, await findEventIdFor(viewer, input.event, ask.now))).event;
    const [from, to] = await Promise.all([
      findOrigin(ask, places, input.origin),
      findDestination(ask, places, input.destination, event),
    ]);
    const transport = input.transport ?? profile.transport;
    const { value: route } = await readRoute(ask, { from: from.point, to: to.point, transport });
    const departAt = input.departure === undefined ? ask.now : readClock(input.departure, timeZone);
    const arriveAt = new Date(departAt.getTime() + route.durationSeconds * 1000);
    const startsAt = event && "at" in event.start ? new Date(spanOf(event, timeZone).from) : null;
    const departure = startsAt ? whenToLeave(startsAt, route, to.name, { now: ask.now, timeZone }) : null;
    const at = (when: Date) => `${shortDay(dayIn(when, timeZone))}, ${clockIn(when, timeZone)} ${timeZone}`;
    return {
      kind: "done",
      output: {
        ...{ from: from.name, to: to.name, transport, traffic: route.traffic, event: event?.title ?? null },
        minutes: Math.max(1, Math.round(route.durationSeconds / 60)),
        distance_km: Math.round(route.distanceMeters / 100) / 10,
        depart: at(departAt),
        arrive: at(arriveAt),
        leave: departure?.text ?? null,
        summary: `${wayText(route)} from ${from.name} to ${to.name}, without traffic.${departure ? ` ${departure.text}.` : ""}`,
      },
      tainted: event !== null,
      source: event ? `the event ${event.title} of your calendar` : "the routing server",
    };
  },
});

async function findOrigin(ask: Ask, places: readonly PlaceView[], said: string | undefined): Promise<KnownPlace> {
  if (said !== undefined) return resolvePlace(ask, places, said);
  const home = findOwnPlace(places, "home");
  if (home) return ownPlace(home);
  throw new AppError("invalid", "Burgeon does not know where you start from.", {
    hint: "Say where, or set home under Settings › Places & profile.",
  });
}

async function findDestination(
  ask: Ask,
  places: readonly PlaceView[],
  said: string | undefined,
  event: EventView | null,
): Promise<KnownPlace> {
  if (said !== undefined) return resolvePlace(ask, places, said);
  if (!event)
    throw new AppError("invalid", "Where do you want to go?", { hint: "Say a place of yours, a town or an event." });
  if (!event.location || isOnline(event.location))
    throw new AppError("invalid", `"${event.title}" has no place in the calendar.`, { hint: "Say where it is." });
  const own = placeOfLocation(places, event.location);
  if (own) return ownPlace(own);
  // The person asked for the way to this event: looking its place up is what they want.
  return resolvePlace(ask, places, event.location);
}
