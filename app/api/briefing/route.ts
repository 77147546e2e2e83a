import { z } from "zod";
import { getBriefing } from "@/lib/context/briefing";
import { route } from "@/lib/http/route";

const query = z.object({ date: z.iso.date().optional() });

/** A day in words; today unless `?date=` says another. */
export const GET = route({ auth: "viewer", scope: "data:read", query }, async ({ viewer, query: { date }, request }) =>
  Response.json(await getBriefing(viewer, { signal: request.signal, ...(date === undefined ? {} : { date }) })),
);
