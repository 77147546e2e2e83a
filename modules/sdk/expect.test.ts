import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect as check, it } from "vitest";
import { ExpectationError, makeExpectation as expect } from "./expect";
import { ModuleError } from "./module-error";

const holds = (run: () => void) => check(run).not.toThrow();
const breaks = (run: () => void) => check(run).toThrow(ExpectationError);

describe("an expectation", () => {
  it("of equality agrees with the one we use ourselves, and `not` is its opposite", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (left, right) => {
        const isEqual = isDeepStrictEqual(left, right);
        (isEqual ? holds : breaks)(() => expect(left).toEqual(right));
        (isEqual ? breaks : holds)(() => expect(left).not.toEqual(right));
      }),
    );
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        holds(() => expect(value).toEqual(structuredClone(value)));
        holds(() => expect(value).toMatchObject(structuredClone(value)));
      }),
    );
  });

  it.each<[string, () => void, () => void]>([
    ["toBe", () => expect(1).toBe(1), () => expect({}).toBe({})],
    [
      "toEqual with undefined",
      () => expect({ a: 1, b: undefined }).toEqual({ a: 1 }),
      () => expect([1]).toEqual({ 0: 1 }),
    ],
    [
      "toMatchObject",
      () => expect({ a: { b: 1, c: 2 } }).toMatchObject({ a: { b: 1 } }),
      () => expect([1, 2]).toMatchObject([1]),
    ],
    ["toContain", () => expect([{ a: 1 }]).toContain({ a: 1 }), () => expect("abc").toContain("d")],
    ["toMatch", () => expect("abc").toMatch(/b/), () => expect(5).toMatch("5")],
    ["toHaveLength", () => expect([1]).toHaveLength(1), () => expect(null).toHaveLength(0)],
    ["toHaveProperty", () => expect({ a: 1 }).toHaveProperty("a", 1), () => expect({ a: 1 }).toHaveProperty("b")],
    ["toBeGreaterThan", () => expect(2).toBeGreaterThan(1), () => expect(1).toBeGreaterThan(1)],
    ["toBeGreaterThanOrEqual", () => expect(1).toBeGreaterThanOrEqual(1), () => expect("2").toBeGreaterThanOrEqual(1)],
    ["toBeLessThan", () => expect(1).toBeLessThan(2), () => expect(2).toBeLessThan(2)],
    ["toBeLessThanOrEqual", () => expect(2).toBeLessThanOrEqual(2), () => expect(3).toBeLessThanOrEqual(2)],
    ["toBeCloseTo", () => expect(0.1 + 0.2).toBeCloseTo(0.3), () => expect(0.31).toBeCloseTo(0.3)],
    ["toBeTruthy", () => expect("a").toBeTruthy(), () => expect("").toBeTruthy()],
    ["toBeFalsy", () => expect(0).toBeFalsy(), () => expect("0").toBeFalsy()],
    ["toBeNull", () => expect(null).toBeNull(), () => expect(undefined).toBeNull()],
    ["toBeUndefined", () => expect(undefined).toBeUndefined(), () => expect(null).toBeUndefined()],
    ["toBeDefined", () => expect(null).toBeDefined(), () => expect(undefined).toBeDefined()],
    [
      "toBeInstanceOf",
      () => expect(new ModuleError("schema", "")).toBeInstanceOf(Error),
      () => expect({}).toBeInstanceOf(Error),
    ],
    [
      "toThrow",
      () =>
        expect(() => {
          throw new Error("no way");
        }).toThrow("way"),
      () => expect(() => 1).toThrow(),
    ],
    [
      "toThrow with a code",
      () =>
        expect(() => {
          throw new ModuleError("schema", "x");
        }).toThrow("schema"),
      () =>
        expect(() => {
          throw new ModuleError("schema", "x");
        }).toThrow("upstream"),
    ],
  ])("%s", (_name, good, bad) => {
    holds(good);
    breaks(bad);
  });

  it("of a promise waits for it", async () => {
    await expect(Promise.resolve({ a: 1 })).resolves.toEqual({ a: 1 });
    await expect(Promise.reject(new ModuleError("not_found", "gone"))).rejects.toThrow("not_found");
    await expect(async () => {
      throw new Error("later");
    }).rejects.toThrow(/late/);
    await expect(Promise.reject(new Error("a"))).rejects.not.toThrow("b");
    await check(expect(Promise.resolve(1)).rejects.toThrow()).rejects.toThrow("a rejection was expected");
    await check(expect(Promise.resolve(1)).resolves.toBe(2)).rejects.toThrow(ExpectationError);
  });

  it("that is broken says what it got and what it wanted, cut to a length", () => {
    check(() => expect({ a: 1 }).toEqual({ a: 2 })).toThrow('expect({"a":1}).toEqual({"a":2}) does not hold');
    check(() => expect("x".repeat(5000)).not.toContain("x")).toThrow(/^.{0,700}$/s);
    const circle: Record<string, unknown> = {};
    circle.circle = circle;
    check(() => expect(circle).toBe(1)).toThrow(ExpectationError);
  });
});
