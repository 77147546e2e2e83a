import type { Sandbox, SandboxLimits, SandboxResult } from "@/lib/contracts/sandbox";
import { getSandbox } from "./host";

/** Code of a model for a small question; a person waits for it. */
const codeLimits: Partial<SandboxLimits> = {
  cpuMs: 1_000,
  wallMs: 5_000,
  memoryBytes: 32 * 1024 * 1024,
  outputChars: 64 * 1024,
  logLines: 100,
  logChars: 32 * 1024,
  requests: 0,
};

/** Longer code was not written for a small question. */
const maxSourceChars = 64 * 1024;

export interface ExecuteCodeOptions {
  signal?: AbortSignal;
  /** In place of the process's own pool. */
  sandbox?: Sandbox;
  limits?: Partial<SandboxLimits>;
}

/**
 * Runs plain JavaScript without any connection. The value is that of the last expression, or what `return` gives (null
 * for undefined); `console.log` becomes logs; `await` works. `error.line` counts in the given source.
 * Rejects only when `signal` aborts or the sandbox itself fails.
 */
export async function executeCode(source: string, options: ExecuteCodeOptions = {}): Promise<SandboxResult> {
  if (source.length > maxSourceChars)
    return {
      ok: false,
      error: {
        code: "build_rejected",
        message: `The code has ${source.length} characters; at most ${maxSourceChars} are run.`,
      },
      logs: [],
      usage: { cpuMs: 0, wallMs: 0, requests: 0 },
    };
  const result = await (options.sandbox ?? getSandbox()).run({
    code: runner,
    operation: "run",
    inputJson: JSON.stringify(source),
    connections: [],
    now: new Date().toISOString(),
    limits: { ...codeLimits, ...options.limits },
    ...(options.signal ? { signal: options.signal } : {}),
  });
  return result.ok ? { ...result, ...readEnding(result.value) } : result;
}

type Ending = { ok: true; value: unknown } | { ok: false; error: Extract<SandboxResult, { ok: false }>["error"] };

/** The runner's own words; a guest that bends them bends only its own result. */
function readEnding(value: unknown): Ending {
  const ending = value !== null && typeof value === "object" ? (value as Record<string, unknown>) : {};
  if (typeof ending.message !== "string") return { ok: true, value: ending.value ?? null };
  const line = typeof ending.line === "number" ? { line: ending.line } : {};
  return { ok: false, error: { code: "guest_error", message: ending.message.slice(0, 4_000), ...line } };
}

/**
 * In the guest. First as a script, whose value is that of its last expression. Code with `return` or `await` does not
 * parse as a script: it never began, which the mark before it tells, and runs as the body of an async function, which
 * the engine begins two lines further down. What the engine says of its own limits passes through.
 */
const runner = `
var __burgeonModule = { default: {
  async run(ctx, source) {
    const { stringify } = JSON;
    const show = (value) => {
      if (typeof value === "string") return value;
      if (value instanceof Error) return value.name + ": " + value.message;
      try { return stringify(value) ?? String(value); } catch { return String(value); }
    };
    const print = (level) => (...values) => ctx.log[level](values.map(show).join(" "));
    globalThis.console = { log: print("info"), info: print("info"), debug: print("debug"), warn: print("warn"), error: print("error") };
    globalThis.__began = false;
    let linesBefore = 0;
    let value;
    try {
      try {
        value = await (0, eval)("globalThis.__began = true; void 0;" + source);
      } catch (error) {
        if (globalThis.__began || !(error instanceof SyntaxError)) throw error;
        const AsyncFunction = (async () => {}).constructor;
        linesBefore = 2;
        value = await new AsyncFunction(source)();
      }
    } catch (error) {
      if (!(error instanceof Error) || /^(out of memory|stack overflow|Maximum call stack)/.test(error.message)) throw error;
      const line = Number(/<input>:(\\d+)/.exec(error.stack)?.[1]) - linesBefore;
      return { message: (error.name === "Error" ? "" : error.name + ": ") + error.message, ...(line > 0 ? { line } : {}) };
    }
    if (typeof value === "function" || typeof value === "symbol" || typeof value === "bigint") value = String(value);
    if (value instanceof Map || value instanceof Set) value = [...value];
    return { value };
  },
} };
`;
