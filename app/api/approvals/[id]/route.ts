import { z } from "zod";
import { decideApproval } from "@/lib/db/approvals";
import { route } from "@/lib/http/route";
import { toApprovalReply } from "../to-approval-reply";

const params = z.object({ id: z.string() });
const body = z.strictObject({
  decision: z.enum(["allow", "deny"]),
  note: z.string().trim().max(2000).optional(),
});

/** A person decides one question; the first decision wins and the run goes on. */
export const POST = route(
  { auth: "viewer", scope: "approvals", params, body },
  async ({ viewer, params: { id }, body: { decision, note } }) =>
    Response.json(toApprovalReply(await decideApproval(viewer, id, decision, note || undefined))),
);
