import { z } from "zod";
import { refreshEvent, removeEvent } from "@/lib/connections/calendar/change-event";
import { describeTimes } from "@/lib/connections/calendar/event-times";
import { findEventIdFor } from "@/lib/connections/calendar/find-event";
import { AppError } from "@/lib/contracts/errors";
import { getEventPlace } from "@/lib/db/calendar/events";
import { defineTool } from "../define-tool";
import { describedEventSchema } from "./event-reference";

/** The event that was shown, in the version that was shown. */
const targetSchema = z.object({ eventId: z.string(), etag: z.string().nullable(), title: z.string() });
type Target = z.infer<typeof targetSchema>;

/** Deletes an event. Guests are told, so it cannot be taken back as if nothing had been. */
export const deleteEventTool = defineTool({
  name: "delete_event",
  title: "Delete an event",
  description:
    "Deletes an event of the person's calendar, after they approved it. Of a series only the one occurrence goes.",
  effect: "destroy",
  idempotency: "natural",
  timeoutMs: 20_000,
  actsOutside: true,
  quotes: "your calendars",
  input: z.strictObject({
    event: describedEventSchema,
  }),
  output: z.object({ deleted: z.literal(true), title: z.string() }),
  questions: ["Cancel my dentist appointment", "Delete the stand-up tomorrow"],
  // What it will meet says it all, in the words of the event itself.
  describe: () => ({ title: "Delete an event", lines: [] }),
  async inspect({ event: reference }, { viewer, timeZone, signal }) {
    const place = await refreshEvent(
      viewer,
      await findEventIdFor(viewer, reference, new Date(), { isForChange: true }),
      signal,
    );
    const { event } = place;
    return {
      title: `Delete "${event.title}"`,
      state: `${place.sourceId}\n${place.etag}`,
      target: { eventId: event.id, etag: place.etag, title: event.title } satisfies Target,
      lines: [
        { label: "When", value: describeTimes(event, timeZone) },
        { label: "Calendar", value: event.calendarTitle },
        ...(event.isRecurring ? [{ label: "Series", value: "only this occurrence is deleted" }] : []),
        ...(event.attendees.length > 0 ? [{ label: "Guests", value: `${event.attendees.length} are told` }] : []),
      ],
    };
  },
  async execute(_input, { viewer, target, signal }) {
    const { eventId, etag, title } = targetSchema.parse(target);
    try {
      const place = await getEventPlace(viewer, eventId);
      await removeEvent(viewer, { ...place, etag }, signal);
    } catch (cause) {
      // It was there when it was looked at: gone is what was wanted, also after an interruption.
      if (!(cause instanceof AppError && cause.code === "not-found")) throw cause;
    }
    return { kind: "done", output: { deleted: true, title }, source: "your calendar" };
  },
});
