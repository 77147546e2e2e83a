import type { EventPayload, NewEvent, ToolCall } from "@/lib/contracts/conversation";
import { AppError } from "@/lib/contracts/errors";
import type { Tool, ToolOutcome } from "@/lib/contracts/tool";
import type { Viewer } from "@/lib/contracts/viewer";
import { expireApproval, findApproval, requestApproval } from "@/lib/db/approvals";
import { LostRunError } from "@/lib/db/events";
import { isDatabaseOutage } from "@/lib/db/statement";
import { logger } from "@/lib/logger";
import { canonicalJson, hashOf } from "./canonical-json";
import { describeCall } from "./describe-call";
import { executeTool } from "./execute-tool";
import { beginEffect, endEffect } from "./ledger";
import { limitOutput } from "./limit-output";
import { decideCall } from "./policy";

export interface InvokeRequest {
  viewer: Viewer;
  conversationId: string;
  runId: string;
  fence: number;
  call: ToolCall;
  /** What may be called, by name. */
  tools: ReadonlyMap<string, Tool>;
  /** 1 for the first start of this call; higher after a wait or a crash. */
  attempt: number;
  /** Where text from outside in this run came from, or null. */
  taintedBy: string | null;
  /** Writes to the run's log, under its fence. */
  append(events: NewEvent[]): Promise<unknown>;
  /** Aborted when the run is stopped or lost. */
  signal: AbortSignal;
}

/** A finished call has its `tool-finished` in the log, whether it went well or not. */
export type InvokeResult = { kind: "finished" } | { kind: "wait"; on: "build" | "approval"; id: string };

type Failure = NonNullable<EventPayload<"tool-finished">["error"]>;
type Checked = { kind: "go"; input: unknown; argumentsHash: string } | InvokeResult;

/**
 * The one door through which anything is done: arguments are parsed, the policy is asked, a person if need be, the effect is
 * written down before it is tried, time and size are bounded, the result is parsed and recorded. What goes wrong becomes a
 * result for the model.
 * @throws LostRunError, the signal's reason, or an outage of the database; everything else is recorded as the call's result
 */
export async function invoke(request: InvokeRequest): Promise<InvokeResult> {
  request.signal.throwIfAborted();
  const tool = request.tools.get(request.call.tool);
  if (!tool) return finishUnknown(request);
  const checked = await check(request, tool);
  if (checked.kind !== "go") return checked;
  const startedAt = performance.now();
  const begun = await beginEffect(request, tool, checked.input, checked.argumentsHash);
  if (begun.kind === "recorded") return finish(request, { ...begun.result, durationMs: 0 });
  await request.append([
    {
      type: "tool-started",
      payload: {
        callId: request.call.callId,
        tool: tool.name,
        title: tool.title,
        effect: tool.effect,
        attempt: request.attempt,
      },
    },
  ]);
  const result = await attemptCall(request, tool, checked.input, begun.idempotencyKey);
  if (result.kind === "wait") return result;
  if (tool.effect !== "read") await endEffect(request.viewer, begun.idempotencyKey, result);
  return finish(request, { ...result.recorded, durationMs: Math.round(performance.now() - startedAt) });
}

/** Parse, policy, approval. */
async function check(request: InvokeRequest, tool: Tool): Promise<Checked> {
  const parsed = tool.input.safeParse(request.call.input);
  if (!parsed.success) {
    const isText = typeof request.call.input === "string";
    const problems = isText
      ? "they are not a JSON object"
      : parsed.error.issues.map((issue) => `${issue.path.join(".") || "input"}: ${issue.message}`).join("; ");
    const message = `The arguments of ${tool.name} are not valid: ${problems.slice(0, 1000)}.`;
    return finish(request, { ok: false, error: { code: "invalid", message }, durationMs: 0 });
  }
  const version = tool.source.kind === "module" ? tool.source.digest : "";
  const argumentsHash = hashOf(tool.name, version, canonicalJson(parsed.data));
  const go = { kind: "go", input: parsed.data, argumentsHash } as const;
  const asked = tool.effect === "read" ? null : await findApproval(request.viewer, request.runId, request.call.callId);
  if (!asked && decideCall(tool, request.taintedBy) === "run") return go;
  const approval =
    asked ??
    (await requestApproval(request.viewer, {
      conversationId: request.conversationId,
      runId: request.runId,
      fence: request.fence,
      callId: request.call.callId,
      tool: tool.name,
      argumentsHash,
      request: {
        ...describeCall(tool, parsed.data),
        effect: tool.effect === "destroy" ? "destroy" : "write",
        ...(request.taintedBy === null ? {} : { taintedBy: request.taintedBy }),
      },
    }));
  switch (approval.status) {
    case "pending":
      return { kind: "wait", on: "approval", id: approval.id };
    case "allowed":
      // The right was given for these arguments and this version, and for nothing else.
      if (approval.argumentsHash === argumentsHash) return go;
      return refuse(request, "What was approved is not what would be done now, so nothing was done.");
    case "denied":
      return refuse(request, `The person denied this.${approval.note ? ` They wrote: ${approval.note}` : ""}`);
    case "expired":
      await expireApproval(request.viewer, approval.id);
      return refuse(request, "Nobody answered the approval in time, so nothing was done.");
  }
}

