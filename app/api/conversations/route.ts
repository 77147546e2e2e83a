import { z } from "zod";
import { listConversations } from "@/lib/db/conversations";
import { route } from "@/lib/http/route";

const query = z.object({
  query: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).optional(),
  /** `updatedAt` of the last one of the page before. */
  before: z.iso.datetime().optional(),
});

export const GET = route(
  { auth: "viewer", scope: "chat", query },
  async ({ viewer, query: { query: words, limit, before } }) =>
    Response.json({
      conversations: await listConversations(viewer, {
        ...(words === undefined ? {} : { query: words }),
        ...(limit === undefined ? {} : { limit }),
        ...(before === undefined ? {} : { before: new Date(before) }),
      }),
    }),
);
