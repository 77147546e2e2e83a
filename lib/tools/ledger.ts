import type { EventPayload } from "@/lib/contracts/conversation";
import type { Tool } from "@/lib/contracts/tool";
import type { Viewer } from "@/lib/contracts/viewer";
import { recordIntent, recordOutcome } from "@/lib/db/effects";
import { hashOf } from "./canonical-json";
import type { CallResult, InvokeRequest } from "./invoke";

type Recorded = Omit<EventPayload<"tool-finished">, "callId" | "tool" | "durationMs">;
type Begun = { kind: "new"; idempotencyKey: string } | { kind: "recorded"; result: Recorded };

/**
 * Writes the intent before anything is tried. After a crash the row says what is known: a recorded outcome is used again, a
 * call that may be repeated is repeated under the same key, and one that may not is left alone and told to the person.
 */
export async function beginEffect(
  request: InvokeRequest,
  tool: Tool,
  _input: unknown,
  requestHash: string,
): Promise<Begun> {
  const { viewer, runId, fence, call } = request;
  const idempotencyKey = hashOf(runId, call.callId, requestHash);
  if (tool.effect === "read") return { kind: "new", idempotencyKey };
  const record = await recordIntent(viewer, {
    idempotencyKey,
    runId,
    fence,
    callId: call.callId,
    tool: tool.name,
    requestHash,
  });
  if (record.isNew) return { kind: "new", idempotencyKey };
  if (record.state === "done") return { kind: "recorded", result: record.result as Recorded };
  const isRepeatable = tool.idempotency !== "none" || record.state === "undone";
  if (isRepeatable && record.state !== "unknown") return { kind: "new", idempotencyKey };
  await recordOutcome(viewer, idempotencyKey, { state: "unknown" });
  return { kind: "recorded", result: { ok: false, error: unknownOutcome(tool) } };
}

/** Records how it ended; what nobody can know is recorded as that. */
export async function endEffect(
  viewer: Viewer,
  idempotencyKey: string,
  result: Extract<CallResult, { kind: "finished" }>,
): Promise<void> {
  const state = result.ok || !result.isUncertain ? (result.ok ? "done" : "undone") : "unknown";
  await recordOutcome(viewer, idempotencyKey, { state, result: result.recorded });
}

function unknownOutcome(tool: Tool): { code: string; message: string; hint: string } {
  return {
    code: "unknown-outcome",
    message: `Burgeon was interrupted while "${tool.title}" was under way and cannot tell whether it happened. It was not tried again.`,
    hint: "Look at the other side whether it happened, then ask again if it did not.",
  };
}
