import { summaryQuerySchema } from "@/lib/contracts/money-requests";
import { summarize } from "@/lib/db/finance/summaries";
import { route } from "@/lib/http/route";

/** Sums over everything that fits, by currency and never across, with what they stand on. */
export const GET = route(
  { auth: "viewer", scope: "data:read", query: summaryQuerySchema },
  async ({ viewer, query: { groupBy, limit, ...filter } }) =>
    Response.json(await summarize(viewer, groupBy, filter, limit === undefined ? {} : { limit })),
);
