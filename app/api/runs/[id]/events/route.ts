import { z } from "zod";
import { isFinished } from "@/lib/contracts/run";
import { readRunEvents } from "@/lib/db/events";
import { getRun } from "@/lib/db/runs";
import { route } from "@/lib/http/route";
import { finishedStream, resumePoint, streamEvents } from "../../../conversations/stream-events";

const params = z.object({ id: z.string() });
const query = z.object({ after: z.coerce.number().int().min(0).default(0) });

/** The run's events as they come; the stream ends with the run. */
export const GET = route(
  { auth: "viewer", scope: "chat", params, query },
  async ({ viewer, params: { id }, query: { after }, request }) => {
    const run = await getRun(viewer, id);
    const from = resumePoint(request, after);
    if (isFinished(run.status)) return finishedStream(await readRunEvents(viewer, id, from));
    return streamEvents(viewer, {
      conversationId: run.conversationId,
      after: from,
      request,
      includes: (event) => event.runId === id,
      isLast: (event) => event.type === "run-finished",
    });
  },
);
