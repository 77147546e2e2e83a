import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatInZone, parseLocalTime } from "./local-time";

const zones = fc.constantFrom(
  "UTC",
  "Europe/Berlin",
  "America/New_York",
  "Asia/Kathmandu",
  "Australia/Lord_Howe",
  "Pacific/Apia",
);
const instants = fc
  .integer({ min: Date.UTC(1990, 0), max: Date.UTC(2040, 0) })
  .map((ms) => Math.floor(ms / 1000) * 1000);

describe("local time", () => {
  it("written with its offset is the same instant", () => {
    fc.assert(
      fc.property(instants, zones, (ms, zone) => {
        expect(Date.parse(formatInZone(new Date(ms).toISOString(), zone))).toBe(ms);
      }),
    );
  });

  it("read back is the same instant, or the first of the two that have this local time", () => {
    fc.assert(
      fc.property(instants, zones, (ms, zone) => {
        const local = formatInZone(new Date(ms).toISOString(), zone).slice(0, 19);
        const read = Date.parse(parseLocalTime(local, zone));
        expect(formatInZone(new Date(read).toISOString(), zone).slice(0, 19)).toBe(local);
        expect(ms - read).toBeGreaterThanOrEqual(0);
        expect(ms - read).toBeLessThanOrEqual(3_600_000);
      }),
    );
  });

  it("that a change of clocks skips moves forward by the gap", () => {
    expect(parseLocalTime("2026-03-08T02:30", "America/New_York")).toBe("2026-03-08T07:30:00.000Z");
    expect(parseLocalTime("2026-03-29 02:15:30", "Europe/Berlin")).toBe("2026-03-29T01:15:30.000Z");
  });

  it("that occurs twice means the first", () => {
    expect(parseLocalTime("2026-11-01T01:30", "America/New_York")).toBe("2026-11-01T05:30:00.000Z");
  });

  it("takes a date alone as midnight", () => {
    expect(parseLocalTime("2026-07-01", "Europe/Berlin")).toBe("2026-06-30T22:00:00.000Z");
  });

  it.each([
    ["2026-02-30T10:00", "UTC"],
    ["2026-13-01", "UTC"],
    ["10:00", "UTC"],
    ["2026-01-01T10:00Z", "UTC"],
    ["2026-01-01T10:00", "Mars/Olympus"],
  ])("%s in %s is refused", (text, zone) => {
    expect(() => parseLocalTime(text, zone)).toThrow(RangeError);
  });
});
