import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ModuleError } from "./module-error";
import { addDays, daysBetween, toCalendarDate, toInstant } from "./time";

const instants = fc.date({
  min: new Date("1974-01-01T00:00:00Z"),
  max: new Date("2200-01-01T00:00:00Z"),
  noInvalidDate: true,
});
const days = fc
  .date({ min: new Date("1900-01-01"), max: new Date("2200-01-01"), noInvalidDate: true })
  .map((at) => at.toISOString().slice(0, 10));

describe("an instant", () => {
  it("is the same in every way it may be written", () => {
    fc.assert(
      fc.property(instants, fc.integer({ min: -14 * 60, max: 14 * 60 }), (at, offset) => {
        const iso = at.toISOString();
        expect(toInstant(iso)).toBe(iso);
        expect(toInstant(iso.replace(/[-:]/g, ""))).toBe(iso);
        expect(toInstant(at.getTime())).toBe(iso);
        expect(toInstant(at.getTime() / 1000)).toBe(iso);
        const local = new Date(at.getTime() + offset * 60_000).toISOString().slice(0, -1);
        const two = (value: number) => String(value).padStart(2, "0");
        const zone = `${offset < 0 ? "-" : "+"}${two(Math.floor(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`;
        expect(toInstant(local + zone)).toBe(iso);
      }),
    );
  });

  it.each([
    ["2026-03-08T19:30Z", "2026-03-08T19:30:00.000Z"],
    ["2026-03-08 19:30:05 UTC", "2026-03-08T19:30:05.000Z"],
    ["2026-03-08T19:30:05.123456789+0200", "2026-03-08T17:30:05.123Z"],
    ["1767323045", "2026-01-02T03:04:05.000Z"],
    ["1767323045123", "2026-01-02T03:04:05.123Z"],
  ])("%s is %s", (text, instant) => {
    expect(toInstant(text)).toBe(instant);
  });

  it.each([
    "",
    "2026-03-08",
    "2026-03-08T19:30",
    "2026-02-30T00:00Z",
    "2026-03-08T25:00Z",
    "2026-03-08T10:61Z",
    "tomorrow",
    "12",
  ])("%j is refused", (text) => {
    expect(() => toInstant(text)).toThrow(ModuleError);
  });

  it("is refused when it is no number", () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, 1e300])
      expect(() => toInstant(value)).toThrow(ModuleError);
  });
});

describe("a day", () => {
  it("comes back after going there and back", () => {
    fc.assert(
      fc.property(days, fc.integer({ min: -40_000, max: 40_000 }), (day, count) => {
        expect(addDays(addDays(day, count), -count)).toBe(day);
        expect(daysBetween(day, addDays(day, count))).toBe(count);
      }),
    );
  });

  it("is read as it is written, whatever the zone behind it", () => {
    expect(toCalendarDate("2026-03-08T23:30:00-11:00")).toBe("2026-03-08");
    expect(toCalendarDate("20260308")).toBe("2026-03-08");
    expect(addDays("2028-02-28", 1)).toBe("2028-02-29");
    for (const text of ["08.03.2026", "2026-02-30", "2026-3-8", ""])
      expect(() => toCalendarDate(text)).toThrow(ModuleError);
  });
});
