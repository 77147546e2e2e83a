import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Doublable, matchDoubles } from "./match-doubles";

const row = (id: string, n: number, more: Partial<Doublable> = {}): Doublable => ({
  ...{ id, date: new Date(Date.UTC(2026, 9, n)).toISOString().slice(0, 10), amountMinor: -450, currency: "CAD" },
  ...{ merchant: "STARBUCKS 800", company: "Starbucks" },
  ...more,
});
const pairs = (older: Doublable[], newer: Doublable[]) =>
  matchDoubles(older, newer)
    .map(({ olderId, newerId }) => `${olderId}=${newerId}`)
    .sort();

describe("doubles", () => {
  it("are of the same amount, currency and merchant, at most three days apart", () => {
    expect(pairs([row("a", 1)], [row("x", 4)])).toEqual(["a=x"]);
    expect(pairs([row("a", 1)], [row("x", 5)])).toEqual([]);
    expect(pairs([row("a", 1)], [row("x", 1, { amountMinor: -451 })])).toEqual([]);
    expect(pairs([row("a", 1)], [row("x", 1, { amountMinor: 450 })])).toEqual([]);
    expect(pairs([row("a", 1)], [row("x", 1, { currency: "USD" })])).toEqual([]);
    expect(pairs([row("a", 1)], [row("x", 1, { merchant: "SHELL", company: "Shell" })])).toEqual([]);
    expect(pairs([row("a", 1)], [row("x", 1, { merchant: "Starbucks Coffee" })])).toEqual(["a=x"]);
  });

  it("are matched one to one, in their order, the same day first", () => {
    expect(pairs([row("a", 1), row("b", 1)], [row("x", 1), row("y", 1), row("z", 1)])).toEqual(["a=x", "b=y"]);
    expect(pairs([row("a", 1), row("b", 2)], [row("y", 2), row("z", 3)])).toEqual(["a=z", "b=y"]);
    expect(pairs([row("a", 2)], [row("x", 1), row("y", 2)])).toEqual(["a=y"]);
  });

  it("never take one row twice, and all of it when both sides tell the same", () => {
    const purchase = fc.record({ day: fc.integer({ min: 1, max: 20 }), amountMinor: fc.constantFrom(-1, -2) });
    const rows = (all: { day: number; amountMinor: number }[], prefix: string) =>
      all.map(({ day, amountMinor }, n) => row(`${prefix}${n}`, day, { amountMinor }));
    fc.assert(
      fc.property(fc.array(purchase), fc.array(purchase), (one, two) => {
        const found = matchDoubles(rows(one, "a"), rows(two, "x"));
        expect(new Set(found.map(({ olderId }) => olderId)).size).toBe(found.length);
        expect(new Set(found.map(({ newerId }) => newerId)).size).toBe(found.length);
        expect(matchDoubles(rows(one, "a"), rows(one, "x"))).toHaveLength(one.length);
      }),
    );
  });
});
