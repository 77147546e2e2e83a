import { ruleDraftSchema } from "@/lib/contracts/money-requests";
import { previewRules } from "@/lib/db/finance/apply-rules";
import { route } from "@/lib/http/route";

/** What applying the rules would change, as they are or with a change that nobody has made yet. Changes nothing. */
export const POST = route({ auth: "viewer", scope: "data:read", body: ruleDraftSchema }, async ({ viewer, body }) =>
  Response.json(await previewRules(viewer, body)),
);
