import type { EventPayload } from "@/lib/contracts/conversation";
import { AppError } from "@/lib/contracts/errors";
import type { Tool, ToolOutcome } from "@/lib/contracts/tool";
import { LostRunError } from "@/lib/db/events";
import { isDatabaseOutage } from "@/lib/db/statement";
import { logger } from "@/lib/logger";
import { executeTool } from "./execute-tool";
import type { InvokeRequest, ParsedCall, Recorded } from "./call";
import { limitOutput } from "./limit-output";

export interface Finished {
  kind: "finished";
  ok: boolean;
  /** True when it failed in a way that leaves open whether it happened. */
  isUncertain: boolean;
  recorded: Recorded;
}
export type CallResult = Finished | { kind: "wait"; on: "build"; id: string };

type Failure = NonNullable<EventPayload<"tool-finished">["error"]>;

/**
 * Calls the tool once, within its bounds, and parses what comes back.
 * @throws LostRunError, the signal's reason, or an outage of the database
 */
export async function attemptCall(request: InvokeRequest, parsed: ParsedCall): Promise<CallResult> {
  const { tool } = parsed;
  try {
    const outcome = await executeTool(request, parsed);
    return outcome.kind === "wait" ? outcome : toResult(tool, outcome);
  } catch (cause) {
    if (cause instanceof LostRunError || isDatabaseOutage(cause)) throw cause;
    if (request.signal.aborted && tool.effect === "read") throw request.signal.reason;
    return toFailed(cause, tool, request);
  }
}

/** What the log says of a failure. Its words may be somebody else's where the tool is not only Burgeon's own. */
export function toFailed(cause: unknown, tool: Tool, request: InvokeRequest): Finished {
  const recorded = {
    ok: false,
    error: toFailure(cause, tool, request),
    ...(isFromOutside(tool) || tool.quotes !== undefined ? { tainted: true, source: sourceOf(tool) } : {}),
  };
  return { kind: "finished", ok: false, isUncertain: !isSurelyUndone(cause), recorded };
}

/** What the log says of an answer; an answer of another shape than promised is a failure, but it was an answer. */
export function toResult(tool: Tool, outcome: Extract<ToolOutcome, { kind: "done" }>): Finished {
  const parsed = tool.output.safeParse(outcome.output);
  if (!parsed.success) {
    const problems = parsed.error.issues
      .map((issue) => `${issue.path.join(".") || "output"}: ${issue.message}`)
      .join("; ");
    const message = `${tool.name} answered in a shape it does not promise: ${problems.slice(0, 500)}.`;
    return {
      kind: "finished",
      ok: false,
      // Whoever answers has done something; what, nobody can read.
      isUncertain: tool.effect !== "read",
      recorded: { ok: false, error: { code: "invalid", message } },
    };
  }
  const { output } = limitOutput(parsed.data);
  const isTainted = outcome.tainted ?? isFromOutside(tool);
  const source = outcome.source ?? sourceOf(tool);
  return {
    kind: "finished",
    ok: true,
    isUncertain: false,
    recorded: {
      ok: true,
      output: output as Recorded["output"],
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

const surelyUndone: readonly string[] = [
  "not-found",
  "invalid",
  "conflict",
  "auth-required",
  "auth-expired",
  "forbidden",
  "rate-limited",
  "refused",
];

/** These codes mean that the other side never did it; after any other failure nobody knows. */
function isSurelyUndone(cause: unknown): boolean {
  return cause instanceof AppError && surelyUndone.includes(cause.code);
}

const isFromOutside = (tool: Tool): boolean => tool.source.kind !== "builtin";

function sourceOf({ source, quotes }: Tool): string | undefined {
  if (quotes !== undefined) return quotes;
  if (source.kind === "connection") return "what is connected";
  return source.kind === "module" ? `${source.category}/${source.name}` : undefined;
}
