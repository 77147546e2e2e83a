import { z } from "zod";
import { findPlaces } from "@/lib/context/sources/open-data";
import { route } from "@/lib/http/route";

const query = z.object({ q: z.string().trim().min(2).max(100) });

/** Places of that name in the world, best first, for choosing one. */
export const GET = route({ auth: "viewer", scope: "data:read", query }, async ({ viewer, query: { q }, request }) =>
  Response.json({ places: await findPlaces({ viewer, now: new Date(), signal: request.signal }, q) }),
);
