import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Block, layoutDay, leastMinutes } from "./layout-day";

const dayLengths = fc.constantFrom(23 * 60, 24 * 60, 25 * 60);
const day = dayLengths.chain((length) =>
  fc.record({
    length: fc.constant(length),
    blocks: fc
      .array(fc.tuple(fc.integer({ min: 0, max: length }), fc.integer({ min: 0, max: 600 })), { maxLength: 40 })
      .map((pairs) =>
        pairs.map(([from, minutes], index): Block => ({ id: `e${index}`, from, to: Math.min(length, from + minutes) })),
      ),
  }),
);
const tiny = 1e-9;

describe("events of a day", () => {
  it("never share space when they overlap, and none is lost, too small to hit or outside of the day", () => {
    fc.assert(
      fc.property(day, ({ blocks, length }) => {
        const placed = layoutDay(blocks, length);
        expect(placed.map(({ id }) => id).sort()).toEqual(blocks.map(({ id }) => id).sort());
        for (const { from, to, left, width } of placed) {
          expect(from).toBeGreaterThanOrEqual(0);
          expect(to).toBeLessThanOrEqual(length);
          expect(to - from).toBeGreaterThanOrEqual(leastMinutes);
          expect(left).toBeGreaterThanOrEqual(0);
          expect(width).toBeGreaterThan(0);
          expect(left + width).toBeLessThanOrEqual(1 + tiny);
        }
        for (const [index, one] of placed.entries())
          for (const other of placed.slice(index + 1)) {
            const isAtSameTime = one.from < other.to && other.from < one.to;
            const isAtSamePlace =
              one.left < other.left + other.width - tiny && other.left < one.left + one.width - tiny;
            expect(isAtSameTime && isAtSamePlace, `${one.id} and ${other.id}`).toBe(false);
          }
      }),
      { numRuns: 500 },
    );
  });

  it("cover the time they take, whatever else there is", () => {
    fc.assert(
      fc.property(day, ({ blocks, length }) => {
        const placed = new Map(layoutDay(blocks, length).map((block) => [block.id, block]));
        for (const { id, from, to } of blocks) {
          expect(placed.get(id)?.from).toBeLessThanOrEqual(from);
          expect(placed.get(id)?.to).toBeGreaterThanOrEqual(to);
        }
      }),
    );
  });

  it("have the whole width where they are alone, and take what is free beside them", () => {
    const blocks = [
      { id: "alone", from: 0, to: 60 },
      { id: "long", from: 540, to: 720 },
      { id: "first", from: 540, to: 600 },
      { id: "second", from: 540, to: 600 },
      { id: "later", from: 620, to: 700 },
    ];
    const placed = Object.fromEntries(layoutDay(blocks, 1440).map((block) => [block.id, block]));
    expect(placed.alone).toMatchObject({ left: 0, width: 1 });
    expect(placed.long).toMatchObject({ left: 0, width: 1 / 3 });
    expect(placed.later).toMatchObject({ left: 1 / 3, width: 2 / 3 });
  });
});
