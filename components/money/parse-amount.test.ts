import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseAmount, writeAmount } from "./parse-amount";

describe("an amount in a box", () => {
  it.each([
    ["12", "CAD", 1200],
    ["12.5", "CAD", 1250],
    ["12,50", "EUR", 1250],
    ["1,234.50", "CAD", 123_450],
    ["1.234,50", "EUR", 123_450],
    ["1 234 567", "CAD", 123_456_700],
    ["1,000", "CAD", 100_000],
    [".5", "CAD", 50],
    ["0", "CAD", 0],
    ["500", "JPY", 500],
    ["1.234", "KWD", 1234],
    ["1,234,567", "JPY", 1_234_567],
    ["12.345", "KWD", 12_345],
  ])("reads %s %s", (text, currency, minor) => expect(parseAmount(text, currency)).toBe(minor));

  it.each([
    ["", "CAD"],
    [".", "CAD"],
    ["abc", "CAD"],
    ["-5", "CAD"],
    ["12.345.6", "CAD"],
    ["1,234,5", "CAD"],
    ["1.5", "JPY"],
    ["0.001", "CAD"],
    ["99999999999999999", "CAD"],
  ])("refuses %j %s", (text, currency) => {
    expect(parseAmount(text, currency)).toBeNull();
  });

  it("comes back as it was shown, in every currency", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e12 }), fc.constantFrom("CAD", "JPY", "KWD", "CLF"), (minor, currency) => {
        expect(parseAmount(writeAmount(minor, currency), currency)).toBe(minor);
      }),
    );
  });
});
