import { AppError } from "@/lib/contracts/errors";
import type { Reconciled, Tool, ToolContext, ToolOutcome, World } from "@/lib/contracts/tool";
import { LostRunError } from "@/lib/db/events";
import { isDatabaseOutage } from "@/lib/db/statement";
import { logger } from "@/lib/logger";
import type { InvokeRequest, ParsedCall } from "./call";

// Progress is for the eye: more often than this it is not written down.
const progressMs = 250;

/**
 * Calls the tool within its time. A read ends with the run's signal; an effect that has begun is left to finish, so that its
 * outcome is known and recorded.
 */
export async function executeTool(request: InvokeRequest, parsed: ParsedCall): Promise<ToolOutcome> {
  const { tool, input } = parsed;
  return within(request, parsed, tool.effect === "read", (context) => tool.execute(input, context));
}

/** What the effect will meet, or null where the tool looks at nothing. Ends with the run's signal. */
export async function inspectWorld(request: InvokeRequest, parsed: ParsedCall): Promise<World | null> {
  const { inspect } = parsed.tool;
  return inspect ? within(request, parsed, true, (context) => inspect(parsed.input, context)) : null;
}

/** What the other side says of an interrupted effect. A look that fails tells nothing. */
export async function reconcileEffect(request: InvokeRequest, parsed: ParsedCall): Promise<Reconciled> {
  const { reconcile } = parsed.tool;
  if (!reconcile) return { state: "unknown" };
  try {
    return await within(request, parsed, true, (context) => reconcile(parsed.input, context));
  } catch (cause) {
    if (request.signal.aborted) throw request.signal.reason;
    if (cause instanceof LostRunError || isDatabaseOutage(cause)) throw cause;
    logger.warn({ room: "tools", runId: request.runId, tool: parsed.tool.name, cause }, "looking for an effect failed");
    return { state: "unknown" };
  }
}

async function within<Value>(
  request: InvokeRequest,
  { tool, idempotencyKey, target }: ParsedCall,
  endsWithRun: boolean,
  act: (context: ToolContext) => Promise<Value>,
): Promise<Value> {
  const overdue = new AbortController();
  const timer = setTimeout(() => overdue.abort(), tool.timeoutMs);
  const signal = endsWithRun ? AbortSignal.any([request.signal, overdue.signal]) : overdue.signal;
  const progress = new Progress(request);
  let onAbort: (() => void) | undefined;
  try {
    const aborted = new Promise<never>((_, reject) => {
      onAbort = () => reject(overdue.signal.aborted ? tookTooLong(tool) : request.signal.reason);
      signal.addEventListener("abort", onAbort, { once: true });
    });
    const context = {
      viewer: request.viewer,
      timeZone: request.timeZone,
      runId: request.runId,
      conversationId: request.conversationId,
      callId: request.call.callId,
      idempotencyKey,
      signal,
      taintedBy: request.taintedBy,
      target,
      progress: (message: string) => progress.say(message),
    };
    // A tool that ignores its signal holds nobody: the race ends without it.
    return await Promise.race([act(context), aborted]);
  } finally {
    clearTimeout(timer);
    if (onAbort) signal.removeEventListener("abort", onAbort);
    await progress.end();
  }
}

function tookTooLong(tool: Tool): AppError {
  return new AppError(
    "unavailable",
    `${tool.title} took longer than ${Math.round(tool.timeoutMs / 1000)} s and was ended.`,
  );
}

/** Writes the newest line at most four times a second; the last write's failure is the call's failure. */
class Progress {
  private latest: string | null = null;
  private timer: NodeJS.Timeout | null = null;
  private writing: Promise<unknown> = Promise.resolve();

  constructor(private readonly request: InvokeRequest) {}

  say(message: string): void {
    this.latest = message.slice(0, 300);
    this.timer ??= setTimeout(() => this.write(), progressMs);
  }

  async end(): Promise<void> {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    this.latest = null;
    // A line that could not be written must not take the outcome of the call with it; the next write meets the same fault.
    await this.writing.catch((cause: unknown) => logger.debug({ room: "tools", cause }, "progress was not written"));
  }

  private write(): void {
    this.timer = null;
    const message = this.latest;
    if (message === null) return;
    this.latest = null;
    const { call, append } = this.request;
    this.writing = this.writing.then(() =>
      append([{ type: "tool-progressed", payload: { callId: call.callId, message } }]),
    );
    // The failure is thrown by `end`; until then nobody may find it unhandled.
    this.writing.catch(() => undefined);
  }
}
