import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addDays } from "@/lib/contracts/day";
import { daysOf } from "./calendar-days";
import { layoutLanes } from "./layout-lanes";

const week = daysOf("week", "2026-11-25", 1);
const spans = fc
  .array(fc.tuple(fc.integer({ min: -10, max: 10 }), fc.integer({ min: 1, max: 14 })), { maxLength: 25 })
  .map((pairs) =>
    pairs.map(([first, length], index) => {
      const from = addDays("2026-11-25", first);
      return { id: `s${index}`, from, to: addDays(from, length) };
    }),
  );

describe("what lasts whole days", () => {
  it("stands over exactly its days, and nothing stands over something else", () => {
    fc.assert(
      fc.property(spans, (given) => {
        const placed = layoutLanes(given, week);
        for (const { id, from, to } of given) {
          const found = placed.find((span) => span.id === id);
          const days = week.filter((day) => from <= day && day < to);
          expect(found ? week.slice(found.firstColumn, found.endColumn) : []).toEqual(days);
        }
        for (const [index, one] of placed.entries())
          for (const other of placed.slice(index + 1))
            expect(
              one.lane === other.lane && one.firstColumn < other.endColumn && other.firstColumn < one.endColumn,
            ).toBe(false);
      }),
    );
  });

  it("says where it goes on outside of what is shown", () => {
    const [cut, whole] = layoutLanes(
      [
        { id: "a", from: "2026-11-20", to: "2026-12-05" },
        { id: "b", from: "2026-11-23", to: "2026-11-30" },
      ],
      week,
    );
    expect(cut).toMatchObject({ id: "a", isCutBefore: true, isCutAfter: true });
    expect(whole).toMatchObject({ id: "b", isCutBefore: false, isCutAfter: false, firstColumn: 0, endColumn: 7 });
  });
});
