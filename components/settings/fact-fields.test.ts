import { describe, expect, it } from "vitest";
import { type FactName, parseTexts, toTexts } from "./fact-fields";

const empty = toTexts({});
const priceOf = (input: string, output: string) => {
  const parsed = parseTexts({ ...empty, input, output });
  return parsed.ok ? parsed.facts.price : parsed.problems;
};

describe("window and price of a model", () => {
  it("reads a price below ten cents as it was written, one key after the other", () => {
    const typed = [..."0.05"].map((_key, at) => priceOf("0.05".slice(0, at + 1), ""));
    expect(typed.map((price) => price?.input)).toEqual([0, 0, 0, 0.05]);
    expect(priceOf(".05", "0.4")).toEqual({ input: 0.05, output: 0.4 });
  });

  it("knows no price only when both fields are empty; nothing at all is a price, too", () => {
    expect(priceOf("", " ")).toBeUndefined();
    expect(priceOf("0", "")).toEqual({ input: 0, output: 0 });
    expect(priceOf("", "0.00")).toEqual({ input: 0, output: 0 });
  });

  it.each([0.05, 0.1, 3, 0.0000001, 9999.99])("takes back what it shows of %d", (input) => {
    const facts = { contextTokens: 128_000, price: { input, output: 0 } };
    expect(parseTexts(toTexts(facts))).toEqual({ ok: true, facts });
  });

  it.each<[FactName, string, string]>([
    ["input", "abc", "Write dollars as a number with a point, such as 3 or 0.05."],
    ["input", "0,05", "Write dollars as a number with a point, such as 3 or 0.05."],
    ["input", "1e3", "Write dollars as a number with a point, such as 3 or 0.05."],
    ["output", "-1", "At least $0."],
    ["output", "10000.01", "At most $10,000."],
    ["contextTokens", "128,000", "Write a whole number without separators, such as 128000."],
    ["contextTokens", "2000.5", "Write a whole number without separators, such as 128000."],
    ["contextTokens", "1999", "At least 2,000."],
    ["contextTokens", "10000001", "At most 10,000,000."],
  ])("says at %s what is wrong with “%s”", (name, text, problem) => {
    const parsed = parseTexts({ ...empty, [name]: text });
    expect(parsed.ok ? null : parsed.problems).toEqual({ [name]: problem });
  });

  it("names every wrong field at once", () => {
    const parsed = parseTexts({ contextTokens: "x", input: "y", output: "-1" });
    expect(parsed.ok ? [] : Object.keys(parsed.problems)).toEqual(["contextTokens", "input", "output"]);
  });
});