export type CallResult =
  | {
      kind: "finished";
      ok: boolean;
      isUncertain: boolean;
      recorded: Omit<EventPayload<"tool-finished">, "callId" | "tool" | "durationMs">;
    }
  | { kind: "wait"; on: "build"; id: string };

async function attemptCall(
  request: InvokeRequest,
  tool: Tool,
  input: unknown,
  idempotencyKey: string,
): Promise<CallResult> {
  try {
    const outcome = await executeTool(request, tool, input, idempotencyKey);
    return outcome.kind === "wait" ? outcome : toResult(tool, outcome);
  } catch (cause) {
    if (cause instanceof LostRunError || isDatabaseOutage(cause)) throw cause;
    if (request.signal.aborted && tool.effect === "read") throw request.signal.reason;
    const isTainted = tool.source.kind !== "builtin";
    const recorded = {
      ok: false,
      error: toFailure(cause, tool, request),
      ...(isTainted ? { tainted: true, source: sourceOf(tool) } : {}),
    };
    return { kind: "finished", ok: false, isUncertain: !isSurelyUndone(cause), recorded };
  }
}

function toResult(tool: Tool, outcome: Extract<ToolOutcome, { kind: "done" }>): CallResult {
  const parsed = tool.output.safeParse(outcome.output);
  if (!parsed.success) {
    const problems = parsed.error.issues
      .map((issue) => `${issue.path.join(".") || "output"}: ${issue.message}`)
      .join("; ");
    const error = {
      code: "invalid",
      message: `${tool.name} answered in a shape it does not promise: ${problems.slice(0, 500)}.`,
    };
    return { kind: "finished", ok: false, isUncertain: false, recorded: { ok: false, error } };
  }
  const { output } = limitOutput(parsed.data);
  const isTainted = outcome.tainted ?? tool.source.kind !== "builtin";
  const source = outcome.source ?? sourceOf(tool);
  return {
    kind: "finished",
    ok: true,
    isUncertain: false,
    recorded: {
      ok: true,
      output: output as EventPayload<"tool-finished">["output"],
      ...(isTainted ? { tainted: true } : {}),
      ...(source ? { source } : {}),
    },
  };
}

function toFailure(cause: unknown, tool: Tool, request: InvokeRequest): Failure {
  if (cause instanceof AppError) {
    const { code, message, hint } = cause;
    return { code, message, ...(hint === undefined ? {} : { hint }) };
  }
  logger.error({ room: "tools", runId: request.runId, tool: tool.name, cause }, "tool failed");
  return {
    code: "unavailable",
    message: `${tool.title}: something went wrong inside Burgeon.`,
    hint: "The worker's log has the detail.",
  };
}

/** These codes mean that the other side never did it; after any other failure nobody knows. */
function isSurelyUndone(cause: unknown): boolean {
  const codes = [
    "not-found",
    "invalid",
    "conflict",
    "auth-required",
    "auth-expired",
    "forbidden",
    "rate-limited",
    "refused",
  ];
  return cause instanceof AppError && codes.includes(cause.code);
}

function sourceOf(tool: Tool): string | undefined {
  return tool.source.kind === "module" ? `${tool.source.category}/${tool.source.name}` : undefined;
}

function finishUnknown(request: InvokeRequest): Promise<InvokeResult> {
  const name = request.call.tool;
  const known = [...request.tools.keys()];
  const message = `There is no tool named ${JSON.stringify(name.slice(0, 100))}. There are: ${known.join(", ")}.`;
  return finish(request, {
    ok: false,
    error: { code: "not-found", message: message.slice(0, 2000) },
    durationMs: 0,
  });
}

function refuse(request: InvokeRequest, message: string): Promise<InvokeResult> {
  return finish(request, { ok: false, error: { code: "denied", message }, durationMs: 0 });
}

async function finish(
  request: InvokeRequest,
  result: Omit<EventPayload<"tool-finished">, "callId" | "tool">,
): Promise<InvokeResult> {
  await request.append([
    { type: "tool-finished", payload: { callId: request.call.callId, tool: request.call.tool, ...result } },
  ]);
  return { kind: "finished" };
}
