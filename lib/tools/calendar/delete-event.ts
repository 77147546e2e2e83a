import { z } from "zod";
import { refreshEvent, removeEvent } from "@/lib/connections/calendar/change-event";
import { describeTimes } from "@/lib/connections/calendar/event-times";
import { findEventIdFor } from "@/lib/connections/calendar/find-event";
import { AppError } from "@/lib/contracts/errors";
import { getEventPlace } from "@/lib/db/calendar/events";
import { defineTool } from "../define-tool";
import { describedEventSchema } from "./event-reference";

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
  input: z.strictObject({
    event: describedEventSchema,
  }),
  output: z.object({ deleted: z.literal(true), title: z.string().nullable() }),
  questions: ["Cancel my dentist appointment", "Delete the stand-up tomorrow"],
  // What it will meet says it all, in the words of the event itself.
  describe: () => ({ title: "Delete an event", lines: [] }),
  async inspect({ event: reference }, { viewer, signal }) {
    const place = await refreshEvent(
      viewer,
      await findEventIdFor(viewer, reference, new Date(), { isForChange: true }),
      signal,
    );
    const { event } = place;
    return {
      title: `Delete "${event.title}"`,
      state: `${place.sourceId}\n${place.etag}`,
      lines: [
        { label: "When", value: describeTimes(event) },
        { label: "Calendar", value: event.calendarTitle },
        ...(event.isRecurring ? [{ label: "Series", value: "only this occurrence is deleted" }] : []),
        ...(event.attendees.length > 0 ? [{ label: "Guests", value: `${event.attendees.length} are told` }] : []),
      ],
    };
  },
  async execute({ event: reference }, { viewer, signal }) {
    try {
      const place = await getEventPlace(
        viewer,
        await findEventIdFor(viewer, reference, new Date(), { isForChange: true }),
      );
      await removeEvent(viewer, place, signal);
      return { kind: "done", output: { deleted: true, title: place.event.title }, source: "your calendar" };
    } catch (cause) {
      // By its id it was there when it was approved: gone is what was wanted, also after an interruption.
      if (!(cause instanceof AppError && cause.code === "not-found" && reference.startsWith("cev_"))) throw cause;
      return { kind: "done", output: { deleted: true, title: null }, source: "your calendar" };
    }
  },
});
