import type { ConversationEvent, EventPayload, NewEvent } from "./conversation";

// Apart from the schemas, which a browser need not load.

/** The beginning of a step that an event tells of: itself, or an end that was written together with it. */
export function stepBeginningOf(event: ConversationEvent): EventPayload<"step-started"> | null {
  if (event.type === "step-started") return event.payload;
  if (event.type !== "step-finished" || !event.payload.began) return null;
  const { step, attempt, began } = event.payload;
  return { step, attempt, ...began };
}

/** The same of a call of a tool. */
export function callBeginningOf(event: ConversationEvent): EventPayload<"tool-started"> | null {
  if (event.type === "tool-started") return event.payload;
  if (event.type !== "tool-finished" || !event.payload.began) return null;
  const { callId, tool, began } = event.payload;
  return { callId, tool, ...began };
}

/** The end of a step or a call as it is when it tells its beginning, too; null when that is the beginning of something else. */
export function tellBeginning<Event extends NewEvent>(end: Event, beginning: NewEvent): Event | null {
  if (end.type === "step-finished" && beginning.type === "step-started") {
    const { step, attempt, model } = beginning.payload;
    const isSame = end.payload.step === step && end.payload.attempt === attempt;
    return isSame ? { ...end, payload: { ...end.payload, began: { model } } } : null;
  }
  if (end.type === "tool-finished" && beginning.type === "tool-started") {
    const { callId, title, effect, attempt } = beginning.payload;
    const isSame = end.payload.callId === callId;
    return isSame ? { ...end, payload: { ...end.payload, began: { title, effect, attempt } } } : null;
  }
  return null;
}
