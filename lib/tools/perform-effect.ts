import { setTimeout as pause } from "node:timers/promises";
import { type EffectRecord, findEffect, recordIntent, recordOutcome } from "@/lib/db/effects";
import { LostRunError } from "@/lib/db/events";
import { isDatabaseOutage } from "@/lib/db/statement";
import { attemptCall, type Finished, toFailed } from "./attempt-call";
import { type InvokeRequest, type ParsedCall, startedEvent } from "./call";
import { mayCall } from "./may-call";
import { resolveOutcome } from "./resolve-outcome";

export type Performed = (Finished & { durationMs?: number }) | { kind: "wait"; on: "build" | "approval"; id: string };

// Where doing it again does it once, it is tried once more before anybody is asked.
const againPauseMs = 500;

/**
 * Does a thing in the world at most once. The intent is written before anything is tried and the outcome after it, so that after
 * a crash the ledger says what is known: an outcome is used again, a call that may be repeated is repeated under the same key,
 * and one that may not is looked up at the other side or put to the person.
 * @throws LostRunError, the signal's reason, or an outage of the database
 */
export async function performEffect(request: InvokeRequest, parsed: ParsedCall): Promise<Performed> {
  const known = await findEffect(request.viewer, parsed.idempotencyKey);
  if (known) return resume(request, parsed, known);
  const permission = await mayCall(request, parsed).catch((cause: unknown) => lookFailed(request, parsed, cause));
  if ("recorded" in permission) return permission;
  if (permission.kind === "wait") return permission;
  if (permission.kind === "refused") return refused(permission.message);
  // Stop may have come while the person or the world was asked: nothing begins after it.
  request.signal.throwIfAborted();
  const { runId, fence, call } = request;
  const { idempotencyKey, argumentsHash: requestHash, tool } = parsed;
  const intent = { idempotencyKey, runId, fence, callId: call.callId, tool: tool.name, requestHash };
  const begun = await recordIntent(request.viewer, intent);
  if (!begun.isNew) return resume(request, parsed, begun);
  return attempt(request, parsed, permission.grantId);
}

/**
 * The world could not be looked at, so nobody was asked and nothing was done: the model is told why, like of any other failure.
 * @throws what ends the run, and not only this call
 */
function lookFailed(request: InvokeRequest, parsed: ParsedCall, cause: unknown): Finished {
  if (cause instanceof LostRunError || isDatabaseOutage(cause)) throw cause;
  request.signal.throwIfAborted();
  return { ...toFailed(cause, parsed.tool, request), isUncertain: false };
}

async function resume(request: InvokeRequest, parsed: ParsedCall, known: EffectRecord): Promise<Performed> {
  const recorded = known.result as Finished["recorded"] | null;
  if ((known.state === "done" || known.state === "undone") && recorded)
    return { kind: "finished", ok: recorded.ok, isUncertain: false, recorded };
  const { idempotency } = parsed.tool;
  const isRepeatable = idempotency === "natural" || idempotency === "keyed";
  return isRepeatable && known.state === "intent" ? attempt(request, parsed) : resolve(request, parsed);
}

async function attempt(request: InvokeRequest, parsed: ParsedCall, grantId?: string): Promise<Performed> {
  const { idempotency } = parsed.tool;
  await request.append([startedEvent(request, parsed.tool)]);
  const startedAt = performance.now();
  let result = await attemptCall(request, parsed);
  if (result.kind === "finished" && result.isUncertain && idempotency !== "none") {
    await pause(againPauseMs);
    result = await attemptCall(request, parsed);
  }
  if (result.kind === "wait") return result;
  if (result.isUncertain) {
    await recordOutcome(request.viewer, parsed.idempotencyKey, { state: "unknown" });
    return resolve(request, parsed, result);
  }
  const finished = await settle(request, parsed, result, grantId);
  return { ...finished, durationMs: Math.round(performance.now() - startedAt) };
}

/** The other side is asked, else the person; "do it now" calls it again under the same key. */
async function resolve(request: InvokeRequest, parsed: ParsedCall, failed?: Finished): Promise<Performed> {
  const resolved = await resolveOutcome(request, parsed, failed);
  if (resolved.kind === "wait") return resolved;
  if (resolved.kind === "again") {
    request.signal.throwIfAborted();
    return attempt(request, parsed);
  }
  return settle(request, parsed, resolved);
}

/** Records how it ended, and with it under which right it ran and how long it can be taken back. */
async function settle(
  { viewer }: InvokeRequest,
  { tool, idempotencyKey }: ParsedCall,
  result: Finished,
  grantId?: string,
): Promise<Finished> {
  const { undo } = tool;
  const undoUntil = result.ok && undo ? new Date(Date.now() + undo.windowMs) : null;
  const recorded = {
    ...result.recorded,
    ...(undoUntil && undo ? { undo: { until: undoUntil.toISOString(), label: undo.label } } : {}),
    ...(result.ok && grantId !== undefined ? { grantId } : {}),
  };
  const state = result.ok ? "done" : result.isUncertain ? "unknown" : "undone";
  await recordOutcome(viewer, idempotencyKey, { state, result: recorded, undoUntil });
  return { ...result, recorded };
}

function refused(message: string): Finished {
  const recorded = { ok: false, error: { code: "denied", message } };
  return { kind: "finished", ok: false, isUncertain: false, recorded };
}
