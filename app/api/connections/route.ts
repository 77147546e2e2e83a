import { getConnections } from "@/lib/connections/views";
import { route } from "@/lib/http/route";

/** What is connected and how it is, and what could be. */
export const GET = route({ auth: "viewer", scope: "connections" }, async ({ viewer }) =>
  Response.json(await getConnections(viewer)),
);
