import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { AppError } from "@/lib/contracts/errors";
import type { EvalCase } from "@/lib/evals/eval-case";
import { readCases } from "@/lib/evals/read-cases";
import { readToolset } from "@/lib/evals/recorded-tools";
import { toTable } from "@/lib/evals/report";
import { toPage } from "@/lib/evals/report-page";
import { type EvalReport, runEvals } from "@/lib/evals/run-evals";
import { createEnvironmentModel, type ResolvedModel } from "@/lib/models/resolve";
import { print, printJson } from "./print";
import { resolvePath } from "./resolve-path";
import { UsageError } from "./usage-error";

const usage =
  "Usage: eval [--quick] [--model <provider>:<model>] [--case <id>] [--report <file.json | file.html>] [--json]";

/**
 * How well a model chooses tools: the cases of evals/cases, played with the real prompt and recorded tools. Exit code 1 when a
 * threshold is not met, 3 when the model or a file of cases is broken, so that nothing was measured.
 */
export async function evaluate(args: string[]): Promise<0 | 1 | 3> {
  const { values } = parseArgs({
    args,
    options: {
      quick: { type: "boolean" },
      model: { type: "string" },
      case: { type: "string" },
      report: { type: "string" },
      json: { type: "boolean" },
    },
  });
  if (values.report !== undefined && !/\.(json|html)$/.test(values.report))
    throw new UsageError(`--report takes a file that ends in .json or .html.\n${usage}`);
  try {
    const toolset = readToolset();
    const cases = chooseCases(readCases(toolset.map(({ name }) => name)), values);
    const subject = await connect(values.model);
    const report = await runEvals(cases, subject, toolset, {
      signal: new AbortController().signal,
      onCase: tellProgress,
    });
    if (values.json) printJson(report);
    else print(toTable(report));
    if (values.report !== undefined) writeReport(resolvePath(values.report), report);
    if (report.broken !== null) return 3;
    return report.met ? 0 : 1;
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    // The answer is not "no": there is none.
    process.stderr.write(`${[cause.message, cause.hint].filter(Boolean).join(" ")}\n`);
    return 3;
  }
}

function chooseCases(cases: readonly EvalCase[], chosen: { quick?: boolean; case?: string }): EvalCase[] {
  const some = cases.filter(
    ({ id, difficulty }) => (!chosen.quick || difficulty === "easy") && (chosen.case ?? id) === id,
  );
  if (some.length > 0) return some;
  const among = chosen.quick ? " among the easy ones" : "";
  throw new UsageError(`There is no case "${chosen.case ?? ""}"${among} in evals/cases.\n${usage}`);
}

async function connect(name: string | undefined): Promise<ResolvedModel> {
  try {
    return await createEnvironmentModel(name);
  } catch (cause) {
    if (name !== undefined && cause instanceof AppError && cause.code === "invalid")
      throw new UsageError(`${cause.message} ${cause.hint ?? ""}\n${usage}`);
    throw cause;
  }
}

function writeReport(path: string, report: EvalReport): void {
  try {
    writeFileSync(path, path.endsWith(".html") ? toPage(report) : `${JSON.stringify(report, null, 2)}\n`);
  } catch (cause) {
    throw new AppError("invalid", `The report could not be written to ${path}.`, { cause });
  }
}

/** For somebody who waits for a model; a file or a pipe gets the answer only. */
function tellProgress(done: number, of: number): void {
  if (process.stderr.isTTY) process.stderr.write(done === of ? "\r\u001b[K" : `\rcase ${done} of ${of}`);
}
