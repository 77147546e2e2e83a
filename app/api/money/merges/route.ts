import { z } from "zod";
import { listMergedTransactions, listMerges } from "@/lib/db/finance/merge-log";
import { route } from "@/lib/http/route";

const query = z.object({
  /** The doubles of one merged account instead of the log. */
  of: z.string().max(60).optional(),
  /** The last entry of the page before. */
  before: z.string().max(60).optional(),
  limit: z.coerce.number().pipe(z.int().min(1).max(200)).default(50),
});

/** What was taken for the same or changed in bulk, newest first. */
export const GET = route(
  { auth: "viewer", scope: "data:read", query },
  async ({ viewer, query: { of, before, limit } }) => {
    const page = { limit, ...(before === undefined ? {} : { before }) };
    const merges = of === undefined ? await listMerges(viewer, page) : await listMergedTransactions(viewer, of, page);
    return Response.json({ merges });
  },
);
