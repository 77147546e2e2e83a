import { z } from "zod";
import { createEvent } from "@/lib/connections/calendar/change-event";
import { spanOfDays } from "@/lib/connections/calendar/event-times";
import { isTimeZone, newEventSchema } from "@/lib/contracts/calendar";
import { addDays } from "@/lib/contracts/day";
import { AppError } from "@/lib/contracts/errors";
import { listEvents } from "@/lib/db/calendar/events";
import { getTimeZone } from "@/lib/db/profile";
import { route } from "@/lib/http/route";

const maxDays = 400;
const query = z.object({
  from: z.iso.date(),
  /** Included. */
  to: z.iso.date(),
  timeZone: z.string().refine(isTimeZone, "a time zone such as Europe/Berlin").optional(),
});

/** The events of some days, in the person's zone unless another is given. */
export const GET = route(
  { auth: "viewer", scope: "data:read", query },
  async ({ viewer, query: { from, to, ...rest } }) => {
    if (to < from || addDays(from, maxDays) < to)
      throw new AppError(
        "invalid",
        `The last day must not be before the first, nor more than ${maxDays} days after it.`,
      );
    const timeZone = rest.timeZone ?? (await getTimeZone(viewer));
    const events = await listEvents(viewer, spanOfDays(from, addDays(to, 1), timeZone));
    return Response.json({ from, to, timeZone, events });
  },
);

const body = newEventSchema.extend({
  idempotencyKey: z
    .string()
    .min(8)
    .max(100)
    .regex(/^[\w-]+$/),
});

/** Creates an event because the person did: it needs no approval. The same key again is the same event. */
export const POST = route({ auth: "viewer", scope: "data:write", body }, async ({ viewer, body, request }) => {
  const { idempotencyKey, ...event } = body;
  const made = await createEvent(viewer, event, `${viewer.userId}:${idempotencyKey}`, request.signal);
  return Response.json({ event: made }, { status: 201 });
});
