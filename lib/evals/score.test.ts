import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { EvalCase } from "./eval-case";
import type { Outcome } from "./run-case";
import { judge, type Marks, metricNames, summarise, wilsonInterval } from "./score";
import { evalCase, outcomeOf } from "./testing";

const names = ["look_up", "add", "remove"];
const inputs = fc.record({ n: fc.integer({ min: 0, max: 2 }) });
const calls = fc.array(fc.record({ tool: fc.constantFrom(...names), input: inputs }), { maxLength: 5 });
const cases: fc.Arbitrary<EvalCase> = fc
  .tuple(fc.subarray(names), fc.boolean(), fc.boolean(), fc.boolean())
  .map(([tools, hasArguments, asks, isMultiStep]) =>
    evalCase({
      expected_tools: tools,
      expected_arguments: hasArguments ? Object.fromEntries(tools.map((tool) => [tool, { n: 1 }])) : {},
      ...(asks ? { expected_clarification: true } : {}),
      multi_step: isMultiStep,
    }),
  );
const outcomes: fc.Arbitrary<Outcome> = fc
  .tuple(calls, fc.constantFrom("", "Which one?", "Done."), fc.constantFrom("done" as const, "failed" as const))
  .map(([made, answer, status]) => outcomeOf(made, { answer, status }));

/** What the case asks for, to the letter. */
function perfect(one: EvalCase): Outcome {
  return outcomeOf(
    one.expected_tools.map((tool) => ({ tool, input: { n: 1 } })),
    { answer: one.expected_clarification === undefined ? "Done." : "Which one?" },
  );
}

const judged = fc.array(fc.tuple(cases, outcomes), { maxLength: 12 });
const marksOf = (pairs: readonly (readonly [EvalCase, Outcome])[]): Marks[] =>
  pairs.map(([one, outcome]) => judge(one, outcome).marks);

describe("the score", () => {
  it("is a share between 0 and 1 that lies in its own interval", () => {
    fc.assert(
      fc.property(judged, (pairs) => {
        const metrics = summarise(marksOf(pairs));
        for (const name of metricNames) {
          const { value, low, high, n, correct } = metrics[name];
          if (value === null || low === null || high === null) expect(n).toBe(0);
          else {
            expect(value).toBe(correct / n);
            expect(low).toBeGreaterThanOrEqual(0);
            expect(low).toBeLessThanOrEqual(value);
            expect(high).toBeGreaterThanOrEqual(value);
            expect(high).toBeLessThanOrEqual(1);
          }
        }
      }),
    );
  });

  it("does not depend on the order of cases", () => {
    const shuffled = judged.chain((pairs) =>
      fc.tuple(fc.constant(pairs), fc.shuffledSubarray(pairs, { minLength: pairs.length })),
    );
    fc.assert(
      fc.property(shuffled, ([pairs, others]) => {
        expect(summarise(marksOf(others))).toEqual(summarise(marksOf(pairs)));
      }),
    );
  });

  it("does not depend on the order of calls", () => {
    const shuffled = fc
      .tuple(cases, outcomes)
      .chain(([one, outcome]) =>
        fc.tuple(
          fc.constant(one),
          fc.constant(outcome),
          fc.shuffledSubarray(outcome.calls, { minLength: outcome.calls.length }),
        ),
      );
    fc.assert(
      fc.property(shuffled, ([one, outcome, others]) => {
        expect(judge(one, { ...outcome, calls: others }).marks).toEqual(judge(one, outcome).marks);
      }),
    );
  });

  it("is full for what was expected, and one extra tool anywhere always lowers the selection", () => {
    fc.assert(
      fc.property(fc.array(cases, { minLength: 1, maxLength: 10 }), fc.nat(), (some, seed) => {
        const pairs = some.map((one) => [one, perfect(one)] as const);
        const full = summarise(marksOf(pairs));
        for (const name of metricNames) expect([1, null]).toContain(full[name].value);
        const at = seed % some.length;
        const worse = pairs.map(([one, outcome], index) =>
          index === at
            ? ([one, outcomeOf([...outcome.calls, { tool: "extra" }], { answer: outcome.answer })] as const)
            : ([one, outcome] as const),
        );
        const lower = summarise(marksOf(worse)).tool_selection_accuracy.value;
        expect(lower).toBe((some.length - 1) / some.length);
      }),
    );
  });

  it("is never better for an extra tool", () => {
    fc.assert(
      fc.property(cases, outcomes, (one, outcome) => {
        const before = judge(one, outcome).marks;
        const after = judge(
          one,
          outcomeOf([...outcome.calls, { tool: "extra" }], {
            ...outcome,
            calls: [...outcome.calls, { tool: "extra", input: {}, output: null }],
          }),
        ).marks;
        expect(after.tool_selection_accuracy).toBe(false);
        for (const name of metricNames) if (after[name]) expect(before[name]).toBe(true);
      }),
    );
  });

  it("has Wilson's interval", () => {
    const { low, high } = wilsonInterval(8, 10);
    expect([low.toFixed(4), high.toFixed(4)]).toEqual(["0.4902", "0.9433"]);
    expect(wilsonInterval(0, 5).low).toBe(0);
    expect(wilsonInterval(5, 5).high).toBe(1);
  });

  it("is judged by the thresholds, and without cases by none", () => {
    const marks = (right: number, of: number): Marks[] =>
      Array.from({ length: of }, (_, index) => ({
        tool_selection_accuracy: index < right,
        argument_correctness: null,
        clarification_accuracy: null,
        multi_step_completion: false,
      }));
    const met = summarise(marks(17, 20));
    expect([met.tool_selection_accuracy.met, met.argument_correctness.met, met.multi_step_completion.met]).toEqual([
      true,
      true,
      true,
    ]);
    expect(summarise(marks(16, 20)).tool_selection_accuracy.met).toBe(false);
  });
});

