import { z } from "zod";
import { listUsage } from "@/lib/db/usage";
import { route } from "@/lib/http/route";

const query = z.object({ days: z.coerce.number().int().min(1).max(366).default(30) });

/** What was used on each of the last days (UTC) on which there was anything, oldest first. */
export const GET = route({ auth: "viewer", scope: "settings", query }, async ({ viewer, query: { days } }) =>
  Response.json({ days: await listUsage(viewer, days) }),
);
