import { listCalendars } from "@/lib/db/calendar/calendars";
import { route } from "@/lib/http/route";

/** The calendars of all connections, the main one first. */
export const GET = route({ auth: "viewer", scope: "data:read" }, async ({ viewer }) => {
  const calendars = await listCalendars(viewer);
  return Response.json({ calendars: calendars.map(({ adapter: _adapter, sourceId: _sourceId, ...view }) => view) });
});
