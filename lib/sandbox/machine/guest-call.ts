import { randomUUID } from "node:crypto";
import type { SandboxErrorCode, SandboxLog } from "@/lib/contracts/sandbox";
import { moduleFile } from "../bundle/module-file";
import { findJsonFault } from "../pool/json-fault";
import type { AnswerMessage, CallMessage, FromWorker, Outcome } from "../pool/protocol";
import {
  cutMessage,
  describeFailure,
  describeGuestError,
  isParseError,
  parseErrorText,
  parseOrText,
} from "./describe-outcome";
import { formatInZone, parseLocalTime } from "./local-time";
import { GuestException, type GuestText, type Machine, type MachineMaker, MachineStopped } from "./machine";
import { threadCpuMs } from "./thread-cpu";

interface Surroundings {
  makeMachine: MachineMaker;
  prelude: string;
  post: (message: FromWorker) => void;
  /** True once the host wants this call to end. */
  isStopped: () => boolean;
}

/** Time, ids and the like are asked with short texts. */
const maxQuestionChars = 1_000;

/** One call inside the worker: its machine, its budgets, its end. It ends exactly once. */
export class GuestCall {
  readonly callId: number;
  private machine: Machine | undefined;
  private readonly spent = { cpuMs: 0, logLines: 0, logChars: 0, requests: 0, answered: 0, uuids: 0 };
  private sliceStartedMs = 0;
  private inFlight = new Set<string>();
  /** The first limit that was passed. It wins over whatever the guest does afterwards. */
  private fatal: { code: SandboxErrorCode; message: string } | undefined;
  private ended = false;

  constructor(
    private readonly call: CallMessage,
    private readonly around: Surroundings,
  ) {
    this.callId = call.callId;
  }

  async start(): Promise<void> {
    const { call } = this;
    try {
      this.machine = await this.around.makeMachine({
        limits: call.limits,
        nowMs: call.nowMs,
        deterministic: call.deterministic,
        shouldStop: () => this.shouldStop(),
        functions: {
          __hostRequest: (id, connection, request) => this.takeRequest(id, connection, request),
          __hostLog: (level, message, data) => this.takeLog(level, message, data),
          __hostAsk: (question, detail) => this.takeQuestion(question, detail),
        },
      });
    } catch (error) {
      this.end(describeFailure(error));
      return;
    }
    this.slice((machine) => {
      machine.loadDriver(this.around.prelude, "prelude.js");
      if (!this.loadCode(machine)) return;
      machine.drive("start", call.operation, call.inputJson, call.contextJson);
    });
  }

  /** One answer of the host to a request of the guest. */
  answer(message: AnswerMessage): void {
    const id = String(message.requestId);
    if (this.ended || !this.inFlight.delete(id)) return;
    this.spent.answered += 1;
    this.slice((machine) => machine.drive("answer", id, message.metaJson, message.body));
  }

  private loadCode(machine: Machine): boolean {
    try {
      machine.evaluate(this.call.code, moduleFile);
      return true;
    } catch (error) {
      // A script that does not parse never ran: it was not made by our compiler, or the engine lacks its syntax.
      if (!(error instanceof GuestException) || !isParseError(error)) throw error;
      this.end({ ok: false, code: "build_rejected", message: cutMessage(error.guestMessage), stack: error.guestStack });
      return false;
    }
  }

  /** Lets the guest run until it can do nothing more, and counts the time against the call's budget. */
  private slice(run: (machine: Machine) => void): void {
    const machine = this.machine;
    if (!machine || this.ended) return;
    this.sliceStartedMs = threadCpuMs();
    try {
      run(machine);
      if (this.ended) return;
      machine.runJobs();
      this.throwIfStopped();
      const state = machine.drive("state").read();
      if (state === "pending") this.park();
      else this.end(this.outcomeOf(state, machine.drive("take")));
    } catch (error) {
      this.end(this.fatalOutcome() ?? describeFailure(error, machine.isNearlyFull()));
    } finally {
      this.spent.cpuMs += threadCpuMs() - this.sliceStartedMs;
      this.sliceStartedMs = Number.NaN;
      if (!this.ended)
        this.around.post({
          type: "parked",
          callId: this.callId,
          answered: this.spent.answered,
          cpuMs: this.spent.cpuMs,
          threadCpuMs: threadCpuMs(),
        });
    }
  }

  private park(): void {
    if (this.inFlight.size === 0)
      this.end({ ok: false, code: "deadlock", message: "The code waits for a promise that nothing will ever settle." });
  }

