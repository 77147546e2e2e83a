import { z } from "zod";
import { modelProviders } from "@/lib/contracts/model";
import { route } from "@/lib/http/route";
import { getModelSettings, removeProviderKey, setProviderKey } from "@/lib/models/settings";

const params = z.object({ provider: z.enum(modelProviders) });
const body = z.strictObject({ key: z.string().trim().min(1, "enter the key").max(10_000) });

/** Write-only: the key is sealed and never shown again. */
export const PUT = route(
  { auth: "viewer", scope: "settings", params, body },
  async ({ viewer, params: { provider }, body: { key } }) => {
    await setProviderKey(viewer, provider, key);
    return Response.json(await getModelSettings(viewer));
  },
);

export const DELETE = route({ auth: "viewer", scope: "settings", params }, async ({ viewer, params: { provider } }) => {
  await removeProviderKey(viewer, provider);
  return Response.json(await getModelSettings(viewer));
});
