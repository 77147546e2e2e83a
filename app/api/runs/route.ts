import { z } from "zod";
import { runStatuses, startRunSchema } from "@/lib/contracts/run";
import { AppError } from "@/lib/contracts/errors";
import { maskSecrets } from "@/lib/conversation/mask-secrets";
import { listRuns } from "@/lib/db/activity";
import { createRun } from "@/lib/db/runs";
import { route } from "@/lib/http/route";

const keyPattern = /^[\x21-\x7e]{1,255}$/;

/** Takes a message, a question to ask again, or a step to go on from; a worker answers. 202 with the ids to follow it by. */
export const POST = route(
  { auth: "viewer", scope: "chat", body: startRunSchema },
  async ({ viewer, body: { message, ...place }, request }) => {
    const idempotencyKey = request.headers.get("idempotency-key") ?? undefined;
    if (idempotencyKey !== undefined && !keyPattern.test(idempotencyKey))
      throw new AppError("invalid", "The Idempotency-Key must be 1 to 255 printable characters.");
    // Before anything is stored: what is masked here is in no row, no event, no prompt.
    const masked = message === undefined ? undefined : maskSecrets(message);
    const maskedSecrets = masked?.count ?? 0;
    const { runId, conversationId } = await createRun(viewer, {
      ...place,
      ...(masked ? { message: masked.text, maskedSecrets } : {}),
      via: viewer.via === "session" ? "browser" : "api",
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    });
    return Response.json({ runId, conversationId, ...(maskedSecrets > 0 ? { maskedSecrets } : {}) }, { status: 202 });
  },
);

const listQuery = z.object({
  status: z.enum(runStatuses).optional(),
  kind: z.enum(["chat", "build"]).optional(),
  /** `runId` of the last one of the page before. */
  before: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(200).optional(),
});

/** Runs with what each took, newest first. */
export const GET = route({ auth: "viewer", scope: "chat", query: listQuery }, async ({ viewer, query }) =>
  Response.json({ runs: await listRuns(viewer, query) }),
);
