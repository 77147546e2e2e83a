import { z } from "zod";
import { listApprovals } from "@/lib/db/approvals";
import { route } from "@/lib/http/route";

const query = z.object({
  state: z.enum(["pending", "decided"]).default("pending"),
  limit: z.coerce.number().int().min(1).max(500).optional(),
});

/** Open questions, or those that were decided last; newest first. */
export const GET = route({ auth: "viewer", scope: "approvals", query }, async ({ viewer, query: { state, limit } }) =>
  Response.json({ approvals: await listApprovals(viewer, { state, ...(limit === undefined ? {} : { limit }) }) }),
);