  private outcomeOf(state: string, text: GuestText): Outcome {
    const { outputChars } = this.call.limits;
    const isNearlyFull = this.machine?.isNearlyFull();
    if (state !== "ok") {
      const error = parseErrorText(text);
      const outcome = describeGuestError(error, isNearlyFull);
      const isOwnFault = !outcome.ok && outcome.code === "guest_error";
      return state === "bad_result" && isOwnFault
        ? { ok: false, code: "bad_result", message: cutMessage(error.message) }
        : outcome;
    }
    if (text.length < 0) return { ok: false, code: "bad_result", message: "The result is not JSON." };
    if (text.length > outputChars) {
      const message = `The result has ${text.length} characters; at most ${outputChars} are allowed.`;
      return { ok: false, code: "output_limit", message };
    }
    const valueJson = text.read();
    const fault = findJsonFault(valueJson);
    return fault ? { ok: false, code: "bad_result", message: `The result ${fault}.` } : { ok: true, valueJson };
  }

  private end(outcome: Outcome): void {
    if (this.ended) return;
    this.ended = true;
    this.machine = undefined;
    const running =
      Number.isNaN(this.sliceStartedMs) || this.sliceStartedMs === 0 ? 0 : threadCpuMs() - this.sliceStartedMs;
    this.around.post({
      type: "done",
      callId: this.callId,
      outcome,
      cpuMs: this.spent.cpuMs + running,
      threadCpuMs: threadCpuMs(),
    });
  }

  private shouldStop(): boolean {
    if (this.fatal) return true;
    if (this.around.isStopped()) return true;
    if (this.spent.cpuMs + threadCpuMs() - this.sliceStartedMs <= this.call.limits.cpuMs) return false;
    this.fatal = { code: "cpu_timeout", message: `The code computed for more than ${this.call.limits.cpuMs} ms.` };
    return true;
  }

  private throwIfStopped(): void {
    if (this.shouldStop()) throw new MachineStopped();
  }

  private fatalOutcome(): Outcome | undefined {
    return this.fatal && { ok: false, ...this.fatal };
  }

  private takeRequest(
    id: GuestText | undefined,
    connection: GuestText | undefined,
    request: GuestText | undefined,
  ): string {
    const { requests, requestChars } = this.call.limits;
    if (this.fatal || this.ended) return "";
    if (this.spent.requests >= requests) {
      this.fatal = { code: "request_limit", message: `The code made more than ${requests} requests.` };
      return "";
    }
    if (!isShort(id, 20) || !isShort(connection, 100) || !request || request.length < 0) return "";
    if (request.length > requestChars) {
      this.fatal = { code: "request_limit", message: `One request has more than ${requestChars} characters.` };
      return "";
    }
    const requestId = id.read();
    if (this.inFlight.has(requestId)) return "";
    this.spent.requests += 1;
    this.inFlight.add(requestId);
    this.around.post({
      type: "request",
      callId: this.callId,
      requestId: Number(requestId),
      connection: connection.read(),
      requestJson: request.read(),
    });
    return "";
  }

  private takeLog(level: GuestText | undefined, message: GuestText | undefined, data: GuestText | undefined): string {
    if (this.fatal || this.ended || !isShort(level, 10) || !message || message.length < 0) return "";
    this.spent.logLines += 1;
    this.spent.logChars += message.length + Math.max(0, data?.length ?? 0);
    const { logLines, logChars } = this.call.limits;
    if (this.spent.logLines > logLines || this.spent.logChars > logChars) {
      this.fatal = {
        code: "log_limit",
        message: `The code logged more than ${logLines} lines or ${logChars} characters.`,
      };
      return "";
    }
    const log: SandboxLog = { level: toLevel(level.read()), message: message.read() };
    if (data && data.length > 0) {
      const json = data.read();
      log.data = findJsonFault(json) ? json : parseOrText(json);
    }
    this.around.post({ type: "log", callId: this.callId, log });
    return "";
  }

  private takeQuestion(question: GuestText | undefined, detail: GuestText | undefined): string {
    if (!isShort(question, 20) || !isShort(detail, maxQuestionChars)) return "!The text is too long.";
    try {
      return `=${this.answerQuestion(question.read(), detail.read())}`;
    } catch (error) {
      return `!${error instanceof RangeError ? error.message : "This cannot be answered."}`;
    }
  }

  private answerQuestion(question: string, detail: string): string {
    if (question === "uuid") {
      this.spent.uuids += 1;
      if (!this.call.deterministic) return randomUUID();
      return `00000000-0000-4000-8000-${String(this.spent.uuids).padStart(12, "0")}`;
    }
    const [text, zone]: unknown[] = JSON.parse(detail);
    if (typeof text !== "string" || typeof zone !== "string")
      throw new RangeError("A text and a time zone are needed.");
    return question === "format" ? formatInZone(text, zone) : parseLocalTime(text, zone);
  }
}

function isShort(text: GuestText | undefined, maxChars: number): text is GuestText {
  return text !== undefined && text.length >= 0 && text.length <= maxChars;
}

function toLevel(text: string): SandboxLog["level"] {
  return text === "debug" || text === "warn" || text === "error" ? text : "info";
}
