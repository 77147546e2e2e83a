import { z } from "zod";
import { deletePlace } from "@/lib/db/places";
import { route } from "@/lib/http/route";

const params = z.object({ id: z.string().max(60) });

export const DELETE = route({ auth: "viewer", scope: "data:write", params }, async ({ viewer, params: { id } }) => {
  await deletePlace(viewer, id);
  return Response.json({ placeId: id, deleted: true });
});
