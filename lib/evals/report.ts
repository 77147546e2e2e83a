import type { CaseReport, EvalReport } from "./run-evals";
import { type Metric, metricNames } from "./score";

/** A table for a terminal: the metrics, then every case that failed with what was wrong. */
export function toTable(report: EvalReport): string {
  const rows = metricNames.map((name) => [name.replaceAll("_", " "), ...describeMetric(report.metrics[name])]);
  const head = ["", "share", "95 % interval", "right", "at least", ""];
  const failed = report.results.filter(({ passed }) => !passed);
  return [
    `${report.model} · ${report.passed} of ${report.cases} cases pass`,
    "",
    ...alignColumns([head, ...rows]),
    "",
    ...describeTotals(report),
    ...(failed.length > 0 ? ["", "Failed:", ...failed.flatMap(describeFailed)] : []),
    ...(report.broken === null ? [] : ["", `Ended early: ${report.broken}`]),
  ].join("\n");
}

/** Share, interval, count, threshold and whether it is met. */
export function describeMetric({ value, low, high, correct, n, threshold, met }: Metric): string[] {
  const atLeast = threshold === null ? "–" : threshold.toFixed(2);
  if (value === null || low === null || high === null) return ["–", "–", "0 of 0", atLeast, ""];
  const verdict = threshold === null ? "" : met ? "met" : "not met";
  return [value.toFixed(3), `${low.toFixed(3)} to ${high.toFixed(3)}`, `${correct} of ${n}`, atLeast, verdict];
}

/** Lines about everything that has no threshold. */
export function describeTotals({ byDifficulty, latencyMs, tokens, forbiddenCalls, unanswered }: EvalReport): string[] {
  const levels = Object.entries(byDifficulty).filter(([, { n }]) => n > 0);
  return [
    levels.map(([name, { passed, n }]) => `${name} ${passed} of ${n}`).join(" · "),
    `model time per answer: ${latencyMs.p50} ms (p50), ${latencyMs.p95} ms (p95) · tokens: ${tokens.input} in, ${tokens.output} out`,
    `cases with a forbidden call: ${forbiddenCalls} · without an answer: ${unanswered}`,
  ];
}

function describeFailed({ id, difficulty, query, faults }: CaseReport): string[] {
  return [`✗ ${id} (${difficulty}): ${oneLine(query.join(" / "))}`, ...faults.map((fault) => `    ${oneLine(fault)}`)];
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ");
}

function alignColumns(rows: string[][]): string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
