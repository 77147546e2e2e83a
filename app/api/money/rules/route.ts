import { ruleAdditionSchema } from "@/lib/contracts/money-requests";
import { addRule, listRules } from "@/lib/db/finance/rules";
import { route } from "@/lib/http/route";

/** The person's rules in their order. The first that matches wins. */
export const GET = route({ auth: "viewer", scope: "data:read" }, async ({ viewer }) =>
  Response.json({ rules: await listRules(viewer) }),
);

/** Adds a rule. Transactions that are there already change when the rules are applied. */
export const POST = route(
  { auth: "viewer", scope: "data:write", body: ruleAdditionSchema },
  async ({ viewer, body: { position, ...rule } }) =>
    Response.json({ rule: await addRule(viewer, rule, position) }, { status: 201 }),
);
