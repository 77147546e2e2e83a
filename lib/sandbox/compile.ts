import { readFile } from "node:fs/promises";
import { join, posix } from "node:path";
import type { Loader, Message, OnLoadResult, OnResolveResult, Plugin } from "esbuild";
import type { Finding } from "@/lib/contracts/finding";
import { buildBounded } from "./bundle/bounded-build";
import { findDynamicCode, guardedGlobals, restoreGuarded } from "./bundle/dynamic-code";
import { findSourceFaults } from "./bundle/source-limits";
import { joinCode } from "./bundle/source-position";
import { findSandboxRuntime } from "./runtime-path";

export type CompileResult = { ok: true; code: string } | { ok: false; findings: Finding[] };

const loaders: Record<string, Loader> = { ".ts": "ts", ".json": "json" };
const sdkNames: Record<string, string> = { "@burgeon/sdk": "index.ts", "@burgeon/sdk/test": "test.ts" };
const entryName = "burgeon:entry";

/**
 * Bundles a module to one script for the sandbox. Imports reach only the files given here and the SDK; nothing is read
 * from the disk for the module's sake. `code` carries its source map, so that errors point into the source.
 * Findings: file_missing, file_name, size_limit, import_denied, dynamic_code, compile_error, compile_timeout.
 */
export async function compileModule(files: Record<string, string>, entry = "adapter.ts"): Promise<CompileResult> {
  if (files[entry] === undefined)
    return reject([{ code: "file_missing", file: entry, message: `The file ${entry} is missing.` }]);
  return bundle(files, `import module from ${JSON.stringify(`./${entry}`)}; export default module;`);
}

/**
 * Bundles a module with all its test files. The operations of the result are `list` and `run`; see run-tests.ts.
 */
export async function compileTests(files: Record<string, string>, entry = "adapter.ts"): Promise<CompileResult> {
  const tests = Object.keys(files)
    .filter((path) => path.endsWith(".test.ts"))
    .sort();
  const lines = [
    `import module from ${JSON.stringify(`./${entry}`)};`,
    `import { listTests, runTest } from "@burgeon/sdk/test";`,
    ...tests.map((path) => `import ${JSON.stringify(`./${path}`)};`),
    "export default { list: async () => listTests(), run: async (ctx, index) => runTest(index, module, ctx) };",
  ];
  return bundle(files, lines.join("\n"));
}

async function bundle(files: Record<string, string>, entrySource: string): Promise<CompileResult> {
  const faults = findSourceFaults(files);
  if (faults.length > 0) return reject(faults);
  const sdkDirectory = join(await findSandboxRuntime(), "sdk");
  try {
    const outputFiles = await buildBounded({
      entryPoints: [entryName],
      outfile: "module.js",
      bundle: true,
      write: false,
      format: "iife",
      globalName: "__burgeonModule",
      platform: "neutral",
      target: "es2023",
      charset: "utf8",
      sourcemap: "external",
      sourcesContent: false,
      logLevel: "silent",
      logOverride: { "direct-eval": "error", "import-is-undefined": "error" },
      tsconfigRaw: "{}",
      define: guardedGlobals,
      plugins: [virtualFiles(files, entrySource, sdkDirectory)],
    });
    if (!outputFiles) return reject([tooSlow]);
    const script = outputFiles.find((file) => file.path.endsWith(".js"))?.text ?? "";
    const map = outputFiles.find((file) => file.path.endsWith(".map"))?.text ?? "";
    const findings = findDynamicCode(script, map);
    return findings.length > 0 ? reject(findings) : { ok: true, code: joinCode(restoreGuarded(script), map) };
  } catch (error) {
    if (!isBuildFailure(error)) throw error;
    return reject(error.errors.map(toFinding));
  }
}

/** Answers every import itself: what it does not know does not exist. */
function virtualFiles(files: Record<string, string>, entrySource: string, sdkDirectory: string): Plugin {
  return {
    name: "burgeon-files",
    setup(builder) {
      builder.onResolve({ filter: /.*/ }, ({ path, importer, kind, namespace }): OnResolveResult => {
        if (kind === "entry-point") return { path, namespace: "entry" };
        if (kind !== "import-statement")
          return { errors: [{ text: "dynamic_code: Code is loaded only by import statements at the top of a file." }] };
        const from = namespace === "guest" ? importer : "";
        const sdkFile = sdkNames[path];
        if (sdkFile && (path === "@burgeon/sdk" || namespace === "entry" || from.endsWith(".test.ts")))
          return { path: sdkFile, namespace: "sdk" };
        if (sdkFile) return { errors: [{ text: `import_denied: Only test files (*.test.ts) may import "${path}".` }] };
        if (namespace === "sdk") return { path: `${posix.join(posix.dirname(importer), path)}.ts`, namespace: "sdk" };
        const found = /^\.\.?\//.test(path) ? findFile(files, posix.join(posix.dirname(from), path)) : undefined;
        if (found) return { path: found, namespace: "guest" };
        return {
          errors: [
            { text: `import_denied: "${path}" cannot be imported: only "@burgeon/sdk" and files of this module.` },
          ],
        };
      });
      builder.onLoad({ filter: /.*/, namespace: "entry" }, () => ({ contents: entrySource, loader: "ts" }));
      builder.onLoad({ filter: /.*/, namespace: "sdk" }, async ({ path }) => ({
        contents: await readFile(join(sdkDirectory, path), "utf8"),
        loader: "ts",
      }));
      builder.onLoad({ filter: /.*/, namespace: "guest" }, ({ path }): OnLoadResult => {
        const loader = loaders[posix.extname(path)];
        return loader
          ? { contents: files[path] ?? "", loader }
          : { errors: [{ text: `import_denied: "${path}" cannot be imported: only .ts and .json files.` }] };
      });
    },
  };
}

function findFile(files: Record<string, string>, path: string): string | undefined {
  const candidates = [path, `${path}.ts`, path.replace(/\.js$/, ".ts"), `${path}/index.ts`];
  return candidates.find((candidate) => Object.hasOwn(files, candidate));
}

const tooSlow: Finding = {
  code: "compile_timeout",
  file: "",
  message: "The compiler did not come to an end.",
  hint: "Write plainly: no long chains of nested expressions.",
};

/** The only thing that our own entry file can trip over. */
const noDefaultExport: Finding = {
  code: "compile_error",
  file: "adapter.ts",
  message: "The file has no default export.",
  hint: "export default defineModule({ async operation(ctx, input) { … } });",
};

const hints: Record<string, string> = {
  import_denied:
    'Import { … } from "@burgeon/sdk", or "./other-file" of this module. There are no packages and no Node modules.',
  dynamic_code: "Write the code itself, or put the variants into an object and choose by name.",
};

function toFinding({ text, location }: Message): Finding {
  const [, code = "compile_error", message = text] = /^(dynamic_code|import_denied): (.*)$/s.exec(text) ?? [];
  const file = (location?.file ?? "").replace(/^(guest|entry|sdk):/, "");
  if (file === entryName) return noDefaultExport;
  const finding = /direct eval/i.test(text)
    ? { code: "dynamic_code", message: "eval is not allowed: all code is in the files that are reviewed." }
    : { code, message };
  const hint = hints[finding.code];
  return { ...finding, file, ...(location ? { line: location.line } : {}), ...(hint ? { hint } : {}) };
}

function isBuildFailure(error: unknown): error is { errors: Message[] } {
  return error instanceof Error && "errors" in error && Array.isArray(error.errors);
}

function reject(findings: Finding[]): CompileResult {
  return { ok: false, findings };
}
