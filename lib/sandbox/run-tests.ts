import type { Finding } from "@/lib/contracts/finding";
import type { ModuleTestResult } from "@/lib/contracts/module";
import type {
  Sandbox,
  SandboxCall,
  SandboxError,
  SandboxLimits,
  SandboxLog,
  SandboxResult,
  SandboxUsage,
} from "@/lib/contracts/sandbox";
import { locateError, splitCode } from "./bundle/source-position";
import { compileTests } from "./compile";
import { getSandbox } from "./host";

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
  /** In place of the process's own pool. */
  sandbox?: Sandbox;
  /** Called before each test, in order: the place to rewind the cassettes. */
  beforeTest?: (name: string) => void;
}

export interface ModuleTestReport {
  /** At least one test was executed and every one passed. */
  ok: boolean;
  tests: ModuleTestResult[];
  /** Everything that is wrong, for a person, the model and CI: refused sources, no tests, each failed test. */
  findings: Finding[];
  /** The tests could not be run at all. */
  error?: SandboxError;
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

/**
 * Runs all tests of a module, each in a fresh virtual machine with a frozen clock and repeatable randomness. A module
 * whose tests do not execute has failed: no tests is not a success.
 */
export async function runModuleTests(run: ModuleTestRun): Promise<ModuleTestReport> {
  const report: ModuleTestReport = {
    ok: false,
    tests: [],
    findings: [],
    logs: [],
    operationsRun: [],
    usage: { cpuMs: 0, wallMs: 0, requests: 0 },
  };
  const compiled = await compileTests(run.files);
  if (!compiled.ok) return { ...report, error: toError(compiled.findings[0]), findings: compiled.findings };
  const listed = await callTests(run, compiled.code, "list", null);
  addUsage(report, listed);
  if (!listed.ok) return { ...report, error: listed.error, findings: [toLoadFinding(listed.error)] };
  const names = Array.isArray(listed.value) ? listed.value.filter((name) => typeof name === "string") : [];
  const countFault = findCountFault(names.length);
  if (countFault) return { ...report, findings: [countFault] };
  const { map } = splitCode(compiled.code);
  for (const [index, name] of names.entries()) {
    run.beforeTest?.(name);
    const ended = await callTests(run, compiled.code, "run", index);
    addUsage(report, ended);
    report.tests.push(toTestResult(name, ended, map, report.operationsRun));
  }
  report.findings = report.tests.filter(({ ok }) => !ok).map(toFailureFinding);
  report.ok = report.findings.length === 0;
  return report;
}

function callTests(
  run: ModuleTestRun,
  code: string,
  operation: "list" | "run",
  input: unknown,
): Promise<SandboxResult> {
  return (run.sandbox ?? getSandbox()).run({
    code,
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
}

/** Adds the operations the test ran to `operationsRun`. */
function toTestResult(
  name: string,
  ended: SandboxResult,
  map: string | undefined,
  operationsRun: string[],
): ModuleTestResult {
  const durationMs = ended.usage.wallMs;
  if (!ended.ok) {
    const { code, message, ...place } = ended.error;
    return { name, ok: false, durationMs, ...place, message: code === "guest_error" ? message : `${code}: ${message}` };
  }
  const outcome = readOutcome(ended.value);
  for (const operation of outcome.operationsRun) if (!operationsRun.includes(operation)) operationsRun.push(operation);
  if (outcome.ok) return { name, ok: true, durationMs };
  return { name, ok: false, durationMs, message: outcome.message ?? "", ...locateError(outcome.stack, map) };
}

function findCountFault(count: number): Finding | undefined {
  if (count === 0)
    return {
      code: "no_tests",
      file: "adapter.test.ts",
      message: "No test was executed.",
      hint: 'Declare at least one for every operation: test("…", async ({ run }) => { … }) from "@burgeon/sdk/test".',
    };
  if (count > maxTests)
    return {
      code: "size_limit",
      file: "adapter.test.ts",
      message: `There are ${count} tests; at most ${maxTests} are run.`,
      hint: "Keep one test for each thing that can be wrong.",
    };
  return undefined;
}

function toFailureFinding({ name, message, file, line }: ModuleTestResult): Finding {
  return {
    code: "test_failed",
    file: file ?? "adapter.test.ts",
    ...(line === undefined ? {} : { line }),
    message: `The test "${name}" failed: ${message ?? ""}`,
    hint: "The line is where it was noticed. Correct the adapter, unless the cassettes show that the test expects the wrong thing.",
  };
}

/** The files run once from top to bottom before any test does. */
function toLoadFinding({ code, message, file, line }: SandboxError): Finding {
  return {
    code: "test_failed",
    file: file ?? "",
    ...(line === undefined ? {} : { line }),
    message: `The files could not be loaded: ${code === "guest_error" ? "" : `${code}: `}${message}`,
    hint: "Code outside of functions runs when the file is loaded: keep it to constants.",
  };
}

function readOutcome(value: unknown): GuestOutcome {
  const fields = value !== null && typeof value === "object" ? (value as Record<string, unknown>) : {};
  const { message, stack, operationsRun } = fields;
  return {
    ok: fields.ok === true,
    message: typeof message === "string" ? message : undefined,
    stack: typeof stack === "string" ? stack : "",
    operationsRun: Array.isArray(operationsRun)
      ? operationsRun.filter((name) => typeof name === "string").slice(0, 100)
      : [],
  };
}

function addUsage(report: ModuleTestReport, { logs, usage }: SandboxResult): void {
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
