import type { Difficulty, EvalCase } from "./eval-case";
import { messagesOf } from "./eval-case";
import type { MadeCall } from "./match-input";
import { readResults, type RecordedTool } from "./recorded-tools";
import { type Outcome, runCase, type Subject } from "./run-case";
import { findForbidden, judge, type Marks, type Metric, type MetricName, metricNames, summarise } from "./score";

export interface CaseReport {
  id: string;
  difficulty: Difficulty;
  query: string[];
  passed: boolean;
  marks: Marks;
  faults: string[];
  calls: MadeCall[];
  answer: string;
  /** Why there is no answer. */
  error: string | null;
  latencyMs: number;
  tokens: { input: number; output: number };
}

/** The document that `--json` prints. */
export interface EvalReport {
  schemaVersion: 1;
  model: string;
  startedAt: string;
  cases: number;
  passed: number;
  metrics: Record<MetricName, Metric>;
  byDifficulty: Record<Difficulty, { passed: number; n: number }>;
  /** Cases in which something was called that the case forbids. */
  forbiddenCalls: number;
  /** Cases the model gave no answer to; they count as wrong. */
  unanswered: number;
  /** Time of the model per answer, without the tools. */
  latencyMs: { p50: number; p95: number };
  tokens: { input: number; output: number };
  /** Every threshold is met. */
  met: boolean;
  /** Why the rest was not run; null when everything was. */
  broken: string | null;
  results: CaseReport[];
}

/** A model that gives no answer this often in a row is not going to. */
const maxUnansweredInRow = 3;

/** Runs the cases one after the other, so that the times are the model's own. */
export async function runEvals(
  cases: readonly EvalCase[],
  subject: Subject,
  toolset: readonly RecordedTool[],
  options: { signal: AbortSignal; onCase?(done: number, of: number): void },
): Promise<EvalReport> {
  const startedAt = new Date().toISOString();
  const recorded = readResults();
  const played: { one: EvalCase; outcome: Outcome }[] = [];
  let inRow = 0;
  for (const one of cases) {
    const outcome = await runCase(one, subject, toolset, recorded, options.signal);
    played.push({ one, outcome });
    options.onCase?.(played.length, cases.length);
    inRow = outcome.status === "failed" ? inRow + 1 : 0;
    if (inRow >= Math.min(maxUnansweredInRow, cases.length)) break;
  }
  const isBroken = inRow >= Math.min(maxUnansweredInRow, cases.length);
  const broken = isBroken ? (played.at(-1)?.outcome.error ?? "The model gave no answer.") : null;
  return toReport(played, subject.label, startedAt, broken);
}

function toReport(
  played: readonly { one: EvalCase; outcome: Outcome }[],
  model: string,
  startedAt: string,
  broken: string | null,
): EvalReport {
  const results = played.map(({ one, outcome }) => toCaseReport(one, outcome));
  const metrics = summarise(results.map(({ marks }) => marks));
  const of = (difficulty: Difficulty) => {
    const some = results.filter((result) => result.difficulty === difficulty);
    return { passed: countPassed(some), n: some.length };
  };
  const times = results.map(({ latencyMs }) => latencyMs).sort((a, b) => a - b);
  return {
    schemaVersion: 1,
    model,
    startedAt,
    cases: results.length,
    passed: countPassed(results),
    metrics,
    byDifficulty: { easy: of("easy"), medium: of("medium"), hard: of("hard") },
    forbiddenCalls: played.filter(({ one, outcome }) => findForbidden(one, outcome).length > 0).length,
    unanswered: results.filter(({ error }) => error !== null).length,
    latencyMs: { p50: percentile(times, 0.5), p95: percentile(times, 0.95) },
    tokens: {
      input: results.reduce((sum, { tokens }) => sum + tokens.input, 0),
      output: results.reduce((sum, { tokens }) => sum + tokens.output, 0),
    },
    met: broken === null && metricNames.every((name) => metrics[name].met),
    broken,
    results,
  };
}

function toCaseReport(one: EvalCase, outcome: Outcome): CaseReport {
  const { marks, faults } = judge(one, outcome);
  return {
    id: one.id,
    difficulty: one.difficulty,
    query: messagesOf(one),
    passed: Object.values(marks).every((mark) => mark !== false),
    marks,
    faults,
    calls: outcome.calls.map(({ tool, input }) => ({ tool, input })),
    answer: outcome.answer,
    error: outcome.error,
    latencyMs: outcome.modelMs,
    tokens: { input: outcome.usage.inputTokens, output: outcome.usage.outputTokens },
  };
}

function countPassed(results: readonly CaseReport[]): number {
  return results.filter(({ passed }) => passed).length;
}

/** Nearest rank of sorted numbers; 0 without any. */
function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}
