import { z } from "zod";
import { revokeGrant } from "@/lib/db/grants";
import { route } from "@/lib/http/route";

const params = z.object({ id: z.string() });

/** Takes a right back: the next call asks again. */
export const DELETE = route({ auth: "viewer", scope: "approvals", params }, async ({ viewer, params: { id } }) => {
  await revokeGrant(viewer, id);
  return new Response(null, { status: 204 });
});
