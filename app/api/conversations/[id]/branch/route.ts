import { z } from "zod";
import { AppError } from "@/lib/contracts/errors";
import { copyPath } from "@/lib/conversation/copy-path";
import { branchConversation } from "@/lib/db/conversations";
import { readAllEvents } from "@/lib/db/events";
import { route } from "@/lib/http/route";

const params = z.object({ id: z.string() });
const body = z.strictObject({ runId: z.string() });

/** A new conversation with a copy of everything up to and with this answer. */
export const POST = route({ auth: "viewer", scope: "chat", params, body }, async ({ viewer, params: { id }, body }) => {
  // The turns that lead to a run never change, so the path may be found before it is copied.
  const copy = copyPath(await readAllEvents(viewer, id), body.runId);
  if (!copy) throw new AppError("not-found", "There is no such answer in this conversation.");
  return Response.json({ conversationId: await branchConversation(viewer, id, copy) }, { status: 201 });
});
