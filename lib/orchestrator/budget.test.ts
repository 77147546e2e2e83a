import { describe, expect, it } from "vitest";
import { type Budget, defaultBudget } from "@/lib/contracts/run";
import { listUsage } from "@/lib/db/usage";
import { setBudget, getBudget } from "@/lib/db/budget";
import { currentTime } from "@/lib/tools/builtin/current-time";
import { findSpentDay } from "./budget";
import type { LoopPorts } from "./ports";
import { person, ports, run, setUpLoop } from "./testing-loop";

setUpLoop();

const price = { input: 3, output: 15 };

/** A model that never comes to an end: 10 tokens in and 5 out at each step, with a price. */
function endless(): LoopPorts {
  const { given } = ports(() => ({ text: "Again.", calls: [{ tool: "current_time", input: {} }] }), [currentTime]);
  return {
    ...given,
    getBudget,
    resolveModel: async (viewer, role) => ({ ...(await given.resolveModel(viewer, role)), price }),
  };
}
function withDay(day: Partial<Budget["day"]>): Budget {
  return { ...defaultBudget, day: { ...defaultBudget.day, ...day } };
}

describe("money", () => {
  it("is counted where the price is known, and bounds a run", async () => {
    await setBudget(person.viewer, { ...defaultBudget, run: { ...defaultBudget.run, costMicros: 300 } });
    const { view } = await run("Go", endless());
    expect(view).toMatchObject({ status: "budget_exhausted", error: { code: "costMicros" }, costMicros: 315 });
    expect(view.error?.message).toContain("$0.00");
    expect(view.answer).toContain("Again.");
  });
});

describe("the day of a person", () => {
  it("counts runs, steps, calls, tokens and money once each, in the writes that record them", async () => {
    const { given } = ports((step) =>
      step === 0 ? { calls: [{ tool: "current_time", input: {} }] } : { text: "Late." },
    );
    await run("What time is it?", given);
    await run("And now?", given);
    expect(await listUsage(person.viewer, 7)).toMatchObject([
      { runs: 2, steps: 4, toolCalls: 2, inputTokens: 40, outputTokens: 20, costMicros: 0 },
    ]);
  });

  it.each([
    ["dayTokens", withDay({ tokens: 40 }), 3],
    ["dayCostMicros", withDay({ costMicros: 200 }), 2],
  ] as const)("ends a run at its bound on %s, in the middle, keeping what was reached", async (code, budget, steps) => {
    await setBudget(person.viewer, budget);
    const { view } = await run("Go", endless());
    expect(view).toMatchObject({ status: "budget_exhausted", error: { code } });
    expect(view.steps).toHaveLength(steps);
    const next = await run("Go on", endless());
    expect(next.view).toMatchObject({ status: "budget_exhausted", error: { code }, steps: [] });
  });

  it("takes no more runs than it may, and the model is not asked", async () => {
    await setBudget(person.viewer, withDay({ runs: 1 }));
    const { given, calls } = ports(() => ({ text: "Yes." }));
    const bounded = { ...given, getBudget };
    expect((await run("One", bounded)).view.status).toBe("done");
    expect((await run("Two", bounded)).view).toMatchObject({ status: "budget_exhausted", error: { code: "dayRuns" } });
    expect(calls).toHaveLength(1);
  });

  it("is one person's own", async () => {
    await setBudget(person.viewer, withDay({ tokens: 1 }));
    expect(findSpentDay({ runs: 1, tokens: 0, costMicros: 0 }, await getBudget(person.viewer))).toBeNull();
    expect(findSpentDay({ runs: 1, tokens: 1, costMicros: 0 }, await getBudget(person.viewer))).toBe("dayTokens");
    expect(await getBudget({ ...person.viewer, userId: "user_other" })).toEqual(defaultBudget);
  });
});
