import { z } from "zod";
import { refreshBalances } from "@/lib/connections/refresh-balances";
import { route } from "@/lib/http/route";

const params = z.object({ id: z.string().max(60) });

/**
 * Asks the bank itself for the balances, and answers when they are here: seconds, a minute at most. Once a minute for each
 * connection; 429 with Retry-After before that.
 */
export const POST = route({ auth: "viewer", scope: "connections", params }, async ({ viewer, params: { id } }) => {
  await refreshBalances(viewer, id);
  return Response.json({ connectionId: id });
});
