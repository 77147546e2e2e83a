import { profileSchema } from "@/lib/contracts/profile";
import { getProfile, putProfile } from "@/lib/db/profile";
import { route } from "@/lib/http/route";

/** Zone, currency, way of moving. */
export const GET = route({ auth: "viewer", scope: "settings" }, async ({ viewer }) =>
  Response.json(await getProfile(viewer)),
);

export const PUT = route({ auth: "viewer", scope: "settings", body: profileSchema }, async ({ viewer, body }) => {
  await putProfile(viewer, body);
  return Response.json(body);
});
