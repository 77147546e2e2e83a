import { spanOfDays } from "@/lib/connections/calendar/event-times";
import type { EventView } from "@/lib/contracts/calendar";
import type { NavigationContext, Section } from "@/lib/contracts/context";
import { addDays } from "@/lib/contracts/day";
import type { PlaceView } from "@/lib/contracts/profile";
import { listEvents } from "@/lib/db/calendar/events";
import { listPlaces } from "@/lib/db/places";
import { getProfile } from "@/lib/db/profile";
import { spanOf } from "../clock";
import { whenToLeave } from "../leave-time";
import { findOwnPlace, ownPlace, placeOfLocation } from "../own-places";
import { readRoute } from "./open-data";
import { cachedSection, missingSection, type Scope } from "./section";

export const commuteTitle = "the routing server";
const aheadMs = 24 * 60 * 60_000;
const maxLooked = 50;

/**
 * The way from home that matters next: to the next event at one of the person's own places, else to work. Where other events
 * are is told to nobody: looking a location up would send it to a stranger, unasked.
 */
export async function readCommute(scope: Scope): Promise<Section<NavigationContext>> {
  const [places, profile, events] = await Promise.all([
    listPlaces(scope.viewer),
    getProfile(scope.viewer),
    listEvents(scope.viewer, spanOfDays(scope.today, addDays(scope.today, 2), scope.timeZone), maxLooked),
  ]);
  const home = findOwnPlace(places, "home");
  if (!home)
    return missingSection(
      commuteTitle,
      "Burgeon does not know where home is.",
      "Set home under Settings › Places & profile.",
    );
  const next = nextAway(events, places, home, scope);
  const to = next?.place ?? findOwnPlace(places, "work");
  if (!to || to.id === home.id)
    return missingSection(
      commuteTitle,
      "There is no other place to go to.",
      "Add work or another place under Settings › Places & profile.",
    );
  const [start, end] = [ownPlace(home), ownPlace(to)];
  const read = await readRoute(scope, { from: start.point, to: end.point, transport: profile.transport });
  const event = next
    ? { id: next.event.id, title: next.event.title, startsAt: new Date(next.startMs).toISOString() }
    : null;
  return {
    ...cachedSection(`${commuteTitle}, without traffic`, read),
    data: {
      from: start.name,
      to: end.name,
      route: read.value,
      event,
      departure: next ? whenToLeave(new Date(next.startMs), read.value, end.name, scope) : null,
    },
  };
}

/** The next event within a day, and only that one, if it is at a place of the person's that is not home. */
function nextAway(
  events: readonly EventView[],
  places: readonly PlaceView[],
  home: PlaceView,
  { now, timeZone }: Scope,
) {
  for (const event of events) {
    const { from, isWholeDay } = spanOf(event, timeZone);
    const ahead = from - now.getTime();
    if (isWholeDay || ahead <= 0 || ahead > aheadMs) continue;
    const place = placeOfLocation(places, event.location);
    if (place && place.id !== home.id) return { event, place, startMs: from };
  }
  return null;
}
