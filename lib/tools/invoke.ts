import type { NewEvent } from "@/lib/contracts/conversation";
import type { Tool } from "@/lib/contracts/tool";
import { type BegunEffect, findEffectOfCall, recordOutcome } from "@/lib/db/effects";
import { attemptCall } from "./attempt-call";
import { type InvokeRequest, type ParsedCall, type Recorded, startedEvent, versionOf } from "./call";
import { canonicalJson, hashOf } from "./canonical-json";
import { mayCall } from "./may-call";
import { performEffect } from "./perform-effect";
import { mayLeak } from "./policy";
import { readLeftEffect } from "./resolve-outcome";

/** A finished call has its `tool-finished` in the log, whether it went well or not. */
export type InvokeResult = { kind: "finished" } | { kind: "wait"; on: "build" | "approval"; id: string };

/**
 * The one door through which anything is done: arguments are parsed, the policy is asked, a person if need be, the effect is
 * written down before it is tried, time and size are bounded, the result is parsed and recorded. What goes wrong becomes a
 * result for the model.
 * @throws LostRunError, the signal's reason, or an outage of the database; everything else is recorded as the call's result
 */
export async function invoke(request: InvokeRequest): Promise<InvokeResult> {
  request.signal.throwIfAborted();
  const tool = request.tools.get(request.call.tool);
  const parsed = tool ? parseCall(request, tool) : { refused: refusal("not-found", describeUnknown(request)) };
  if ("tool" in parsed && parsed.tool.effect === "read") return read(request, parsed);
  // At its first start nothing was tried: that it starts is in the log before it is.
  const known =
    request.attempt === 1 ? null : await findEffectOfCall(request.viewer, request.runId, request.call.callId);
  const isSame = known === null || ("tool" in parsed && parsed.idempotencyKey === known.idempotencyKey);
  if (!isSame) return finishChanged(request, known);
  if ("refused" in parsed) return finish(request, parsed.refused);
  const result = await performEffect(request, parsed, known);
  return result.kind === "wait" ? result : finish(request, result.recorded, result.durationMs);
}

/** What was begun is told, and never begun anew under what the call would mean now. */
async function finishChanged(request: InvokeRequest, known: BegunEffect): Promise<InvokeResult> {
  const recorded = known.result as Recorded | null;
  if ((known.state === "done" || known.state === "undone") && recorded) return finish(request, recorded);
  const left = await readLeftEffect(request, known);
  if (left.kind === "wait") return left;
  await recordOutcome(request.viewer, known.idempotencyKey, {
    state: left.ok ? "done" : "unknown",
    result: left.recorded,
  });
  return finish(request, left.recorded);
}

async function read(request: InvokeRequest, parsed: ParsedCall): Promise<InvokeResult> {
  if (mayLeak(parsed.tool, request.taintedBy)) {
    // As of now: what the results of calls beside it make known comes too late.
    const isKnown = request.isKnownAddress(parsed.tool.address(parsed.input));
    // A question stands behind the step that it is about.
    await request.append([]);
    const permission = await mayCall({ ...request, isKnownAddress: () => isKnown }, parsed);
    if (permission.kind === "wait") return permission;
    if (permission.kind === "refused") return finish(request, refusal("denied", permission.message));
    request.signal.throwIfAborted();
  }
  request.stage([startedEvent(request, parsed.tool)]);
  const startedAt = performance.now();
  const result = await attemptCall(request, parsed);
  if (result.kind === "wait") return result;
  const durationMs = Math.round(performance.now() - startedAt);
  request.stage([finishedEvent(request, result.recorded, durationMs)]);
  return { kind: "finished" };
}

function finishedEvent({ call }: InvokeRequest, recorded: Recorded, durationMs: number): NewEvent {
  return { type: "tool-finished", payload: { callId: call.callId, tool: call.tool, ...recorded, durationMs } };
}

async function finish(request: InvokeRequest, recorded: Recorded, durationMs = 0): Promise<InvokeResult> {
  await request.append([finishedEvent(request, recorded, durationMs)]);
  return { kind: "finished" };
}

function parseCall({ runId, call }: InvokeRequest, tool: Tool): ParsedCall | { refused: Recorded } {
  const parsed = tool.input.safeParse(call.input);
  if (!parsed.success) {
    const isText = typeof call.input === "string";
    const problems = isText
      ? "they are not a JSON object"
      : parsed.error.issues.map((issue) => `${issue.path.join(".") || "input"}: ${issue.message}`).join("; ");
    const message = `The arguments of ${tool.name} are not valid: ${problems.slice(0, 1000)}.`;
    return { refused: refusal("invalid", message) };
  }
  const argumentsHash = hashOf(tool.name, versionOf(tool), canonicalJson(parsed.data));
  const idempotencyKey = hashOf(runId, call.callId, argumentsHash);
  return { tool, input: parsed.data, argumentsHash, idempotencyKey, target: null };
}

function refusal(code: string, message: string): Recorded {
  return { ok: false, error: { code, message } };
}

function describeUnknown({ call, tools }: InvokeRequest): string {
  const name = JSON.stringify(call.tool.slice(0, 100));
  return `There is no tool named ${name}. There are: ${[...tools.keys()].join(", ")}.`.slice(0, 2000);
}
