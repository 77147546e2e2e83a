import { Temporal } from "temporal-polyfill";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addDays } from "@/lib/contracts/day";
import { daysOf } from "./calendar-days";
import { makeDayGrid } from "./day-slots";

const berlin = "Europe/Berlin";
const forward = "2026-03-29";
const back = "2026-10-25";

describe("a day of 24 hours", () => {
  it("has each hour once, and an instant stands at its time on the clock", () => {
    const grid = makeDayGrid(["2026-11-27"], berlin);
    expect(grid.slots).toHaveLength(24);
    expect(grid.minuteOf("2026-11-27", "2026-11-27T09:30:00Z")).toBe(10 * 60 + 30);
    expect(grid.minuteOf("2026-11-27", "2026-11-26T09:30:00Z")).toBe(0);
    expect(grid.minuteOf("2026-11-27", "2026-11-28T09:30:00Z", true)).toBe(24 * 60);
  });
});

describe("the day on which the clocks go forward", () => {
  it("has 23 hours, and what goes over the jump is as long as it takes", () => {
    const grid = makeDayGrid([forward], berlin);
    expect(grid.slots).toHaveLength(23);
    expect(grid.slots.map(({ hour }) => hour)).not.toContain(2);
    // 1:30 to 3:30 is one hour.
    const from = grid.minuteOf(forward, "2026-03-29T00:30:00Z");
    expect(grid.minuteOf(forward, "2026-03-29T01:30:00Z", true) - from).toBeCloseTo(60, 3);
  });

  it("has a gap in a week, where the other days have that hour", () => {
    const days = daysOf("week", forward, 1);
    const grid = makeDayGrid(days, berlin);
    expect(grid.slots).toHaveLength(24);
    expect(grid.gaps.get(forward)).toEqual([2]);
    expect(days.filter((day) => (grid.gaps.get(day) ?? []).length > 0)).toEqual([forward]);
    expect(grid.minuteOf(forward, "2026-03-29T01:00:00Z")).toBe(3 * 60);
    // What ends at the jump ends before the gap.
    expect(grid.minuteOf(forward, "2026-03-29T01:00:00Z", true)).toBeCloseTo(2 * 60, 3);
  });
});

describe("the day on which the clocks go back", () => {
  it("has 25 hours, and the hour that comes twice stands there twice", () => {
    const grid = makeDayGrid([back], berlin);
    expect(grid.slots).toHaveLength(25);
    expect(grid.slots.filter(({ hour }) => hour === 2)).toEqual([
      { hour: 2, turn: 0 },
      { hour: 2, turn: 1 },
    ]);
    const [first, second] = ["2026-10-25T00:15:00Z", "2026-10-25T01:15:00Z"].map((at) => grid.minuteOf(back, at));
    expect([first, second]).toEqual([2 * 60 + 15, 3 * 60 + 15]);
  });

  it("makes a gap in the other days of its week", () => {
    const days = daysOf("week", back, 1);
    const grid = makeDayGrid(days, berlin);
    expect(grid.slots).toHaveLength(25);
    for (const day of days) expect(grid.gaps.get(day)).toEqual(day === back ? [] : [3]);
  });
});

describe("any day in any zone", () => {
  const zones = [
    "UTC",
    berlin,
    "America/Toronto",
    "Australia/Lord_Howe",
    "America/Havana",
    "Asia/Kathmandu",
    "Africa/Cairo",
  ];
  const at = fc.integer({ min: Date.parse("2025-01-01"), max: Date.parse("2027-12-31") });

  it("draws instants in their order, inside of the day", () => {
    fc.assert(
      fc.property(fc.constantFrom(...zones), at, fc.integer({ min: 1, max: 600 }), (zone, ms, minutes) => {
        const day = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone).toPlainDate().toString();
        const grid = makeDayGrid([day], zone);
        const from = grid.minuteOf(day, ms);
        const to = grid.minuteOf(day, ms + minutes * 60_000, true);
        expect(from).toBeGreaterThanOrEqual(0);
        expect(to).toBeLessThanOrEqual(grid.slots.length * 60 + 0.001);
        expect(to).toBeGreaterThan(from);
      }),
    );
  });

  it("is part of a week that has at most one hour more than it", () => {
    fc.assert(
      fc.property(fc.constantFrom(...zones), at, (zone, ms) => {
        const day = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone).toPlainDate().toString();
        const slots = makeDayGrid(daysOf("week", day, 7), zone).slots.length;
        expect([24, 25]).toContain(slots);
        expect(makeDayGrid([addDays(day, 1)], zone).slots.length).toBeLessThanOrEqual(25);
      }),
      { numRuns: 40 },
    );
  });
});
