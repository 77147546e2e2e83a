import { z } from "zod";
import { getRunView } from "@/lib/db/run-view";
import { route } from "@/lib/http/route";

const params = z.object({ id: z.string() });

export const GET = route({ auth: "viewer", scope: "chat", params }, async ({ viewer, params: { id } }) =>
  Response.json(await getRunView(viewer, id)),
);
