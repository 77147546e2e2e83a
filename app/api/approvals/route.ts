import { listPendingApprovals } from "@/lib/db/approvals";
import { route } from "@/lib/http/route";
import { toApprovalReply } from "./to-approval-reply";

/** Open questions, newest first. */
export const GET = route({ auth: "viewer", scope: "approvals" }, async ({ viewer }) =>
  Response.json({ approvals: (await listPendingApprovals(viewer)).map(toApprovalReply) }),
);
