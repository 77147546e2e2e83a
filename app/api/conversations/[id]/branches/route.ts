import { z } from "zod";
import { chooseBranch } from "@/lib/db/conversations";
import { route } from "@/lib/http/route";

const params = z.object({ id: z.string() });
const body = z.strictObject({ runId: z.string() });

/** Looks at another one of several turns that follow the same one. `seq` is the event that says so, for every tab. */
export const POST = route({ auth: "viewer", scope: "chat", params, body }, async ({ viewer, params: { id }, body }) =>
  Response.json({ seq: await chooseBranch(viewer, id, body.runId) }),
);
