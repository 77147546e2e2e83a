import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ModuleError } from "./module-error";
import { toMinor } from "./money";

const minors = fc.integer({ min: -1_000_000_000_000, max: 1_000_000_000_000 });
const currencies = fc.constantFrom<[string, number]>(
  ["EUR", 2],
  ["USD", 2],
  ["JPY", 0],
  ["KWD", 3],
  ["CLF", 4],
  ["CAD", 2],
);

/** The digits of an integer amount, written with a point. */
function write(minor: number, digits: number): string {
  const all = String(Math.abs(minor)).padStart(digits + 1, "0");
  const point = digits === 0 ? "" : `.${all.slice(-digits)}`;
  return `${minor < 0 ? "-" : ""}${all.slice(0, all.length - digits)}${point}`;
}

describe("minor units of a written amount", () => {
  it("are what was written, in every currency", () => {
    fc.assert(
      fc.property(minors, currencies, (minor, [currency, digits]) => {
        expect(toMinor(write(minor, digits), currency)).toBe(minor);
      }),
    );
  });

  it("do not depend on thousands separators, blanks, signs of currencies or trailing zeros", () => {
    fc.assert(
      fc.property(minors, fc.constantFrom(",", "'"), fc.constantFrom("$", "€ ", ""), (minor, separator, sign) => {
        const [whole = "", fraction = ""] = write(Math.abs(minor), 2).split(".");
        const grouped = whole.replace(/\B(?=(\d{3})+$)/g, separator);
        const written = `${minor < 0 ? "-" : ""}${sign}${grouped}.${fraction}00`;
        expect(toMinor(written, "USD")).toBe(minor);
      }),
    );
  });

  it("change sign with the amount, and brackets mean minus", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), (minor) => {
        expect(toMinor(`-${write(minor, 2)}`, "EUR")).toBe(-minor);
        expect(toMinor(`(${write(minor, 2)})`, "EUR")).toBe(-minor);
      }),
    );
  });

  it("of more digits round half away from zero, without a detour through fractions", () => {
    fc.assert(
      fc.property(fc.integer({ min: -10_000_000, max: 10_000_000 }), (thousandths) => {
        const expected = Math.sign(thousandths) * Number((BigInt(Math.abs(thousandths)) + 5n) / 10n);
        expect(toMinor(write(thousandths, 3), "EUR")).toBe(expected === 0 ? 0 : expected);
      }),
    );
    expect(toMinor("1.005", "EUR")).toBe(101);
    expect(toMinor("0.285", "USD")).toBe(29);
  });

  it.each<[string, string | number, number]>([
    ["0", "EUR", 0],
    ["-0.00", "EUR", 0],
    [".5", "EUR", 50],
    ["5.", "EUR", 500],
    ["1,234", "EUR", 123_400],
    ["1,23,456.78", "EUR", 12_345_678],
    ["$1,234.56", "usd", 123_456],
    ["\u221212.34", "EUR", -1234],
    ["1500", "JPY", 1500],
    ["1e3", "EUR", 100_000],
    ["1.5E-1", "EUR", 15],
    ["12.345", 3, 12_345],
  ])("%s %s is %i", (text, currency, minor) => {
    expect(toMinor(text, currency)).toBe(minor);
  });

  it.each([
    "",
    "-",
    ".",
    "12,50",
    "1.234,56",
    "1,2,3",
    "abc",
    "12 EUR",
    "1.2.3",
    "--1",
    "NaN",
    "Infinity",
    "1e",
    "99999999999999999",
  ])("%j is refused instead of guessed", (text) => {
    expect(() => toMinor(text, "EUR")).toThrow(ModuleError);
  });
});
