import { z } from "zod";
import { refreshEvent, timesAfter, updateEvent } from "@/lib/connections/calendar/change-event";
import { describeTimes } from "@/lib/connections/calendar/event-times";
import { findEventIdFor } from "@/lib/connections/calendar/find-event";
import { type EventChange, eventChangeSchema, type EventView } from "@/lib/contracts/calendar";
import { addDays } from "@/lib/contracts/day";
import { getEventPlace } from "@/lib/db/calendar/events";
import { defineTool } from "../define-tool";
import { describedEventSchema } from "./event-reference";
import { describeMeanwhile } from "./event-world";
import { showEvent, shownEventSchema } from "./show-event";

const undoWindowMs = 24 * 60 * 60_000;
const fields = eventChangeSchema.shape;
const input = z.strictObject({
  event: describedEventSchema,
  title: fields.title,
  start: fields.start,
  end: fields.end.describe("left out with a new start: as long as before"),
  time_zone: fields.timeZone.describe("the event's own when left out"),
  location: fields.location,
  description: fields.description,
});
const output = z.object({ event: shownEventSchema, version: z.string().nullable(), before: eventChangeSchema });

/** Changes or moves an event. */
export const updateEventTool = defineTool({
  name: "update_event",
  title: "Change an event",
  description:
    "Moves an event of the person's calendar or changes its title, place or text, after they approved it. Give only what changes. A new start keeps the length.",
  effect: "write",
  idempotency: "natural",
  timeoutMs: 20_000,
  actsOutside: true,
  input,
  output,
  questions: ["Move my dentist appointment to Friday at 10", "Reschedule the budget review to Monday 14:00"],
  // What it will meet says it all, in the words of the event itself.
  describe: () => ({ title: "Change an event", lines: [] }),
  async inspect(given, { viewer, signal }) {
    const place = await refreshEvent(
      viewer,
      await findEventIdFor(viewer, given.event, new Date(), { isForChange: true }),
      signal,
    );
    const { event } = place;
    const change = toChange(given);
    const times = await timesAfter(viewer, event, change);
    const isMoved = describeTimes(times) !== describeTimes(event);
    const meanwhile = isMoved ? await describeMeanwhile(viewer, times, event) : { state: "", lines: [] };
    const line = (label: string, before: string | null, after: string | undefined) =>
      after === undefined ? [] : [{ label, value: before ? `${after} (was ${before})` : after }];
    return {
      title: `${isMoved ? "Move" : "Change"} "${event.title}"`,
      state: `${place.sourceId}\n${place.etag}\n${meanwhile.state}`,
      lines: [
        ...(isMoved ? [{ label: "To", value: describeTimes(times) }] : []),
        { label: isMoved ? "From" : "When", value: describeTimes(event) },
        ...line("Title", event.title, change.title),
        ...line("Where", event.location, change.location),
        ...line("Text", null, change.description),
        { label: "Calendar", value: event.calendarTitle },
        ...(event.attendees.length > 0 ? [{ label: "Guests", value: "are told of the change" }] : []),
        ...meanwhile.lines,
      ],
    };
  },
  async execute(given, { viewer, signal }) {
    const place = await getEventPlace(
      viewer,
      await findEventIdFor(viewer, given.event, new Date(), { isForChange: true }),
    );
    const change = toChange(given);
    const event = await updateEvent(viewer, place, change, signal);
    return {
      kind: "done",
      output: { event: showEvent(event), version: event.etag, before: toBefore(place.event, change) },
      source: `the calendar ${event.calendarTitle}`,
    };
  },
  undo: {
    windowMs: undoWindowMs,
    label: "Makes the event as it was before",
    async run(_given, done, { viewer, signal }) {
      const { event, version, before } = output.parse(done);
      const place = await getEventPlace(viewer, event.event_id);
      await updateEvent(viewer, { ...place, etag: version ?? place.etag }, before, signal);
    },
  },
});

function toChange({ time_zone: timeZone, event: _event, ...rest }: z.output<typeof input>): EventChange {
  return { ...rest, ...(timeZone === undefined ? {} : { timeZone }) };
}

/** What takes the change back: the values before, for what was changed only. */
function toBefore(event: EventView, change: EventChange): EventChange {
  const isMoved = change.start !== undefined || change.end !== undefined;
  return {
    ...(change.title === undefined ? {} : { title: event.title }),
    ...(change.location === undefined ? {} : { location: event.location ?? "" }),
    ...(change.description === undefined ? {} : { description: event.description ?? "" }),
    ...(isMoved ? localTimes(event) : {}),
  };
}

function localTimes({ start, end }: EventView): EventChange {
  if ("date" in start && "date" in end) return { start: start.date, end: addDays(end.date, -1) };
  if (!("at" in start) || !("at" in end)) return {};
  // Instants as wall clock times of UTC: no change of the clocks can blur them.
  const local = (at: string) => new Date(at).toISOString().slice(0, 19);
  return { start: local(start.at), end: local(end.at), timeZone: "UTC" };
}
