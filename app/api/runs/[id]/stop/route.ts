import { z } from "zod";
import { getRun, requestStop } from "@/lib/db/runs";
import { route } from "@/lib/http/route";

const params = z.object({ id: z.string() });

/** Asks the run to stop; what it has written stays. 202: a worker at work ends it within moments. */
export const POST = route({ auth: "viewer", scope: "chat", params }, async ({ viewer, params: { id } }) => {
  await requestStop(viewer, id);
  const { status } = await getRun(viewer, id);
  return Response.json({ runId: id, status }, { status: 202 });
});
