import { setTimeout as pause } from "node:timers/promises";
import { type EffectRecord, recordIntent, recordOutcome, withdrawIntent } from "@/lib/db/effects";
import { LostRunError } from "@/lib/db/events";
import { isDatabaseOutage } from "@/lib/db/statement";
import { attemptCall, type CallResult, type Finished, toFailed } from "./attempt-call";
import { type InvokeRequest, type ParsedCall, startedEvent } from "./call";
import { inspectWorld } from "./execute-tool";
import { mayCall } from "./may-call";
import { resolveOutcome } from "./resolve-outcome";

export type Performed = (Finished & { durationMs?: number }) | { kind: "wait"; on: "build" | "approval"; id: string };

// Where doing it again does it once, it is tried once more before anybody is asked.
const againPauseMs = 500;

/**
 * Does a thing in the world at most once. The intent is written before anything is tried and the outcome after it, so that after
 * a crash the ledger says what is known: an outcome is used again, a call that may be repeated is repeated under the same key,
 * and one that may not is looked up at the other side or put to the person.
 * @param known what the ledger says of this very call
 * @throws LostRunError, the signal's reason, or an outage of the database
 */
export async function performEffect(
  request: InvokeRequest,
  parsed: ParsedCall,
  known: EffectRecord | null,
): Promise<Performed> {
  if (known) return resume(request, parsed, known);
  const permission = await mayCall(request, parsed).catch((cause: unknown) => lookFailed(request, parsed, cause));
  if ("recorded" in permission) return permission;
  if (permission.kind === "wait") return permission;
  if (permission.kind === "refused") return refused(permission.message);
  // Stop may have come while the person or the world was asked: nothing begins after it.
  request.signal.throwIfAborted();
  const { runId, fence, call } = request;
  const { idempotencyKey, argumentsHash: requestHash, tool } = parsed;
  const { target, grantId } = permission;
  const intent = { idempotencyKey, runId, fence, callId: call.callId, tool: tool.name, requestHash, target };
  const begun = await recordIntent(request.viewer, intent);
  if (!begun.isNew) return resume(request, parsed, begun);
  return attempt(request, { ...parsed, target }, { isFirst: true, ...(grantId === undefined ? {} : { grantId }) });
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
  const { idempotency, inspect } = parsed.tool;
  // What it means was settled when it began: looked up again, the same words could mean the next thing.
  const meant = { ...parsed, target: known.target };
  const isMeaningKnown = inspect === undefined || known.target !== null;
  const isRepeatable = isMeaningKnown && (idempotency === "natural" || idempotency === "keyed");
  return isRepeatable && known.state === "intent" ? attempt(request, meant) : resolve(request, meant);
}

/** @param how.isFirst nobody has tried before, so nothing can have happened yet */
async function attempt(
  request: InvokeRequest,
  parsed: ParsedCall,
  { isFirst = false, grantId }: { isFirst?: boolean; grantId?: string } = {},
): Promise<Performed> {
  await request.append([startedEvent(request, parsed.tool)]);
  if (request.signal.aborted && isFirst) {
    // Stopped, or given to another worker, in the moment before it would have begun.
    await withdrawIntent(request.viewer, { ...parsed, runId: request.runId, fence: request.fence });
    throw request.signal.reason;
  }
  const startedAt = performance.now();
  const result = await tryTwice(request, parsed, isFirst);
  if (result.kind === "wait") return result;
  if (result.isUncertain) {
    await recordOutcome(request.viewer, parsed.idempotencyKey, { state: "unknown" });
    return resolve(request, parsed, result);
  }
  const finished = await settle(request, parsed, result, grantId);
  return { ...finished, durationMs: Math.round(performance.now() - startedAt) };
}

/**
 * A call that may be repeated and whose end nobody knows is repeated once. Whatever a repetition is refused for, "too many" or "not
 * found", says nothing of the try before it.
 */
async function tryTwice(request: InvokeRequest, parsed: ParsedCall, isFirst: boolean): Promise<CallResult> {
  const first = await attemptCall(request, parsed);
  if (first.kind === "wait" || first.ok) return first;
  const uncertain = { ...first, isUncertain: true };
  if (!first.isUncertain) return isFirst ? first : uncertain;
  if (parsed.tool.idempotency === "none" || request.signal.aborted) return uncertain;
  await pause(againPauseMs);
  // After Stop nothing is sent any more, and who lost the run leaves it to the next one.
  if (request.signal.aborted) return uncertain;
  const second = await attemptCall(request, parsed);
  return second.kind === "wait" || second.ok ? second : { ...second, isUncertain: true };
}

/** The other side is asked, else the person; "do it now" calls it again under the same key. */
async function resolve(request: InvokeRequest, parsed: ParsedCall, failed?: Finished): Promise<Performed> {
  request.signal.throwIfAborted();
  const resolved = await resolveOutcome(request, parsed, failed);
  if (resolved.kind === "wait") return resolved;
  if (resolved.kind === "finished") return settle(request, parsed, resolved);
  request.signal.throwIfAborted();
  const meant = await meaningOf(request, parsed).catch((cause: unknown) => lookFailed(request, parsed, cause));
  return "recorded" in meant ? settle(request, parsed, meant) : attempt(request, meant);
}

/** An effect that began under a version which kept no meaning, and that the person wants done now, means what it means now. */
async function meaningOf(request: InvokeRequest, parsed: ParsedCall): Promise<ParsedCall> {
  return parsed.target === null ? { ...parsed, target: (await inspectWorld(request, parsed))?.target ?? null } : parsed;
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
