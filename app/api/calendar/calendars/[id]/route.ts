import { z } from "zod";
import { showCalendar } from "@/lib/db/calendar/calendars";
import { route } from "@/lib/http/route";

const params = z.object({ id: z.string().max(60) });
const body = z.strictObject({ isShown: z.boolean() });

/** Shows or hides a calendar on pages, in answers and in the context. */
export const PATCH = route(
  { auth: "viewer", scope: "data:write", params, body },
  async ({ viewer, params: { id }, body: { isShown } }) => {
    await showCalendar(viewer, id, isShown);
    return Response.json({ calendarId: id, isShown });
  },
);
