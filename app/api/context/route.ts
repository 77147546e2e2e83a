import { getContext } from "@/lib/context/aggregate";
import { contextQuerySchema } from "@/lib/contracts/context";
import { route } from "@/lib/http/route";

/** What is known of the person's day, each part with its state and age. `?categories=calendar,weather` narrows it. */
export const GET = route(
  { auth: "viewer", scope: "data:read", query: contextQuerySchema },
  async ({ viewer, query: { categories }, request }) =>
    Response.json(await getContext(viewer, { signal: request.signal, ...(categories ? { categories } : {}) })),
);
