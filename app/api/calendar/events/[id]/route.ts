import { z } from "zod";
import { removeEvent, updateEvent } from "@/lib/connections/calendar/change-event";
import { eventChangeSchema } from "@/lib/contracts/calendar";
import { getEventPlace } from "@/lib/db/calendar/events";
import { route } from "@/lib/http/route";

const params = z.object({ id: z.string().max(60) });

/** One event as it was last seen. */
export const GET = route({ auth: "viewer", scope: "data:read", params }, async ({ viewer, params: { id } }) =>
  Response.json({ event: (await getEventPlace(viewer, id)).event }),
);

/** Changes an event. 409: it was changed elsewhere since it was last seen. */
export const PATCH = route(
  { auth: "viewer", scope: "data:write", params, body: eventChangeSchema },
  async ({ viewer, params: { id }, body, request }) =>
    Response.json({ event: await updateEvent(viewer, await getEventPlace(viewer, id), body, request.signal) }),
);

/** Deletes it at its source and here. */
export const DELETE = route(
  { auth: "viewer", scope: "data:write", params },
  async ({ viewer, params: { id }, request }) => {
    await removeEvent(viewer, await getEventPlace(viewer, id), request.signal);
    return Response.json({ eventId: id, deleted: true });
  },
);
