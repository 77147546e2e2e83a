import { z } from "zod";
import { splitMerge } from "@/lib/db/finance/merge-log";
import { route } from "@/lib/http/route";

const params = z.object({ id: z.string().max(60) });

/** Takes an entry of the merge log back: doubles count again, rows are sorted as before. Doing it twice does it once. */
export const POST = route({ auth: "viewer", scope: "data:write", params }, async ({ viewer, params: { id } }) =>
  Response.json({ mergeId: id, ...(await splitMerge(viewer, id)) }),
);
