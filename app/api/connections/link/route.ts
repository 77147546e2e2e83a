import { z } from "zod";
import { finishLink } from "@/lib/connections/link";
import { requestSync } from "@/lib/db/jobs";
import { route } from "@/lib/http/route";

const body = z.strictObject({ adapter: z.string().max(60).default("plaid"), publicToken: z.string().min(1).max(500) });

/** Takes what the dialog gave, once. 201: connected, and being synchronised. */
export const POST = route({ auth: "viewer", scope: "connections", body }, async ({ viewer, body }) => {
  const { connectionId, isNew } = await finishLink(viewer, body.adapter, body.publicToken);
  await requestSync({ userId: viewer.userId, connectionId });
  return Response.json({ connectionId, isNew }, { status: 201 });
});
