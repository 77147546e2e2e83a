import { z } from "zod";
import { AppError } from "@/lib/contracts/errors";
import { ruleChangeSchema } from "@/lib/contracts/money-requests";
import { deleteRule, editRule, listRules, moveRule } from "@/lib/db/finance/rules";
import { route } from "@/lib/http/route";

const params = z.object({ id: z.string().max(60) });

/** Changes a rule, moves it, or both; what is left out stays as it is. */
export const PATCH = route(
  { auth: "viewer", scope: "data:write", params, body: ruleChangeSchema },
  async ({ viewer, params: { id }, body: { position, ...change } }) => {
    const known = (await listRules(viewer)).find((rule) => rule.id === id);
    if (!known) throw new AppError("not-found", "There is no such rule.");
    const { id: _id, position: _position, ...content } = known;
    const edited = Object.keys(change).length > 0 ? await editRule(viewer, id, { ...content, ...change }) : known;
    return Response.json({ rule: position === undefined ? edited : await moveRule(viewer, id, position) });
  },
);

/** Deletes it. Transactions stay as they are until the rules are applied. */
export const DELETE = route({ auth: "viewer", scope: "data:write", params }, async ({ viewer, params: { id } }) => {
  await deleteRule(viewer, id);
  return Response.json({ ruleId: id, deleted: true });
});
