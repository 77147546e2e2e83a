import { z } from "zod";
import { getConnectionRow } from "@/lib/db/connections";
import { requestSync } from "@/lib/db/jobs";
import { route } from "@/lib/http/route";

const params = z.object({ id: z.string().max(60) });

/** Try now. 202: a worker does it within moments; how it went stands with the connection. */
export const POST = route({ auth: "viewer", scope: "connections", params }, async ({ viewer, params: { id } }) => {
  await getConnectionRow(viewer, id);
  await requestSync({ userId: viewer.userId, connectionId: id });
  return Response.json({ connectionId: id }, { status: 202 });
});
