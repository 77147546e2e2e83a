import { describeMetric, describeTotals } from "./report";
import type { CaseReport, EvalReport } from "./run-evals";
import { metricNames } from "./score";

const style = `:root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%;margin:1rem 0}th,td{text-align:left;vertical-align:top;padding:.4rem .8rem .4rem 0;border-bottom:1px solid #8884}
td{font-variant-numeric:tabular-nums}code{font-size:.9em;overflow-wrap:anywhere}.no{font-weight:600}`;

/** The report as one page that loads nothing. What a model, a case or a tool said is escaped: it is text and stays text. */
export function toPage(report: EvalReport): string {
  const metrics = metricNames.map((name) => row([name.replaceAll("_", " "), ...describeMetric(report.metrics[name])]));
  const broken = report.broken === null ? "" : `<p class="no">Ended early: ${escapeHtml(report.broken)}</p>`;
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Evaluation of ${escapeHtml(report.model)}</title><style>${style}</style></head>
<body>
<h1>${escapeHtml(report.model)}</h1>
<p>${report.passed} of ${report.cases} cases pass. Thresholds are ${report.met ? "met" : "not met"}. Begun ${escapeHtml(report.startedAt)}.</p>
${broken}
<table><thead><tr><th>Metric</th><th>Share</th><th>95 % interval</th><th>Right</th><th>At least</th><th></th></tr></thead><tbody>
${metrics.join("\n")}
</tbody></table>
${describeTotals(report)
  .map((line) => `<p>${escapeHtml(line)}</p>`)
  .join("\n")}
<table><thead><tr><th>Case</th><th>Question</th><th>Calls</th><th>Result</th><th>Model time</th></tr></thead><tbody>
${report.results.map(toRow).join("\n")}
</tbody></table>
</body>
</html>
`;
}

function toRow({ id, difficulty, query, calls, passed, faults, latencyMs }: CaseReport): string {
  const made = calls.map(({ tool, input }) => `<code>${escapeHtml(`${tool} ${JSON.stringify(input)}`)}</code>`);
  const result = passed ? "passes" : `<span class="no">fails</span><br>${faults.map(escapeHtml).join("<br>")}`;
  const name = `${escapeHtml(id)}<br>${difficulty}`;
  const question = query.map(escapeHtml).join("<br>");
  return `<tr><td>${name}</td><td>${question}</td><td>${made.join("<br>")}</td><td>${result}</td><td>${latencyMs} ms</td></tr>`;
}

function row(cells: string[]): string {
  return `<tr>${cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join("")}</tr>`;
}

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
