import { z } from "zod";
import { modelChoiceSchema, modelRoles } from "@/lib/contracts/model";
import { route } from "@/lib/http/route";
import { getModelSettings, setModelChoice } from "@/lib/models/settings";

const body = z.strictObject({ role: z.enum(modelRoles), choice: modelChoiceSchema });

/** Which model does what. Keys are never part of it. */
export const GET = route({ auth: "viewer", scope: "settings" }, async ({ viewer }) =>
  Response.json(await getModelSettings(viewer)),
);

/** Holds from the next message on. */
export const PUT = route({ auth: "viewer", scope: "settings", body }, async ({ viewer, body: { role, choice } }) => {
  await setModelChoice(viewer, role, choice);
  return Response.json(await getModelSettings(viewer));
});
