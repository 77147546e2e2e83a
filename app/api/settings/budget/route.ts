import { budgetSchema } from "@/lib/contracts/run";
import { getBudget, setBudget } from "@/lib/db/budget";
import { route } from "@/lib/http/route";

/** The limits of one run and of one day. */
export const GET = route({ auth: "viewer", scope: "settings" }, async ({ viewer }) =>
  Response.json(await getBudget(viewer)),
);

/** Hold from the next step on, for runs at work too. */
export const PUT = route({ auth: "viewer", scope: "settings", body: budgetSchema }, async ({ viewer, body }) =>
  Response.json(await setBudget(viewer, body)),
);
