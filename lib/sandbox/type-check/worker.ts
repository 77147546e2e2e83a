import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import ts from "typescript";
import type { Finding } from "@/lib/contracts/finding";
import { findMissingModule, hintForMissingName } from "./hints";
import { findPolicyFaults } from "./source-policy";

/** Entry of the type-check worker. It is killed from outside when a check takes too long or too much memory. */
const runtimeDirectory: string = workerData.runtimeDirectory;
const port = parentPort;
if (!port) throw new Error("The type check runs only as a worker thread.");

const options: ts.CompilerOptions = {
  strict: true,
  noEmit: true,
  noLib: true,
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  allowImportingTsExtensions: true,
  resolveJsonModule: true,
  noFallthroughCasesInSwitch: true,
  skipLibCheck: true,
  skipDefaultLibCheck: true,
  types: [],
};

const libraryPath = "/library.d.ts";
/** More findings than this help nobody. */
const maxFindings = 50;
const fixedSources = readFixedSources();

port.on("message", ({ id, files }: { id: number; files: Record<string, string> }) => {
  port.postMessage({ id, findings: checkOrGiveUp(files) });
});
port.postMessage({ id: 0, findings: [] });

/** Types can be written that the compiler recurses into until its stack ends: that is the module's fault. */
function checkOrGiveUp(files: Record<string, string>): Finding[] {
  try {
    return check(files);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return [
      {
        code: "type_check_too_complex",
        file: "",
        message: "The type check gave up: types or expressions are nested too deeply.",
        hint: "Use simpler types: plain interfaces instead of computed ones.",
      },
    ];
  }
}

function check(files: Record<string, string>): Finding[] {
  const sources = new Map<string, string>();
  for (const [path, text] of Object.entries(files))
    if (/\.(ts|json)$/.test(path)) sources.set(posix.join("/module", path), text);
  const roots = [...sources.keys()].filter((path) => path.endsWith(".ts"));
  const program = ts.createProgram([libraryPath, ...roots], options, createHost(sources));
  const policy = roots.flatMap((path) => {
    const source = program.getSourceFile(path);
    return source ? findPolicyFaults(source, path.replace(/^\/module\//, "")) : [];
  });
  const diagnostics = [
    ...program.getSyntacticDiagnostics(),
    ...program.getGlobalDiagnostics(),
    ...roots.flatMap((path) => program.getSemanticDiagnostics(program.getSourceFile(path))),
  ];
  const errors = diagnostics.filter(({ category }) => category === ts.DiagnosticCategory.Error).map(toFinding);
  return [...policy, ...errors].slice(0, maxFindings);
}

/** A file system that holds the module, the SDK and the library, and nothing else. */
function createHost(sources: Map<string, string>): ts.CompilerHost {
  const read = (path: string) => sources.get(path) ?? fixedSources.get(path)?.text;
  return {
    fileExists: (path) => read(path) !== undefined,
    readFile: read,
    getSourceFile: (path) => {
      const fixed = fixedSources.get(path);
      if (fixed) return fixed;
      const text = sources.get(path);
      return text === undefined ? undefined : ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);
    },
    getDefaultLibFileName: () => libraryPath,
    getCurrentDirectory: () => "/module",
    getCanonicalFileName: (path) => path,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => "\n",
    directoryExists: () => true,
    getDirectories: () => [],
    writeFile: () => undefined,
    resolveModuleNameLiterals: (literals, containingFile) =>
      literals.map(({ text }) => ({ resolvedModule: resolve(text, containingFile, read) })),
  };
}

function resolve(
  name: string,
  from: string,
  read: (path: string) => string | undefined,
): ts.ResolvedModuleFull | undefined {
  const isTest = from.endsWith(".test.ts");
  if (name === "@burgeon/sdk") return { resolvedFileName: "/sdk/index.ts", extension: ts.Extension.Ts };
  if (name === "@burgeon/sdk/test" && isTest) return { resolvedFileName: "/sdk/test.ts", extension: ts.Extension.Ts };
  if (!/^\.\.?\//.test(name)) return undefined;
  const path = posix.join(posix.dirname(from), name);
  const found = [path, `${path}.ts`, path.replace(/\.js$/, ".ts"), `${path}/index.ts`].find(
    (candidate) => read(candidate) !== undefined,
  );
  if (found === undefined) return undefined;
  return { resolvedFileName: found, extension: found.endsWith(".json") ? ts.Extension.Json : ts.Extension.Ts };
}

function toFinding(diagnostic: ts.Diagnostic): Finding {
  const { file, start, messageText } = diagnostic;
  // The compiler's advice to install packages or to change a configuration leads nowhere here.
  const message = ts
    .flattenDiagnosticMessageText(messageText, "\n")
    .replace(/ Do you need to (install|change) .*$/s, "")
    .slice(0, 1_000);
  const place = file && start !== undefined ? { line: file.getLineAndCharacterOfPosition(start).line + 1 } : {};
  const hint = hintForMissingName(message);
  return {
    code: findMissingModule(message) ? "import_denied" : "type_error",
    file: file?.fileName.replace(/^\/module\//, "").replace(/^\//, "") ?? "",
    ...place,
    message,
    ...(hint ? { hint } : {}),
  };
}

/** Parsed once and shared by all checks: the library is most of the work. */
function readFixedSources(): Map<string, ts.SourceFile> {
  const found = new Map<string, ts.SourceFile>();
  const add = (path: string, file: string) =>
    found.set(path, ts.createSourceFile(path, readFileSync(file, "utf8"), ts.ScriptTarget.ES2023, true));
  add(libraryPath, join(runtimeDirectory, "library.d.ts"));
  for (const name of readdirSync(join(runtimeDirectory, "sdk")))
    if (name.endsWith(".ts")) add(`/sdk/${name}`, join(runtimeDirectory, "sdk", name));
  return found;
}
