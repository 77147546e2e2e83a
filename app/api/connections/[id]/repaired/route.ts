import { z } from "zod";
import { finishUpdate } from "@/lib/connections/link";
import { requestSync } from "@/lib/db/jobs";
import { route } from "@/lib/http/route";

const params = z.object({ id: z.string().max(60) });

/** The provider's dialog says that it mended the connection. It is tried at once; only a good synchronisation clears the fault. */
export const POST = route({ auth: "viewer", scope: "connections", params }, async ({ viewer, params: { id } }) => {
  await finishUpdate(viewer, id);
  await requestSync({ userId: viewer.userId, connectionId: id });
  return Response.json({ connectionId: id }, { status: 202 });
});
