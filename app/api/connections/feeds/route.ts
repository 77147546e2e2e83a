import { z } from "zod";
import { connectUrl } from "@/lib/connections/connect";
import { requestSync } from "@/lib/db/jobs";
import { route } from "@/lib/http/route";

const body = z.strictObject({ adapter: z.string().max(60), url: z.string().trim().min(1).max(2000) });

/** Connects a feed by its address, which is kept like a password. */
export const POST = route({ auth: "viewer", scope: "connections", body }, async ({ viewer, body }) => {
  const { connectionId } = await connectUrl(viewer, body.adapter, body.url);
  await requestSync({ userId: viewer.userId, connectionId });
  return Response.json({ connectionId }, { status: 201 });
});
