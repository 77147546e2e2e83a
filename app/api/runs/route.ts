import { startRunSchema } from "@/lib/contracts/run";
import { AppError } from "@/lib/contracts/errors";
import { maskSecrets } from "@/lib/conversation/mask-secrets";
import { createRun } from "@/lib/db/runs";
import { route } from "@/lib/http/route";

const keyPattern = /^[\x21-\x7e]{1,255}$/;

/** Takes a message; a worker answers it. 202 with the ids to follow it by. */
export const POST = route(
  { auth: "viewer", scope: "chat", body: startRunSchema },
  async ({ viewer, body, request }) => {
    const idempotencyKey = request.headers.get("idempotency-key") ?? undefined;
    if (idempotencyKey !== undefined && !keyPattern.test(idempotencyKey))
      throw new AppError("invalid", "The Idempotency-Key must be 1 to 255 printable characters.");
    // Before anything is stored: what is masked here is in no row, no event, no prompt.
    const { text, count } = maskSecrets(body.message);
    const { runId, conversationId } = await createRun(viewer, {
      message: text,
      via: viewer.via === "session" ? "browser" : "api",
      maskedSecrets: count,
      ...(body.conversationId === undefined ? {} : { conversationId: body.conversationId }),
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    });
    return Response.json({ runId, conversationId, ...(count > 0 ? { maskedSecrets: count } : {}) }, { status: 202 });
  },
);
