import { modelChoiceSchema } from "@/lib/contracts/model";
import { route } from "@/lib/http/route";
import { testModel } from "@/lib/models/settings";

/** Makes one real call with this choice and says what came of it; 200 also when the provider refused. */
export const POST = route({ auth: "viewer", scope: "settings", body: modelChoiceSchema }, async ({ viewer, body }) =>
  Response.json(await testModel(viewer, body)),
);
