import { z } from "zod";
import { deleteConversation, getConversation, pinConversation, renameConversation } from "@/lib/db/conversations";
import { route } from "@/lib/http/route";

const params = z.object({ id: z.string() });
const change = z
  .strictObject({ title: z.string().trim().min(1).max(200).optional(), pinned: z.boolean().optional() })
  .refine(({ title, pinned }) => title !== undefined || pinned !== undefined, "give a title or pinned");

export const GET = route({ auth: "viewer", scope: "chat", params }, async ({ viewer, params: { id } }) =>
  Response.json(await getConversation(viewer, id)),
);

export const PATCH = route(
  { auth: "viewer", scope: "chat", params, body: change },
  async ({ viewer, params: { id }, body: { title, pinned } }) => {
    if (title !== undefined) await renameConversation(viewer, id, title);
    if (pinned !== undefined) await pinConversation(viewer, id, pinned);
    return Response.json(await getConversation(viewer, id));
  },
);

export const DELETE = route({ auth: "viewer", scope: "chat", params }, async ({ viewer, params: { id } }) => {
  await deleteConversation(viewer, id);
  return new Response(null, { status: 204 });
});
