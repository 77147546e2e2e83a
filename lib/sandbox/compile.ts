import { readFile } from "node:fs/promises";
import { join, posix } from "node:path";
import { build, type Loader, type Message, type OnLoadResult, type OnResolveResult, type Plugin } from "esbuild";
import type { Finding } from "@/lib/contracts/finding";
import { findDynamicCode, guardedGlobals, restoreGuarded } from "./dynamic-code";
import { findSandboxRuntime } from "./runtime-path";
import { joinCode } from "./source-position";

export type CompileResult = { ok: true; code: string } | { ok: false; findings: Finding[] };

/** All source files of a module together. A person has to be able to read what they approve. */
const maxSourceChars = 512 * 1024;

const loaders: Record<string, Loader> = { ".ts": "ts", ".js": "js", ".json": "json" };
const sdkNames: Record<string, string> = { "@burgeon/sdk": "index.ts", "@burgeon/sdk/test": "test.ts" };
const entryName = "burgeon:entry";

/**
 * Bundles a module to one script for the sandbox. Imports reach only the files given here and the SDK; nothing is read
 * from the disk for the module's sake. The result carries its source map, so that errors point into the source.
 */
export async function compileModule(files: Record<string, string>, entry = "adapter.ts"): Promise<CompileResult> {
  if (files[entry] === undefined)
    return reject([{ code: "file_missing", file: entry, message: `The file ${entry} is missing.` }]);
  return bundle(files, `export { default } from ${JSON.stringify(`./${entry}`)};`);
}

/**
 * Bundles a module with all its test files. The operations of the result are `list` and `run`; see run-tests.ts.
 */
export async function compileTests(files: Record<string, string>, entry = "adapter.ts"): Promise<CompileResult> {
  const tests = Object.keys(files).filter((path) => path.endsWith(".test.ts")).sort();
  const lines = [
    `import module from ${JSON.stringify(`./${entry}`)};`,
    `import { listTests, runTest } from "@burgeon/sdk/test";`,
    ...tests.map((path) => `import ${JSON.stringify(`./${path}`)};`),
    "export default { list: async () => listTests(), run: async (ctx, index) => runTest(index, module, ctx) };",
  ];
  return bundle(files, lines.join("\n"));
}

async function bundle(files: Record<string, string>, entrySource: string): Promise<CompileResult> {
  const size = Object.entries(files).reduce((sum, [path, text]) => sum + (/\.[jt]s$/.test(path) ? text.length : 0), 0);
  if (size > maxSourceChars)
    return reject([
      { code: "size_limit", file: "", message: `The sources have ${size} characters; at most ${maxSourceChars} are allowed.` },
    ]);
  const sdkDirectory = join(await findSandboxRuntime(), "sdk");
  try {
    const result = await build({
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
      logOverride: { "direct-eval": "error" },
      tsconfigRaw: "{}",
      define: guardedGlobals,
      plugins: [virtualFiles(files, entrySource, sdkDirectory)],
    });
    const script = result.outputFiles.find((file) => file.path.endsWith(".js"))?.text ?? "";
    const map = result.outputFiles.find((file) => file.path.endsWith(".map"))?.text ?? "";
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
          errors: [{ text: `import_denied: "${path}" cannot be imported: only "@burgeon/sdk" and files of this module.` }],
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
          : { errors: [{ text: `import_denied: "${path}" cannot be imported: only .ts, .js and .json files.` }] };
      });
    },
  };
}

function findFile(files: Record<string, string>, path: string): string | undefined {
  const candidates = [path, `${path}.ts`, path.replace(/\.js$/, ".ts"), `${path}/index.ts`];
  return candidates.find((candidate) => Object.hasOwn(files, candidate));
}

function toFinding({ text, location }: Message): Finding {
  const [, code, message] = /^(dynamic_code|import_denied): (.*)$/s.exec(text) ?? [];
  const place = { file: (location?.file ?? "").replace(/^(guest|entry|sdk):/, ""), ...(location ? { line: location.line } : {}) };
  if (code && message) return { code, ...place, message };
  if (/direct eval/i.test(text)) return { code: "dynamic_code", ...place, message: "eval is not allowed: all code is in the files that are reviewed." };
  return { code: "compile_error", ...place, message: text };
}

function isBuildFailure(error: unknown): error is { errors: Message[] } {
  return error instanceof Error && "errors" in error && Array.isArray(error.errors);
}

function reject(findings: Finding[]): CompileResult {
  return { ok: false, findings };
}
