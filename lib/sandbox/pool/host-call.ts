import {
  type SandboxCall,
  type SandboxError,
  type SandboxLimits,
  type SandboxLog,
  type SandboxResponse,
  type SandboxResult,
  sandboxRequestSchema,
} from "@/lib/contracts/sandbox";
import { locateError, splitCode } from "../bundle/source-position";
import { findJsonFault } from "./json-fault";
import type { AnswerMessage, CallMessage, FromWorker, Outcome } from "./protocol";

/**
 * One call on the host's side of the wall: makes the guest's requests, keeps its logs, and settles exactly once.
 * What arrives after that is ignored.
 */
export class HostCall {
  readonly result: Promise<SandboxResult>;
  /** Set by the pool: the call ended while it was still waiting for a worker. */
  onAbandoned: () => void = () => undefined;
  /** Set by the worker's slot: sends to the worker, and stops the guest from outside. */
  send: (message: AnswerMessage) => void = () => undefined;
  onStop: () => void = () => undefined;
  isSettled = false;
  answersSent = 0;
  cpuMs = 0;

  private readonly logs: SandboxLog[] = [];
  private readonly requests = new AbortController();
  private requestCount = 0;
  private startedAtMs: number | undefined;
  private settleWith: (result: SandboxResult) => void = () => undefined;
  private rejectWith: (error: unknown) => void = () => undefined;
  private readonly compiled: { script: string; map: string | undefined };

  constructor(
    readonly callId: number,
    private readonly call: SandboxCall,
    readonly limits: SandboxLimits,
  ) {
    if (Number.isNaN(Date.parse(call.now))) throw new RangeError(`"${call.now}" is not an instant.`);
    this.compiled = splitCode(call.code);
    this.result = new Promise((resolve, reject) => {
      this.settleWith = resolve;
      this.rejectWith = reject;
    });
    call.signal?.addEventListener("abort", this.onAbort, { once: true });
  }

  /** The message that starts the call in a worker. */
  begin(): CallMessage {
    this.startedAtMs = performance.now();
    const { call } = this;
    const context = { now: call.now, config: call.config ?? {}, connections: call.connections };
    return {
      type: "call",
      callId: this.callId,
      code: this.compiled.script,
      operation: call.operation,
      inputJson: call.inputJson,
      contextJson: JSON.stringify(context),
      limits: this.limits,
      nowMs: Date.parse(call.now),
      deterministic: call.deterministic ?? false,
    };
  }

  get wallMs(): number {
    return this.startedAtMs === undefined ? 0 : performance.now() - this.startedAtMs;
  }

  receiveLog(log: SandboxLog): void {
    if (!this.isSettled) this.logs.push(log);
  }

  receiveDone(outcome: Outcome, cpuMs: number): void {
    this.cpuMs = cpuMs;
    if (!outcome.ok) {
      const { code, message, stack } = outcome;
      this.fail({ code, message, ...(stack ? locateError(stack, this.compiled.map) : {}) });
      return;
    }
    let value: unknown;
    try {
      value = JSON.parse(outcome.valueJson);
    } catch {
      this.fail({ code: "bad_result", message: "The result is not JSON." });
      return;
    }
    if (this.release()) this.settleWith({ ok: true, value, logs: this.logs, usage: this.usage() });
  }

  /** Makes one request for the guest. The guest's texts are checked here, on the host's side. */
  async receiveRequest(message: Extract<FromWorker, { type: "request" }>): Promise<void> {
    if (this.isSettled) return;
    this.requestCount += 1;
    let response: SandboxResponse;
    try {
      response = await this.makeResponse(message.connection, message.requestJson);
    } catch (error) {
      // `onRequest` answers with an error object when a request fails; a throw is a fault of the host.
      this.reject(error);
      return;
    }
    if (this.isSettled) return;
    this.answersSent += 1;
    const parts =
      "error" in response ? { error: response.error } : { status: response.status, headers: response.headers };
    this.send({
      type: "answer",
      callId: this.callId,
      requestId: message.requestId,
      metaJson: JSON.stringify(parts),
      body: "error" in response ? "" : response.body,
    });
  }

  /** Ends the call with an error of the guest. */
  fail(error: SandboxError): void {
    if (this.release()) this.settleWith({ ok: false, error, logs: this.logs, usage: this.usage() });
  }

  /** Ends the call because the host cannot or need not go on. */
  reject(error: unknown): void {
    if (this.release()) this.rejectWith(error);
  }

  private async makeResponse(connection: string, requestJson: string): Promise<SandboxResponse> {
    const { onRequest, connections } = this.call;
    if (!connections.includes(connection)) return refuse("invalid_request", "There is no such connection.");
    if (!onRequest) return refuse("no_network", "This call has no network.");
    const fault = findJsonFault(requestJson);
    if (fault) return refuse("invalid_request", `The request ${fault}.`);
    const parsed = sandboxRequestSchema.safeParse(JSON.parse(requestJson));
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      return refuse(
        "invalid_request",
        `The request is not valid: ${issue?.path.join(".") || "request"}: ${issue?.message ?? ""}`,
      );
    }
    const response = await onRequest(connection, parsed.data, this.requests.signal);
    if (!("error" in response) && response.body.length > this.limits.responseChars)
      return refuse("response_too_large", `The reply has more than ${this.limits.responseChars} characters.`);
    return response;
  }

  private readonly onAbort = () => this.reject(this.call.signal?.reason);

  private release(): boolean {
    if (this.isSettled) return false;
    this.isSettled = true;
    this.call.signal?.removeEventListener("abort", this.onAbort);
    this.requests.abort(new Error("The call has ended."));
    this.onAbandoned();
    this.onStop();
    return true;
  }

  private usage() {
    return { cpuMs: Math.round(this.cpuMs), wallMs: Math.round(this.wallMs), requests: this.requestCount };
  }
}

function refuse(code: string, message: string): SandboxResponse {
  return { error: { code, message } };
}
