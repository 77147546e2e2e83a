import type { Finding } from "@/lib/contracts/finding";
import type { ModuleTestResult } from "@/lib/contracts/module";
import type { Sandbox, SandboxCall, SandboxError, SandboxLimits, SandboxLog, SandboxUsage } from "@/lib/contracts/sandbox";
import { compileTests } from "./compile";
import { locateError, splitCode } from "./source-position";

export interface ModuleTestRun {
  /** The module's files with its tests. */
  files: Record<string, string>;
  /** Names of the manifest's connections. */
  connections: string[];
  /** Answers from the cassettes. A request that fits none is an `error`. */
  onRequest: NonNullable<SandboxCall["onRequest"]>;
  /** The instant every test sees, ISO 8601. */
  now: string;
  config?: SandboxCall["config"];
  limits?: Partial<SandboxLimits>;
  signal?: AbortSignal;
  /** Called before each test, in order: the place to rewind the cassettes. */
  beforeTest?: (name: string) => void;
}

export interface ModuleTestReport {
  /** Empty when there are none: the caller decides that this is a failure. */
  tests: ModuleTestResult[];
  /** The tests could not be run at all. */
  error?: SandboxError;
  /** With `error` of code build_rejected: why the bundle was refused. */
  findings?: Finding[];
  logs: SandboxLog[];
  /** Operations that some test ran, each once. */
  operationsRun: string[];
  usage: SandboxUsage;
}

/** What one test reports from inside the sandbox. Guest data: checked before use. */
interface GuestOutcome {
  ok: boolean;
  message: string | undefined;
  stack: string;
  operationsRun: string[];
}

/** A module with more tests than this is not read by anybody. */
const maxTests = 200;

const testLimits: Partial<SandboxLimits> = { cpuMs: 1_000 };

/** Runs all tests of a module, each in a fresh virtual machine with a frozen clock and repeatable randomness. */
export async function runModuleTests(sandbox: Sandbox, run: ModuleTestRun): Promise<ModuleTestReport> {
  const report: ModuleTestReport = { tests: [], logs: [], operationsRun: [], usage: { cpuMs: 0, wallMs: 0, requests: 0 } };
  const compiled = await compileTests(run.files);
  if (!compiled.ok) {
    const [first] = compiled.findings;
    return { ...report, error: toError(first), findings: compiled.findings };
  }
  const call = (operation: string, input: unknown) =>
    sandbox.run({
      code: compiled.code,
      operation,
      inputJson: JSON.stringify(input),
      connections: run.connections,
      now: run.now,
      deterministic: true,
      onRequest: run.onRequest,
      limits: { ...testLimits, ...run.limits },
      ...(run.config ? { config: run.config } : {}),
      ...(run.signal ? { signal: run.signal } : {}),
    });
  const listed = await call("list", null);
  addUsage(report, listed.logs, listed.usage);
  if (!listed.ok) return { ...report, error: listed.error };
  const names = Array.isArray(listed.value) ? listed.value.filter((name) => typeof name === "string") : [];
  if (names.length > maxTests)
    return { ...report, error: { code: "build_rejected", message: `There are ${names.length} tests; at most ${maxTests} are run.` } };
  const { map } = splitCode(compiled.code);
  for (const [index, name] of names.entries()) {
    run.beforeTest?.(name);
    const ended = await call("run", index);
    addUsage(report, ended.logs, ended.usage);
    const durationMs = ended.usage.wallMs;
    if (!ended.ok) {
      const { code, message, ...place } = ended.error;
      report.tests.push({ name, ok: false, durationMs, ...place, message: code === "guest_error" ? message : `${code}: ${message}` });
      continue;
    }
    const outcome = readOutcome(ended.value);
    for (const operation of outcome.operationsRun)
      if (!report.operationsRun.includes(operation)) report.operationsRun.push(operation);
    if (outcome.ok) report.tests.push({ name, ok: true, durationMs });
    else report.tests.push({ name, ok: false, durationMs, message: outcome.message ?? "", ...locateError(outcome.stack, map) });
  }
  return report;
}

function readOutcome(value: unknown): GuestOutcome {
  const fields = value !== null && typeof value === "object" ? (value as Record<string, unknown>) : {};
  const { message, stack, operationsRun } = fields;
  return {
    ok: fields.ok === true,
    message: typeof message === "string" ? message : undefined,
    stack: typeof stack === "string" ? stack : "",
    operationsRun: Array.isArray(operationsRun) ? operationsRun.filter((name) => typeof name === "string").slice(0, 100) : [],
  };
}

function addUsage(report: ModuleTestReport, logs: SandboxLog[], usage: SandboxUsage): void {
  report.logs.push(...logs);
  report.usage.cpuMs += usage.cpuMs;
  report.usage.wallMs += usage.wallMs;
  report.usage.requests += usage.requests;
}

function toError(finding: Finding | undefined): SandboxError {
  return {
    code: "build_rejected",
    message: finding?.message ?? "The module does not compile.",
    ...(finding?.file ? { file: finding.file } : {}),
    ...(finding?.line ? { line: finding.line } : {}),
  };
}
