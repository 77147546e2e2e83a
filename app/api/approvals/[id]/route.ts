import { z } from "zod";
import { approvalAnswerSchema } from "@/lib/contracts/approval";
import { maskSecrets } from "@/lib/conversation/mask-secrets";
import { decideApproval } from "@/lib/db/approvals";
import { route } from "@/lib/http/route";

const params = z.object({ id: z.string() });

/** A person decides one question; the first decision wins and the run goes on. */
export const POST = route(
  { auth: "viewer", scope: "approvals", params, body: approvalAnswerSchema },
  async ({ viewer, params: { id }, body: { note, ...answer } }) =>
    // It is kept, and shown to the model.
    Response.json(await decideApproval(viewer, id, { ...answer, ...(note ? { note: maskSecrets(note).text } : {}) })),
);
