import { z } from "zod";
import { disconnect } from "@/lib/connections/disconnect";
import { route } from "@/lib/http/route";

const params = z.object({ id: z.string().max(60) });
const query = z.object({ history: z.enum(["keep", "delete"]).default("keep") });

/**
 * Ends a connection at the provider and here. 200: ended. 202: the provider could not be reached; nothing is fetched any more,
 * and Burgeon goes on trying to end it there. `?history=delete` also deletes accounts and transactions.
 */
export const DELETE = route(
  { auth: "viewer", scope: "connections", params, query },
  async ({ viewer, params: { id }, query: { history } }) => {
    const state = await disconnect(viewer, id, history === "keep");
    return Response.json({ connectionId: id, state }, { status: state === "ended" ? 200 : 202 });
  },
);