describe("a verdict", () => {
  const weather = (place: string) => ({ tool: "weather", input: { place } });

  it("wants one call for each of several wanted arguments, and no more", () => {
    const one = evalCase({
      expected_tools: ["weather"],
      expected_arguments: { weather: [{ place: "oslo" }, { place: "rome" }] },
    });
    const mark = (...places: string[]) => judge(one, outcomeOf(places.map(weather))).marks.argument_correctness;
    expect([mark("rome", "oslo"), mark("oslo"), mark("oslo", "oslo"), mark("oslo", "rome", "bern")]).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  it("takes a calculation by what it comes to", () => {
    const one = evalCase({ expected_tools: ["math"], expected_results: { math: { result: "67.42*" } } });
    const mark = (output: unknown) => judge(one, outcomeOf([{ tool: "math", output }])).marks.argument_correctness;
    expect([mark({ result: "67.425" }), mark({ result: "67" }), mark(null)]).toEqual([true, false, false]);
  });

  it("fails for a forbidden tool at any point of the conversation", () => {
    const one = evalCase({ expected_tools: [], forbidden_tools: ["remove"] });
    const { marks, faults } = judge(one, outcomeOf([], { toolsOfConversation: ["remove"] }));
    expect([marks.tool_selection_accuracy, faults]).toEqual([false, ["Called, though forbidden: remove"]]);
  });

  it("wants a question with one of the words, and nothing done in place of it", () => {
    const one = evalCase({ expected_clarification: ["which", "id"] });
    const mark = (answer: string, made: string[] = []) =>
      judge(
        one,
        outcomeOf(
          made.map((tool) => ({ tool })),
          { answer },
        ),
      ).marks.clarification_accuracy;
    expect([mark("Which pet?"), mark("Which pet."), mark("Anything else?"), mark("Which pet?", ["remove"])]).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  it("completes several steps with the right calls and an answer", () => {
    const one = evalCase({
      expected_tools: ["look_up", "add"],
      multi_step: true,
      expected_arguments: { add: { n: 1 } },
    });
    const mark = (made: string[], fields: Partial<Outcome> = {}, n = 1) =>
      judge(
        one,
        outcomeOf(
          made.map((tool) => ({ tool, input: { n } })),
          fields,
        ),
      ).marks.multi_step_completion;
    expect([
      mark(["look_up", "add"]),
      mark(["look_up"]),
      mark(["look_up", "add"], { answer: " " }),
      mark(["look_up", "add"], { status: "budget_exhausted" }),
      mark(["look_up", "add"], {}, 2),
    ]).toEqual([true, false, false, false, false]);
  });
});
