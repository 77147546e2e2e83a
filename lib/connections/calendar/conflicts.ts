import { type EventView, isSameMeeting } from "@/lib/contracts/calendar";
import type { Viewer } from "@/lib/contracts/viewer";
import { listEvents } from "@/lib/db/calendar/events";
import { getTimeZone } from "@/lib/db/profile";
import { spanOfTimes, type Times } from "./event-times";

const maxConflicts = 20;

/** What the person has on at that time, apart from the event itself. Whole days that leave the time free are none. */
export async function listConflicts(viewer: Viewer, times: Times, except?: EventView): Promise<EventView[]> {
  const timeZone = await getTimeZone(viewer);
  const events = await listEvents(viewer, spanOfTimes(times, timeZone));
  return events.filter((event) => event.isBusy && !(except && isSameMeeting(event, except))).slice(0, maxConflicts);
}
