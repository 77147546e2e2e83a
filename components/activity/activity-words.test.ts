import { describe, expect, it } from "vitest";
import { activityPath } from "./run-filter";
import { countOf, formatCost, formatShort } from "./run-words";
import { emptyDay, fillDays, measureUse } from "./usage-days";

describe("amounts", () => {
  it.each([
    [0, "–"],
    [40, "<$0.0001"],
    [1_200, "$0.0012"],
    [12_000, "$0.012"],
    [50_000, "$0.05"],
    [420_000, "$0.42"],
    [12_345_678, "$12.35"],
  ])("cost of %i millionths is %s, and what has no known price is no zero", (micros, text) => {
    expect(formatCost(micros)).toBe(text);
  });

  it("are exact while they are small, and short when they are not", () => {
    expect([0, 9_999, 12_440, 1_250_000].map(formatShort)).toEqual(["0", "9,999", "12.4K", "1.3M"]);
    expect([countOf(1, "step"), countOf(1200, "step")]).toEqual(["1 step", "1,200 steps"]);
  });
});

describe("days of use", () => {
  it("are there without a gap, also over the end of a month, and end today", () => {
    const used = { ...emptyDay("2026-02-28"), inputTokens: 5 };
    const days = fillDays([used, emptyDay("2025-01-01")], 3, "2026-03-01");
    expect(days.map((day) => [day.day, day.inputTokens])).toEqual([
      ["2026-02-27", 0],
      ["2026-02-28", 5],
      ["2026-03-01", 0],
    ]);
  });

  it("say when a limit is near and when it is reached, and fill no more than the whole meter", () => {
    expect([79, 80, 100, 250].map((used) => measureUse(used, 100))).toEqual([
      { share: 0.79, state: "fine" },
      { share: 0.8, state: "near" },
      { share: 1, state: "over" },
      { share: 1, state: "over" },
    ]);
  });
});

it("the filter's address names only what is chosen", () => {
  expect(activityPath({})).toBe("/activity");
  expect(activityPath({ status: "failed", kind: "build" }, "run_1")).toBe(
    "/activity?status=failed&kind=build&before=run_1",
  );
});
