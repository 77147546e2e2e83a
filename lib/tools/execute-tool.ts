import { AppError } from "@/lib/contracts/errors";
import type { Tool, ToolOutcome } from "@/lib/contracts/tool";
import type { InvokeRequest } from "./invoke";

// Progress is for the eye: more often than this it is not written down.
const progressMs = 250;

/**
 * Calls the tool within its time. A read ends with the run's signal; an effect that has begun is left to finish, so that its
 * outcome is known and recorded.
 */
export async function executeTool(
  request: InvokeRequest,
  tool: Tool,
  input: unknown,
  idempotencyKey: string,
): Promise<ToolOutcome> {
  const overdue = new AbortController();
  const timer = setTimeout(() => overdue.abort(), tool.timeoutMs);
  const signal = tool.effect === "read" ? AbortSignal.any([request.signal, overdue.signal]) : overdue.signal;
  const progress = new Progress(request);
  let onAbort: (() => void) | undefined;
  try {
    const aborted = new Promise<never>((_, reject) => {
      onAbort = () => reject(overdue.signal.aborted ? tookTooLong(tool) : request.signal.reason);
      signal.addEventListener("abort", onAbort, { once: true });
    });
    const context = {
      viewer: request.viewer,
      runId: request.runId,
      conversationId: request.conversationId,
      callId: request.call.callId,
      idempotencyKey,
      signal,
      progress: (message: string) => progress.say(message),
    };
    // A tool that ignores its signal holds nobody: the race ends without it.
    return await Promise.race([tool.execute(input, context), aborted]);
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
    await this.writing;
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
