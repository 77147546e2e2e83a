import type { SandboxErrorCode, SandboxLimits, SandboxLog } from "@/lib/contracts/sandbox";

/** The QuickJS builds that can run a call. */
export type SandboxEngine = "quickjs-wasi" | "quickjs-emscripten";

/** What a worker is started with. It gets no environment, no arguments and no secret. */
export interface WorkerStart {
  engine: SandboxEngine;
  /** Where the WASM files and the prelude are. */
  runtimeDirectory: string;
  /** One Int32: the id of the call to stop, looked at while the guest runs. */
  stopCell: SharedArrayBuffer;
}

export interface CallMessage {
  type: "call";
  callId: number;
  code: string;
  operation: string;
  inputJson: string;
  /** `{ now, config, connections, deterministic }` as JSON, for the prelude. */
  contextJson: string;
  limits: SandboxLimits;
  nowMs: number;
  deterministic: boolean;
}

/** The answer to one request: `metaJson` is `{status, headers}` or `{error}`. */
export interface AnswerMessage {
  type: "answer";
  callId: number;
  requestId: number;
  metaJson: string;
  body: string;
}

/** Forget the call: nobody waits for it any more. */
export interface DropMessage {
  type: "drop";
  callId: number;
}

export type ToWorker = CallMessage | AnswerMessage | DropMessage;

/** How a call ended inside the worker. `stack` is the guest's, with lines of the compiled code. */
export type Outcome =
  | { ok: true; valueJson: string }
  | { ok: false; code: SandboxErrorCode; message: string; stack?: string };

export type FromWorker =
  /** `threadCpuMs` = processor time of the thread since it began; the watchdog measures from the last one told. */
  | { type: "ready"; threadCpuMs: number }
  | { type: "log"; callId: number; log: SandboxLog }
  | { type: "request"; callId: number; requestId: number; connection: string; requestJson: string }
  /** The guest waits for answers. `answered` = answers it has taken, so that the host knows whether it is really idle. */
  | { type: "parked"; callId: number; answered: number; cpuMs: number; threadCpuMs: number }
  | { type: "done"; callId: number; outcome: Outcome; cpuMs: number; threadCpuMs: number }
  | { type: "dropped"; callId: number };
