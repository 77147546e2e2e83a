import { z } from "zod";
import { disconnect } from "@/lib/connections/disconnect";
import { route } from "@/lib/http/route";

const params = z.object({ id: z.string().max(60) });
const query = z.object({
  history: z.enum(["keep", "delete"]).default("keep"),
  provider: z.enum(["wait", "forget"]).default("wait"),
});

/**
 * Ends a connection at the provider and here. 200: ended. 202: the provider could not be reached; nothing is fetched any more,
 * and Burgeon goes on trying to end it there. `?history=delete` also deletes accounts and transactions, now or when it ends later;
 * asked again before that, the latest choice counts. `?provider=forget`, once that was tried in vain: ended here although the
 * provider could not be told (state `forgotten`).
 */
export const DELETE = route(
  { auth: "viewer", scope: "connections", params, query },
  async ({ viewer, params: { id }, query: { history, provider } }) => {
    const choice = { keepsHistory: history === "keep", forgetsAnyway: provider === "forget" };
    const state = await disconnect(viewer, id, choice);
    return Response.json({ connectionId: id, state }, { status: state === "ending" ? 202 : 200 });
  },
);
