import { z } from "zod";

/** Which event is meant, as `findEventIdFor` takes it. */
export const eventReferenceSchema = z.string().trim().min(1).max(200);

export const describedEventSchema = eventReferenceSchema.describe(
  "event_id of list_events, or words of its title when only one fits",
);
