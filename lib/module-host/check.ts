import type { Finding } from "@/lib/contracts/finding";
import type { CheckReport, ModuleFiles, ModuleManifest } from "@/lib/contracts/module";
import type { Sandbox } from "@/lib/contracts/sandbox";
import { compileModule } from "@/lib/sandbox/compile";
import { getSandbox } from "@/lib/sandbox/host";
import { runModuleTests } from "@/lib/sandbox/run-tests";
import { typeCheckModule } from "@/lib/sandbox/type-check";
import { playCassettes, readCassettes } from "./cassette";
import { checkManifest } from "./check-manifest";
import { digestOf } from "./digest";
import { findSecrets } from "./find-secrets";
import { describeInputFault, describeOutputFault } from "./validate-output";

export interface CheckedModule {
  digest: string;
  /** Null when the manifest is not valid: nothing else was looked at then. */
  manifest: ModuleManifest | null;
  report: CheckReport;
}

export interface CheckOptions {
  /** The folder the files lie in: the manifest must say the same. */
  place?: { category: string; name: string };
  sandbox?: Sandbox;
  signal?: AbortSignal;
  /** Told before each stage. */
  onStage?: (name: string) => void;
}

const maxFiles = 60;
const maxFileChars = 256 * 1024;
const maxTotalChars = 1024 * 1024;
const pathPattern = /^(?!.*(^|\/)\.)[A-Za-z0-9_.-]+(\/[A-Za-z0-9_.-]+)*$/;
const requiredFiles = ["manifest.json", "adapter.ts", "adapter.test.ts"];
/** The instant that tests and the contract see. */
export const testNow = "2026-01-15T12:00:00.000Z";

/**
 * Everything that must hold before a person is asked: manifest, sizes, secrets, types, compilation, the module's own tests in
 * the sandbox, and the promised shape of what it returns. Never loads module code outside the sandbox and never uses the network.
 */
export async function checkModule(files: ModuleFiles, options: CheckOptions = {}): Promise<CheckedModule> {
  const check = new Check(files, options);
  await check.run();
  return { digest: digestOf(files), manifest: check.manifest, report: check.report() };
}

class Check {
  manifest: ModuleManifest | null = null;
  private readonly stages: CheckReport["stages"] = [];
  private readonly findings: Finding[] = [];
  private tests: CheckReport["tests"] = [];
  private tested: string[] = [];
  private cassetteRequests = 0;

  constructor(
    private readonly files: ModuleFiles,
    private readonly options: CheckOptions,
  ) {}

  async run(): Promise<void> {
    const canGoOn =
      (await this.stage("size", () => sizeFindings(this.files))) &&
      (await this.stage("manifest", () => this.readManifest()));
    if (!canGoOn) return;
    const isClean = await this.stage("secrets", () => findSecrets(this.files));
    const isTyped = await this.stage("types", () => typeCheckModule(this.files));
    let code = "";
    const isCompiled = await this.stage("compile", async () => {
      const compiled = await compileModule(this.files);
      if (!compiled.ok) return compiled.findings;
      code = compiled.code;
      return [];
    });
    if (!isClean || !isTyped || !isCompiled) return;
    if (await this.stage("tests", () => this.runTests())) await this.stage("contract", () => this.checkContract(code));
  }

  report(): CheckReport {
    const { manifest, stages, findings, tests, tested, cassetteRequests } = this;
    return {
      ok: findings.length === 0 && stages.at(-1)?.name === "contract",
      stages,
      findings: findings.slice(0, 100),
      tests,
      coverage: { operations: Object.keys(manifest?.operations ?? {}).length, tested },
      cassetteRequests,
    };
  }

  private async stage(name: string, work: () => Finding[] | Promise<Finding[]>): Promise<boolean> {
    this.options.signal?.throwIfAborted();
    this.options.onStage?.(name);
    const startedAt = performance.now();
    const found = await work();
    this.findings.push(...found);
    this.stages.push({ name, ok: found.length === 0, durationMs: Math.round(performance.now() - startedAt) });
    return found.length === 0;
  }

  private readManifest(): Finding[] {
    const { manifest, findings } = checkManifest(this.files, this.options.place);
    this.manifest = manifest;
    return [...findings, ...(manifest ? readCassettes(this.files).findings : [])];
  }

  private async runTests(): Promise<Finding[]> {
    const { manifest } = this;
    if (!manifest) return [];
    const player = playCassettes(manifest, readCassettes(this.files).entries);
    const run = await runModuleTests({
      sandbox: this.sandbox(),
      files: this.files,
      connections: Object.keys(manifest.connections),
      now: testNow,
      onRequest: async (connection, request) => player.answer(connection, request),
      beforeTest: () => player.rewind(),
      ...(this.options.signal ? { signal: this.options.signal } : {}),
    });
    this.tests = run.tests;
    this.tested = run.operationsRun.filter((name) => Object.hasOwn(manifest.operations, name));
    this.cassetteRequests = player.answered;
    return run.findings;
  }

  /** Runs what needs no input once more against the cassettes and looks at what comes back. */
  private async checkContract(code: string): Promise<Finding[]> {
    const { manifest } = this;
    if (!manifest) return [];
    const findings: Finding[] = [];
    for (const [name, operation] of Object.entries(manifest.operations)) {
      if (describeInputFault(operation, {}) !== null || !this.tested.includes(name)) continue;
      const player = playCassettes(manifest, readCassettes(this.files).entries);
      const result = await this.sandbox().run({
        code,
        operation: name,
        inputJson: "{}",
        connections: Object.keys(manifest.connections),
        now: testNow,
        deterministic: true,
        onRequest: async (connection, request) => player.answer(connection, request),
      });
      // An operation that fails without input against these cassettes is judged by its own tests alone.
      const fault = result.ok ? describeOutputFault(manifest, name, result.value) : null;
      if (fault !== null)
        findings.push({
          code: "output_invalid",
          file: "adapter.ts",
          message: `${name}() returns what its output schema does not allow: ${fault}`,
          hint: "Change the code or the output schema in manifest.json.",
        });
    }
    return findings;
  }

  private sandbox(): Sandbox {
    return this.options.sandbox ?? getSandbox();
  }
}

function sizeFindings(files: ModuleFiles): Finding[] {
  const findings: Finding[] = [];
  const entries = Object.entries(files);
  const total = entries.reduce((sum, [, text]) => sum + text.length, 0);
  if (entries.length > maxFiles)
    findings.push({
      code: "size_limit",
      file: "",
      message: `There are ${entries.length} files; at most ${maxFiles} are allowed.`,
    });
  if (total > maxTotalChars)
    findings.push({
      code: "size_limit",
      file: "",
      message: `All files together have ${total} characters; at most ${maxTotalChars} are allowed.`,
    });
  for (const [path, text] of entries) {
    if (!pathPattern.test(path) || path.length > 200)
      findings.push({
        code: "path_invalid",
        file: path.slice(0, 200),
        message: "This name is not allowed: letters, digits, . _ - and / only, nothing hidden.",
      });
    if (text.length > maxFileChars)
      findings.push({
        code: "size_limit",
        file: path,
        message: `This file has ${text.length} characters; at most ${maxFileChars} are allowed.`,
      });
    if (text.includes("\u0000") || !text.isWellFormed())
      findings.push({ code: "file_invalid", file: path, message: "This file is not text." });
  }
  for (const path of requiredFiles)
    if (!Object.hasOwn(files, path))
      findings.push({
        code: path === "manifest.json" ? "manifest_missing" : "file_missing",
        file: path,
        message: `The file ${path} is missing.`,
      });
  return findings;
}
