import { z } from "zod";
import { removeEvent, updateEvent } from "@/lib/connections/calendar/change-event";
import { eventChangeSchema } from "@/lib/contracts/calendar";
import { AppError } from "@/lib/contracts/errors";
import type { Viewer } from "@/lib/contracts/viewer";
import type { EventPlace } from "@/lib/db/calendar/event-row";
import { getEventPlace } from "@/lib/db/calendar/events";
import { route } from "@/lib/http/route";

const params = z.object({ id: z.string().max(60) });

/** One event as it was last seen. Its `etag` names that state: send it as `If-Match` with a change. */
export const GET = route({ auth: "viewer", scope: "data:read", params }, async ({ viewer, params: { id } }) =>
  Response.json({ event: (await getEventPlace(viewer, id)).event }),
);

/**
 * Changes an event. With `If-Match: <etag>` only if it is still in the state that the caller saw; without, or with `*`, if it is
 * still as Burgeon last saw it, which may be newer. 409 in either case when it was changed since: nothing was written, GET says
 * how it is now.
 */
export const PATCH = route(
  { auth: "viewer", scope: "data:write", params, body: eventChangeSchema },
  async ({ viewer, params: { id }, body, request }) =>
    Response.json({ event: await updateEvent(viewer, await findPlace(viewer, id, request), body, request.signal) }),
);

/** Deletes it at its source and here, under the same condition as a change. */
export const DELETE = route(
  { auth: "viewer", scope: "data:write", params },
  async ({ viewer, params: { id }, request }) => {
    await removeEvent(viewer, await findPlace(viewer, id, request), request.signal);
    return Response.json({ eventId: id, deleted: true });
  },
);

/** The event, in the state that the caller takes it to be in. Whether that is so the source says: it alone knows. */
async function findPlace(viewer: Viewer, id: string, { headers }: Request): Promise<EventPlace> {
  const place = await getEventPlace(viewer, id);
  const expected = headers.get("if-match")?.trim() ?? "*";
  if (expected === "*") return place;
  if (!/^(W\/)?"[^"]*"$/.test(expected))
    throw new AppError("invalid", "If-Match must be the etag of one event, with its quotes, or *.");
  return { ...place, etag: expected };
}
