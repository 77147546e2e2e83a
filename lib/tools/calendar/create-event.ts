import { z } from "zod";
import { chooseCalendar, createEvent, removeEvent } from "@/lib/connections/calendar/change-event";
import { describeTimes, readTimes } from "@/lib/connections/calendar/event-times";
import { newEventSchema } from "@/lib/contracts/calendar";
import { AppError } from "@/lib/contracts/errors";
import { getEventPlace } from "@/lib/db/calendar/events";
import { defineTool } from "../define-tool";
import { describeMeanwhile } from "./event-world";
import { showEvent, shownEventSchema } from "./show-event";

const undoWindowMs = 24 * 60 * 60_000;
const fields = newEventSchema.shape;
const output = z.object({ event: shownEventSchema, version: z.string().nullable() });
/** Inserted twice it is one event only in one calendar, at one time: another main calendar or zone must not come between. */
const targetSchema = z.object({ calendarId: z.string(), timeZone: z.string() });
type Target = z.infer<typeof targetSchema>;

/** Puts an event into a connected calendar. */
export const createEventTool = defineTool({
  name: "create_event",
  title: "Create an event",
  description:
    "Creates an event in the person's calendar, after they approved it. Times are wall clock times of the person's zone unless a time zone is given; for whole days give dates, the last day included.",
  effect: "write",
  // The event's id comes from the call, so inserting twice makes one event.
  idempotency: "natural",
  timeoutMs: 20_000,
  actsOutside: true,
  input: z.strictObject({
    title: fields.title,
    start: fields.start,
    end: fields.end,
    time_zone: fields.timeZone,
    calendar_id: fields.calendarId,
    location: fields.location,
    description: fields.description,
    attendees: fields.attendees,
  }),
  output,
  questions: ["Put lunch with Ann on Friday at 12:30", "Add an event", "Create a meeting tomorrow at 10"],
  describe: ({ title, location, description, attendees }) => ({
    title: `Create "${title}"`,
    lines: [
      ...(location ? [{ label: "Where", value: location }] : []),
      ...(attendees?.length ? [{ label: "Invites", value: attendees.join(", ") }] : []),
      ...(description ? [{ label: "Text", value: description }] : []),
    ],
  }),
  async inspect(input, { viewer, timeZone }) {
    const calendar = await chooseCalendar(viewer, input.calendar_id);
    const times = readTimes(input.start, input.end, input.time_zone ?? timeZone);
    const meanwhile = await describeMeanwhile(viewer, times, timeZone);
    const when = describeTimes(times, input.time_zone ?? timeZone);
    return {
      state: `${calendar.id}\n${when}\n${meanwhile.state}`,
      target: { calendarId: calendar.id, timeZone: input.time_zone ?? timeZone } satisfies Target,
      lines: [{ label: "When", value: when }, { label: "Calendar", value: calendar.title }, ...meanwhile.lines],
    };
  },
  async execute(input, { viewer, timeZone, idempotencyKey, target, signal }) {
    const { time_zone: _zone, calendar_id: _calendar, ...rest } = input;
    const event = await createEvent(viewer, { ...rest, ...targetSchema.parse(target) }, idempotencyKey, signal);
    return {
      kind: "done",
      output: { event: showEvent(event, timeZone), version: event.etag },
      // Nothing but what was asked for.
      tainted: false,
      source: `the calendar ${event.calendarTitle}`,
    };
  },
  undo: {
    windowMs: undoWindowMs,
    label: "Deletes the event again",
    async run(_input, done, { viewer, signal }) {
      const { event, version } = output.parse(done);
      try {
        const place = await getEventPlace(viewer, event.event_id);
        await removeEvent(viewer, { ...place, etag: version ?? place.etag }, signal);
      } catch (cause) {
        // Gone already is what was wanted.
        if (!(cause instanceof AppError && cause.code === "not-found")) throw cause;
      }
    },
  },
});
