import { z } from "zod";
import { getConversation } from "@/lib/db/conversations";
import { route } from "@/lib/http/route";
import { resumePoint, streamEvents } from "../../stream-events";

const params = z.object({ id: z.string() });
const query = z.object({ after: z.coerce.number().int().min(0).default(0) });

/** The conversation's log from a sequence number on, for as long as the reader stays. */
export const GET = route(
  { auth: "viewer", scope: "chat", params, query },
  async ({ viewer, params: { id }, query: { after }, request }) => {
    // Not found is an answer, not a broken stream.
    await getConversation(viewer, id);
    return streamEvents(viewer, {
      conversationId: id,
      after: resumePoint(request, after),
      request,
    });
  },
);
