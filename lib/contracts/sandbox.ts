import { z } from "zod";

/** How untrusted code can end other than by returning a value. */
export const sandboxErrorCodes = [
  "cpu_timeout",
  "wall_timeout",
  "memory_limit",
  "stack_overflow",
  "output_limit",
  "log_limit",
  "request_limit",
  "deadlock",
  "bad_result",
  "guest_error",
  "vm_trap",
  "build_rejected",
] as const;
export type SandboxErrorCode = (typeof sandboxErrorCodes)[number];

export interface SandboxLimits {
  cpuMs: number;
  wallMs: number;
  memoryBytes: number;
  stackBytes: number;
  /** Characters of the JSON result. */
  outputChars: number;
  logLines: number;
  logChars: number;
  requests: number;
  /** Characters of one request body. */
  requestChars: number;
  /** Characters of one response body. */
  responseChars: number;
}

/** What module code asks the host to fetch. Strings only; the host checks it and adds the credential. */
export const sandboxRequestSchema = z.strictObject({
  method: z.string().max(10).default("GET"),
  path: z.string().max(8192),
  query: z
    .record(
      z.string(),
      z.union([z.string(), z.number(), z.boolean(), z.array(z.union([z.string(), z.number(), z.boolean()]))]),
    )
    .optional(),
  headers: z.record(z.string(), z.string()).optional(),
  json: z.unknown().optional(),
  text: z.string().optional(),
  form: z.record(z.string(), z.string()).optional(),
});
export type SandboxRequest = z.infer<typeof sandboxRequestSchema>;

/** Header names are in lower case. A request that could not be made is an `error`, which the module sees as a thrown Error. */
export type SandboxResponse =
  | { status: number; headers: Record<string, string>; body: string }
  | { error: { code: string; message: string } };

export interface SandboxCall {
  /** The compiled module, as made by `compileModule`. */
  code: string;
  /** Name of the function of the default export to call. */
  operation: string;
  /** The JSON of the input. */
  inputJson: string;
  /** Names of the connections that appear in `ctx.http`. */
  connections: string[];
  /** ISO 8601 instant that `ctx.now` shows; also freezes Date and Math.random when `deterministic`. */
  now: string;
  deterministic?: boolean;
  /** Values of `ctx.config`; never a secret. */
  config?: Record<string, string | number | boolean>;
  limits?: Partial<SandboxLimits>;
  signal?: AbortSignal;
  /** Called for every request of the guest, on the host's side of the wall. */
  onRequest?: (connection: string, request: SandboxRequest, signal: AbortSignal) => Promise<SandboxResponse>;
}

export interface SandboxLog {
  level: "debug" | "info" | "warn" | "error";
  message: string;
  data?: unknown;
}

export interface SandboxError {
  code: SandboxErrorCode;
  /** The guest's own words for guest_error; ours otherwise. Untrusted text either way. */
  message: string;
  /** Position in the module's source, when known. */
  file?: string;
  line?: number;
}

export interface SandboxUsage {
  cpuMs: number;
  wallMs: number;
  requests: number;
}

export type SandboxResult =
  | { ok: true; value: unknown; logs: SandboxLog[]; usage: SandboxUsage }
  | { ok: false; error: SandboxError; logs: SandboxLog[]; usage: SandboxUsage };

/** A pool of workers that run untrusted code, one fresh virtual machine per call. */
export interface Sandbox {
  run(call: SandboxCall): Promise<SandboxResult>;
  close(): Promise<void>;
}
