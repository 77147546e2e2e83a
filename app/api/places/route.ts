import { newPlaceSchema } from "@/lib/contracts/profile";
import { listPlaces, putPlace } from "@/lib/db/places";
import { route } from "@/lib/http/route";

/** The person's own places. */
export const GET = route({ auth: "viewer", scope: "data:read" }, async ({ viewer }) =>
  Response.json({ places: await listPlaces(viewer) }),
);

/** Keeps a place; one of the same name is replaced. */
export const PUT = route({ auth: "viewer", scope: "data:write", body: newPlaceSchema }, async ({ viewer, body }) =>
  Response.json({ place: await putPlace(viewer, body) }),
);
