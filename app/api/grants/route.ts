import { listGrants } from "@/lib/db/grants";
import { route } from "@/lib/http/route";

/** What is always allowed, newest first. */
export const GET = route({ auth: "viewer", scope: "approvals" }, async ({ viewer }) =>
  Response.json({ grants: await listGrants(viewer) }),
);
