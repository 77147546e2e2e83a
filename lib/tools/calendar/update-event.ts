import { z } from "zod";
import { refreshEvent, timesAfter, updateEvent } from "@/lib/connections/calendar/change-event";
import { describeTimes, sayTimes, type Times } from "@/lib/connections/calendar/event-times";
import { findEventIdFor } from "@/lib/connections/calendar/find-event";
import { type EventChange, eventChangeSchema } from "@/lib/contracts/calendar";
import type { EventPlace } from "@/lib/db/calendar/event-row";
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
  time_zone: fields.timeZone.describe("the person's when left out"),
  location: fields.location,
  description: fields.description,
});
const output = z.object({ event: shownEventSchema, version: z.string().nullable(), before: eventChangeSchema });

/** The event that was shown, in the version that was shown, with what is changed and what takes it back. */
const targetSchema = z.object({
  eventId: z.string(),
  etag: z.string().nullable(),
  change: eventChangeSchema,
  before: eventChangeSchema,
});
type Target = z.infer<typeof targetSchema>;

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
  quotes: "your calendars",
  input,
  output,
  questions: ["Move my dentist appointment to Friday at 10", "Reschedule the budget review to Monday 14:00"],
  // What it will meet says it all, in the words of the event itself.
  describe: () => ({ title: "Change an event", lines: [] }),
  async inspect(given, { viewer, timeZone, signal }) {
    const place = await refreshEvent(
      viewer,
      await findEventIdFor(viewer, given.event, new Date(), { isForChange: true }),
      signal,
    );
    const { event } = place;
    const change = toChange(given);
    const times = await timesAfter(viewer, event, change);
    const [when, whenNow] = [describeTimes(times, timeZone), describeTimes(event, timeZone)];
    const isMoved = when !== whenNow;
    const meanwhile = isMoved ? await describeMeanwhile(viewer, times, timeZone, event) : { state: "", lines: [] };
    const line = (label: string, before: string | null, after: string | undefined) =>
      after === undefined ? [] : [{ label, value: before ? `${after} (was ${before})` : after }];
    return {
      title: `${isMoved ? "Move" : "Change"} "${event.title}"`,
      state: `${place.sourceId}\n${place.etag}\n${meanwhile.state}`,
      target: toTarget(place, change, times) satisfies Target,
      lines: [
        ...(isMoved ? [{ label: "To", value: when }] : []),
        { label: isMoved ? "From" : "When", value: whenNow },
        ...line("Title", event.title, change.title),
        ...line("Where", event.location, change.location),
        ...line("Text", null, change.description),
        { label: "Calendar", value: event.calendarTitle },
        ...(event.attendees.length > 0 ? [{ label: "Guests", value: "are told of the change" }] : []),
        ...meanwhile.lines,
      ],
    };
  },
  async execute(_given, { viewer, timeZone, target, signal }) {
    const { eventId, etag, change, before } = targetSchema.parse(target);
    const place = await getEventPlace(viewer, eventId);
    const event = await updateEvent(viewer, { ...place, etag }, change, signal);
    return {
      kind: "done",
      output: { event: showEvent(event, timeZone), version: event.etag, before },
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

/** What the change is on the event's own clock, and what takes it back: the values before, for what was changed only. */
function toTarget({ event, etag }: EventPlace, change: EventChange, times: Times): Target {
  const isMoved = change.start !== undefined || change.end !== undefined;
  const { start: _start, end: _end, timeZone: _zone, ...texts } = change;
  return {
    ...{ eventId: event.id, etag },
    change: { ...texts, ...(isMoved ? sayTimes(times) : {}) },
    before: {
      ...(change.title === undefined ? {} : { title: event.title }),
      ...(change.location === undefined ? {} : { location: event.location ?? "" }),
      ...(change.description === undefined ? {} : { description: event.description ?? "" }),
      ...(isMoved ? sayTimes(event) : {}),
    },
  };
}
