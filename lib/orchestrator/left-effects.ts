import type { NewEvent } from "@/lib/contracts/conversation";
import { unknownOutcome } from "@/lib/tools/resolve-outcome";

/** How the log tells of an effect whose run ends before anybody found out whether it happened. */
export function toUnknownEnd({ callId, tool }: { callId: string; tool: string }): NewEvent {
  const error = unknownOutcome(tool.replaceAll("_", " "));
  return { type: "tool-finished", payload: { callId, tool, ok: false, error, durationMs: 0 } };
}
