import { AppError } from "@/lib/contracts/errors";
import type { ConversationEvent, EventPayload } from "@/lib/contracts/conversation";
import type { Viewer } from "@/lib/contracts/viewer";
import { findUndoable, recordUndone } from "@/lib/db/effects";
import { appendEvents, readRunEvents } from "@/lib/db/events";
import { storeKnowledge } from "./builtin/store-knowledge";
import { disableModule, enableModule, rollbackModule } from "./builtin/switch-module";
import { withLock } from "@/lib/db/lock";
import { createEventTool } from "./calendar/create-event";
import { updateEventTool } from "./calendar/update-event";
import { savePlace } from "./day/save-place";

const timeoutMs = 30_000;
/** The tools whose effects have an inverse. Named here, so that the web server, which undoes, loads no sandbox. */
export const undoable = new Map(
  [storeKnowledge, enableModule, disableModule, rollbackModule, createEventTool, updateEventTool, savePlace].map(
    (tool) => [tool.name, tool] as const,
  ),
);

/**
 * Takes an effect back that can be taken back, because the person pressed Undo. Done twice it is done once; a refusal says why
 * and stands in the log, too.
 * @throws AppError not-found for a call that is not the viewer's; conflict, with the reason, when it cannot be undone
 */
export async function undoCall(viewer: Viewer, runId: string, callId: string): Promise<void> {
  // From two tabs at once it is done one after the other: the second finds it done.
  await withLock("undo", `${viewer.userId} ${runId} ${callId}`, { wait: true }, () => undoOnce(viewer, runId, callId));
}

async function undoOnce(viewer: Viewer, runId: string, callId: string): Promise<void> {
  const effect = await findUndoable(viewer, runId, callId);
  if (!effect) throw new AppError("not-found", "There is nothing to undo.");
  const events = await readRunEvents(viewer, runId);
  if (effect.state === "undone" && wasUndone(events, callId)) return;
  if (effect.state !== "done" || effect.undoUntil === null)
    throw new AppError("conflict", "This cannot be undone.", { hint: "Change it on the other side." });
  if (effect.isOver) throw new AppError("conflict", "The time to undo this is over.", { hint: "Change it by hand." });
  const tool = undoable.get(effect.tool);
  if (!tool?.undo) throw new AppError("conflict", "What could undo this is not there any more.");
  const input = tool.input.parse(findInput(events, callId));
  const output = findOutput(events, callId);
  const { conversationId, idempotencyKey } = effect;
  const log = (payload: EventPayload<"effect-undone">) =>
    appendEvents(viewer, { conversationId, runId }, [{ type: "effect-undone", payload }]);
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    await tool.undo.run(input, output, { viewer, runId, callId, idempotencyKey, signal });
  } catch (cause) {
    if (cause instanceof AppError) {
      const { code, message, hint } = cause;
      await log({ callId, ok: false, error: { code, message, ...(hint === undefined ? {} : { hint }) } });
    }
    throw cause;
  }
  if (await recordUndone(viewer, idempotencyKey)) await log({ callId, ok: true });
}

function wasUndone(events: readonly ConversationEvent[], callId: string): boolean {
  return events.some((event) => event.type === "effect-undone" && event.payload.callId === callId && event.payload.ok);
}

function findInput(events: readonly ConversationEvent[], callId: string): unknown {
  for (const event of events)
    if (event.type === "step-finished")
      for (const call of event.payload.toolCalls) if (call.callId === callId) return call.input;
  return {};
}

function findOutput(events: readonly ConversationEvent[], callId: string): unknown {
  for (const event of events)
    if (event.type === "tool-finished" && event.payload.callId === callId) return event.payload.output;
  return null;
}
