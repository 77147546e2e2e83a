import { parseArgs } from "node:util";
import { AppError } from "@/lib/contracts/errors";
import type { ModuleFiles } from "@/lib/contracts/module";
import { checkModule } from "@/lib/module-host/check";
import { readModuleFolder } from "@/lib/module-host/read-folder";
import { print, printJson } from "./print";
import { resolvePath } from "./resolve-path";
import { UsageError } from "./usage-error";

/** Checks a folder as every version is checked before its review. Exit code 1 when it finds something. */
export async function checkFolder(args: string[]): Promise<0 | 1> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { json: { type: "boolean" } } });
  const [folder] = positionals;
  if (!folder || positionals.length > 1) throw new UsageError("Usage: module check <folder> [--json]");
  const { digest, manifest, report } = await checkModule(await readFolder(folder));
  if (values.json) {
    printJson({ digest, category: manifest?.category ?? null, name: manifest?.name ?? null, ...report });
    return report.ok ? 0 : 1;
  }
  for (const { name, ok, durationMs } of report.stages) print(`${ok ? "✓" : "✗"} ${name} · ${durationMs} ms`);
  for (const test of report.tests) print(`  ${test.ok ? "✓" : "✗"} ${test.name}`);
  for (const finding of report.findings) {
    const place = finding.file ? `${finding.file}${finding.line ? `:${finding.line}` : ""}  ` : "";
    print(`${place}${finding.code}: ${finding.message}${finding.hint ? `\n    ${finding.hint}` : ""}`);
  }
  print(
    report.ok
      ? `${manifest?.category}/${manifest?.name} passes.  ${digest}`
      : `${report.findings.length} finding${report.findings.length === 1 ? "" : "s"}.`,
  );
  return report.ok ? 0 : 1;
}

/** @throws AppError when the folder cannot be read */
export async function readFolder(folder: string): Promise<ModuleFiles> {
  const read = await readModuleFolder(resolvePath(folder));
  if (read.problem !== null) throw new AppError("invalid", `${folder}: ${read.problem}`);
  return read.files;
}
