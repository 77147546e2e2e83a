import { z } from "zod";
import { route } from "@/lib/http/route";
import { undoCall } from "@/lib/tools/undo";

const params = z.object({ id: z.string(), callId: z.string() });

/** Takes one effect back, within its time. Asked twice, it is done once. */
export const POST = route(
  { auth: "viewer", scope: "approvals", params },
  async ({ viewer, params: { id, callId } }) => {
    await undoCall(viewer, id, callId);
    return Response.json({ runId: id, callId, undone: true });
  },
);
