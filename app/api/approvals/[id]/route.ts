import { z } from "zod";
import { approvalAnswerSchema } from "@/lib/contracts/approval";
import { decideApproval } from "@/lib/db/approvals";
import { route } from "@/lib/http/route";

const params = z.object({ id: z.string() });

/** A person decides one question; the first decision wins and the run goes on. */
export const POST = route(
  { auth: "viewer", scope: "approvals", params, body: approvalAnswerSchema },
  async ({ viewer, params: { id }, body }) => Response.json(await decideApproval(viewer, id, body)),
);
