import { z } from "zod";
import { revokeToken } from "@/lib/auth/tokens";
import { route } from "@/lib/http/route";

const params = z.object({ id: z.string() });

/** Ends a token at once. */
export const DELETE = route({ auth: "viewer", scope: "settings", params }, async ({ viewer, params: { id } }) =>
  Response.json(await revokeToken(viewer, id)),
);
