import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { assignCalls, fits, matchesGlob, type WantedInput } from "./match-input";

describe("a wanted argument", () => {
  it("is the same value, a glob, words in any case, or nothing at all", () => {
    const given = { place: "Berlin", days: 3, tags: ["a", "b"], text: "Ask Priya about it" };
    expect(fits({ place: "Berlin", days: 3, tags: ["a", "b"] }, given)).toBe(true);
    expect(fits({ place: "Ber*", text: "*Priya*" }, given)).toBe(true);
    expect(fits({ text: { like: "ask priya" } }, given)).toBe(true);
    expect(fits({ missing: null }, given)).toBe(true);
    const wrongs: WantedInput[] = [
      { place: "berlin" },
      { days: "3" },
      { days: 4 },
      { tags: ["b", "a"] },
      { place: null },
      { missing: "*" },
      { days: { like: "3" } },
    ];
    for (const wrong of wrongs) expect([wrong, fits(wrong, given)]).toEqual([wrong, false]);
  });

  it("takes stars in formulas and code for what they are, and spaces in formulas for nothing", () => {
    expect(fits({ expression: "6 * 7" }, { expression: "6*7" })).toBe(true);
    expect(fits({ expression: "6*7" }, { expression: "6+1*7" })).toBe(false);
    expect(fits({ code: "return 2 * 3" }, { code: "return 2 + 1 * 3" })).toBe(false);
  });
});

describe("a glob", () => {
  const part = fc.stringMatching(/^[ab.]{0,4}$/);

  it("means the same as a regular expression in which only the star is special", () => {
    expect([matchesGlob("a*b*b", "ab"), matchesGlob("a*b*b", "abb")]).toEqual([false, true]);
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), fc.stringMatching(/^[ab.]{0,9}$/), (parts, text) => {
        const pattern = parts.map((one) => one.replaceAll(".", "\\.")).join(".*");
        expect(matchesGlob(parts.join("*"), text)).toBe(new RegExp(`^${pattern}$`).test(text));
      }),
    );
  });

  it("lets a star stand for any text", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (before, middle, after) => {
        fc.pre(!`${before}${after}`.includes("*"));
        expect(matchesGlob(`${before}*${after}`, before + middle + after)).toBe(true);
      }),
    );
  });

  it("needs no longer for many stars", () => {
    const startedAt = performance.now();
    expect(matchesGlob("*a".repeat(2000), `${"a".repeat(20_000)}b`)).toBe(false);
    expect(performance.now() - startedAt).toBeLessThan(2000);
  });
});

describe("wanted calls and made ones", () => {
  const inputs = fc.record({ a: fc.integer({ min: 0, max: 2 }), b: fc.integer({ min: 0, max: 2 }) });
  const made = fc.array(fc.record({ tool: fc.constantFrom("x", "y"), input: inputs }), { maxLength: 5 });
  const wanted = fc.array(
    fc.record({
      tool: fc.constantFrom("x", "y"),
      input: fc.record({ a: fc.integer({ min: 0, max: 2 }), b: fc.integer({ min: 0, max: 2 }) }, { requiredKeys: [] }),
    }),
    { maxLength: 5 },
  );

  it("are paired as often as can be, whatever order they stand in", () => {
    expect(
      assignCalls(
        [
          { tool: "x", input: {} },
          { tool: "x", input: { a: 1 } },
        ],
        [
          { tool: "x", input: { a: 1 } },
          { tool: "x", input: { a: 2 } },
        ],
      ),
    ).toEqual({ unmet: [], left: [] });
    const pairs = fc
      .tuple(wanted, made)
      .chain(([wants, calls]) =>
        fc.tuple(
          fc.constant(wants),
          fc.constant(calls),
          fc.shuffledSubarray(wants, { minLength: wants.length }),
          fc.shuffledSubarray(calls, { minLength: calls.length }),
        ),
      );
    fc.assert(
      fc.property(pairs, ([wants, calls, otherWants, otherCalls]) => {
        const { unmet, left } = assignCalls(wants, calls);
        expect(wants.length - unmet.length).toBe(calls.length - left.length);
        const other = assignCalls(otherWants, otherCalls);
        expect([other.unmet.length, other.left.length]).toEqual([unmet.length, left.length]);
        for (const want of unmet)
          expect(left.some((call) => call.tool === want.tool && fits(want.input, call.input))).toBe(false);
      }),
    );
  });
});
