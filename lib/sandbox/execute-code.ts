import type { Sandbox, SandboxError, SandboxLimits } from "@/lib/contracts/sandbox";
import { moduleFile } from "./module-file";

/** What a piece of code gave: its value as JSON (null for undefined) and the lines it printed. */
export type CodeResult =
  | { ok: true; value: unknown; lines: string[] }
  | { ok: false; error: SandboxError; lines: string[] };

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

/**
 * Runs plain JavaScript without any connection. The value is that of the last expression, or what `return` gives;
 * `console.log` becomes lines. `await` works. Promises are waited for.
 */
export async function executeCode(sandbox: Sandbox, source: string, signal?: AbortSignal): Promise<CodeResult> {
  if (source.length > maxSourceChars)
    return {
      ok: false,
      error: { code: "build_rejected", message: `The code has ${source.length} characters; at most ${maxSourceChars} are run.` },
      lines: [],
    };
  const result = await sandbox.run({
    code: runner,
    operation: "run",
    inputJson: JSON.stringify(source),
    connections: [],
    now: new Date().toISOString(),
    limits: codeLimits,
    ...(signal ? { signal } : {}),
  });
  const lines = result.logs.map(({ message }) => message);
  if (result.ok) return { ok: true, value: result.value, lines };
  const { code, message } = result.error;
  return { ok: false, error: { code, message: message.replaceAll(moduleFile, "code") }, lines };
}

/**
 * In the guest. First as a script, whose value is that of its last expression. Code with `return` or `await` does not
 * parse as a script: it never began, which the mark before it tells, and runs as the body of an async function.
 */
const runner = `
var __burgeonModule = { default: {
  async run(ctx, source) {
    const show = (value) => {
      if (typeof value === "string") return value;
      try { return JSON.stringify(value) ?? String(value); } catch { return String(value); }
    };
    const print = (level) => (...values) => ctx.log[level](values.map(show).join(" "));
    globalThis.console = { log: print("info"), info: print("info"), debug: print("debug"), warn: print("warn"), error: print("error") };
    globalThis.__began = false;
    let value;
    try {
      value = await (0, eval)("globalThis.__began = true;" + source);
    } catch (error) {
      if (globalThis.__began || !(error instanceof SyntaxError)) throw error;
      const AsyncFunction = (async () => {}).constructor;
      value = await new AsyncFunction(source)();
    }
    if (value === undefined || typeof value === "function" || typeof value === "symbol") return value === undefined ? null : String(value);
    if (typeof value === "bigint") return String(value);
    if (value instanceof Map) return [...value];
    if (value instanceof Set) return [...value];
    return value;
  },
} };
`;
