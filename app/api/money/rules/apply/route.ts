import { applyRules } from "@/lib/db/finance/apply-rules";
import { route } from "@/lib/http/route";

/** Sorts all transactions by the rules, except those a person sorted by hand. `undoId` takes it back. */
export const POST = route({ auth: "viewer", scope: "data:write" }, async ({ viewer }) =>
  Response.json(await applyRules(viewer)),
);
