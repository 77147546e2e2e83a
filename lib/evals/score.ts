import type { EvalCase } from "./eval-case";
import { assignCalls, fits, hasWords, type WantedCall } from "./match-input";
import type { Outcome } from "./run-case";

export const metricNames = [
  "tool_selection_accuracy",
  "argument_correctness",
  "clarification_accuracy",
  "multi_step_completion",
] as const;
export type MetricName = (typeof metricNames)[number];

/** What a model has to reach. How often it completes several steps is told, not judged. */
const thresholds: Readonly<Record<MetricName, number | null>> = {
  tool_selection_accuracy: 0.85,
  argument_correctness: 0.8,
  clarification_accuracy: 0.8,
  multi_step_completion: null,
};

/** What a case says to each metric; null where it says nothing. */
export type Marks = Record<MetricName, boolean | null>;

export interface Verdict {
  marks: Marks;
  /** What is wrong, as sentences; empty when the case passes. */
  faults: string[];
}

export interface Metric {
  /** Share of the cases that were right; null without cases. */
  value: number | null;
  correct: number;
  n: number;
  /** 95 % interval of the share (Wilson). */
  low: number | null;
  high: number | null;
  threshold: number | null;
  met: boolean;
}

/** Holds what was done against what the case expects. The order of calls makes no difference. */
export function judge(one: EvalCase, outcome: Outcome): Verdict {
  const failed = outcome.status === "done" ? [] : [`It did not come to an answer: ${outcome.error ?? outcome.status}`];
  const selection = [...failed, ...findWrongTools(one, outcome)];
  const wantsArguments = Object.keys({ ...one.expected_arguments, ...one.expected_results }).length > 0;
  const argumentFaults = wantsArguments ? findWrongArguments(one, outcome) : [];
  const wantsQuestion = one.expected_clarification !== undefined;
  const questionFaults = wantsQuestion ? findMissingQuestion(one, outcome) : [];
  const isComplete =
    failed.length + argumentFaults.length === 0 &&
    outcome.answer.trim() !== "" &&
    findMissing(one, outcome).length + findForbidden(one, outcome).length === 0;
  return {
    marks: {
      tool_selection_accuracy: selection.length === 0,
      argument_correctness: wantsArguments ? failed.length + argumentFaults.length === 0 : null,
      // To ask and do it all the same is no question.
      clarification_accuracy: wantsQuestion ? selection.length + questionFaults.length === 0 : null,
      multi_step_completion: one.multi_step ? isComplete : null,
    },
    faults: [...selection, ...argumentFaults, ...questionFaults],
  };
}

/** The share of each metric over all cases, whatever their order. */
export function summarise(marks: readonly Marks[]): Record<MetricName, Metric> {
  const entries = metricNames.map((name) => {
    const said = marks.flatMap((one) => one[name] ?? []);
    return [name, toMetric(said.filter(Boolean).length, said.length, thresholds[name])] as const;
  });
  return Object.fromEntries(entries) as Record<MetricName, Metric>;
}

function toMetric(correct: number, n: number, threshold: number | null): Metric {
  if (n === 0) return { value: null, correct, n, low: null, high: null, threshold, met: true };
  const value = correct / n;
  return { value, correct, n, ...wilsonInterval(correct, n), threshold, met: threshold === null || value >= threshold };
}

// The 97.5 % point of the normal distribution.
const z = 1.959963984540054;

/** 95 % interval of a share (E. B. Wilson, 1927). Unlike the plain one it stays within [0, 1] and is honest for few cases. */
export function wilsonInterval(correct: number, n: number): { low: number; high: number } {
  const share = correct / n;
  const centre = share + z ** 2 / (2 * n);
  const half = z * Math.sqrt((share * (1 - share)) / n + z ** 2 / (4 * n ** 2));
  const scale = 1 + z ** 2 / n;
  // Rounding must not push the share itself out of its interval.
  return {
    low: Math.max(0, Math.min(share, (centre - half) / scale)),
    high: Math.min(1, Math.max(share, (centre + half) / scale)),
  };
}

function findWrongTools(one: EvalCase, outcome: Outcome): string[] {
  const called = new Set(outcome.calls.map(({ tool }) => tool));
  const forbidden = findForbidden(one, outcome);
  const extra = [...called].filter((tool) => !one.expected_tools.includes(tool) && !forbidden.includes(tool));
  const missing = findMissing(one, outcome);
  return [
    ...(missing.length > 0 ? [`Not called: ${missing.join(", ")}`] : []),
    ...(extra.length > 0 ? [`Called, but not expected: ${extra.join(", ")}`] : []),
    ...(forbidden.length > 0 ? [`Called, though forbidden: ${forbidden.join(", ")}`] : []),
  ];
}

function findMissing(one: EvalCase, { calls }: Outcome): string[] {
  return one.expected_tools.filter((tool) => !calls.some((call) => call.tool === tool));
}

export function findForbidden(one: EvalCase, { toolsOfConversation }: Outcome): string[] {
  return one.forbidden_tools.filter((tool) => toolsOfConversation.includes(tool));
}

function findWrongArguments(one: EvalCase, { calls }: Outcome): string[] {
  const faults = Object.entries(one.expected_arguments).flatMap(([tool, wanted]) => {
    const made = calls.filter((call) => call.tool === tool);
    const each: WantedCall[] = [wanted].flat().map((input) => ({ tool, input }));
    const { unmet, left } = assignCalls(each, made);
    return unmet.length + left.length === 0
      ? []
      : [
          describeDifference(
            tool,
            unmet[0]?.input,
            made.map(({ input }) => input),
          ),
        ];
  });
  for (const [tool, wanted] of Object.entries(one.expected_results)) {
    const outputs = calls.filter((call) => call.tool === tool).map(({ output }) => output);
    const isRight = outputs.length > 0 && outputs.every((output) => fits(wanted, Object(output)));
    if (!isRight) faults.push(describeDifference(tool, wanted, outputs));
  }
  return faults;
}

function describeDifference(tool: string, wanted: unknown, made: readonly unknown[]): string {
  const seen = made.length === 0 ? "no call" : JSON.stringify(made).slice(0, 300);
  return wanted === undefined
    ? `${tool}: more calls than expected: ${seen}`
    : `${tool}: expected ${JSON.stringify(wanted)}, got ${seen}`;
}

function findMissingQuestion({ expected_clarification: wanted = true }: EvalCase, { answer }: Outcome): string[] {
  const words = wanted === true ? [] : [wanted].flat();
  const isAsked = answer.includes("?") && (words.length === 0 || words.some((word) => hasWords(answer, word)));
  if (isAsked) return [];
  const about = words.length === 0 ? "a question" : `a question with ${words.map((word) => `"${word}"`).join(" or ")}`;
  return [`Expected ${about}, got: ${answer.slice(0, 200)}`];
}
