import { describe, expect, it } from "vitest";
import { defaultBudget } from "@/lib/contracts/run";
import { limitFields, parseForm, toForm } from "./limit-fields";

const form = toForm(defaultBudget);
const problemOf = (name: keyof typeof form, text: string) => {
  const parsed = parseForm({ ...form, [name]: text });
  return parsed.ok ? null : parsed.problems[name];
};

describe("the form of the limits", () => {
  it("has a field for every limit, in dollars and minutes, and reads back what it shows", () => {
    const limits = Object.keys(defaultBudget.run).length + Object.keys(defaultBudget.day).length;
    expect(limitFields).toHaveLength(limits);
    expect(form).toMatchObject({ "run.costMicros": "2", "run.wallMs": "20", "day.tokens": "5000000" });
    expect(parseForm(form)).toEqual({ ok: true, budget: defaultBudget });
    expect(parseForm({ ...form, "run.costMicros": "0.25", "run.wallMs": " 1.5 " })).toMatchObject({
      budget: { run: { costMicros: 250_000, wallMs: 90_000 } },
    });
  });

  it.each([
    ["run.steps", "0", "At least 1."],
    ["run.steps", "201", "At most 200."],
    ["run.steps", "2.5", "A whole number, such as 24."],
    ["run.tokens", "1,000", "A whole number, such as 24."],
    ["run.tokens", "-5", "A whole number, such as 24."],
    ["run.costMicros", "1000.01", "At most $1,000."],
    ["run.costMicros", "0", "More than 0."],
    ["run.wallMs", "1441", "At most 1,440 min."],
    ["day.runs", "", "A whole number, such as 24."],
    ["day.costMicros", "1e3", "A number, such as 2 or 0.5."],
  ] as const)("says at %s what is wrong with “%s”", (name, text, problem) => {
    expect(problemOf(name, text)).toBe(problem);
  });

  it("names every wrong field at once", () => {
    const parsed = parseForm({ ...form, "run.steps": "x", "day.runs": "0" });
    expect(parsed.ok ? [] : Object.keys(parsed.problems).sort()).toEqual(["day.runs", "run.steps"]);
  });
});
