import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { describeTimes, moveTimes, readTimes, spanOfDays, spanOfTimes } from "./event-times";

const zones = ["Europe/Berlin", "America/Toronto", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia", "UTC"];
const zone = fc.constantFrom(...zones);
const minute = fc.integer({ min: Date.UTC(2020, 0) / 60_000, max: Date.UTC(2035, 0) / 60_000 });
const localOf = (minutes: number) => new Date(minutes * 60_000).toISOString().slice(0, 19);

describe("times as people say them", () => {
  it.each([
    ["2026-11-30T10:00", "2026-11-30T10:30", "Europe/Berlin", "2026-11-30T09:00:00Z", "2026-11-30T09:30:00Z"],
    ["2026-11-30T10:00", "2026-11-30T10:30", "Asia/Kathmandu", "2026-11-30T04:15:00Z", "2026-11-30T04:45:00Z"],
    // Over the night in which the clocks go back: nine hours, not eight.
    ["2026-10-24T23:00", "2026-10-25T07:00", "Europe/Berlin", "2026-10-24T21:00:00Z", "2026-10-25T06:00:00Z"],
  ])("%s to %s in %s", (start, end, timeZone, from, to) => {
    expect(readTimes(start, end, timeZone)).toEqual({ start: { at: from, timeZone }, end: { at: to, timeZone } });
  });

  it("are refused where the clock skips them, and where the end is not after the start", () => {
    expect(() => readTimes("2026-03-29T02:30", "2026-03-29T04:00", "Europe/Berlin")).toThrow(/does not exist/);
    expect(() => readTimes("2026-11-30T10:00", "2026-11-30T10:00", "UTC")).toThrow(/after the start/);
    expect(() => readTimes("2026-11-30", "2026-11-29", "UTC")).toThrow(/before the first/);
    expect(() => readTimes("2026-11-30", "2026-11-30T10:00", "UTC")).toThrow(/both/);
  });

  it("of whole days are those days in every zone, the last one included", () => {
    expect(readTimes("2026-12-24", "2026-12-26", "Pacific/Apia")).toEqual({
      start: { date: "2026-12-24" },
      end: { date: "2026-12-27" },
    });
  });

  it("come back as they were said, wherever that time exists", () => {
    fc.assert(
      fc.property(minute, fc.integer({ min: 1, max: 3000 }), zone, (start, length, timeZone) => {
        const said = localOf(start);
        let times: ReturnType<typeof readTimes>;
        try {
          times = readTimes(said, localOf(start + length + 120), timeZone);
        } catch (cause) {
          expect(String(cause)).toMatch(/does not exist/);
          return;
        }
        if (!("at" in times.start)) throw new Error("not timed");
        expect(describeTimes(times, timeZone)).toContain(said.slice(11, 16));
        const back = new Date(times.start.at).toLocaleString("sv-SE", { timeZone });
        expect(back.slice(0, 16)).toBe(said.replace("T", " ").slice(0, 16));
      }),
    );
  });

  it("of an event that is moved keep its length", () => {
    fc.assert(
      fc.property(minute, fc.integer({ min: 1, max: 3000 }), minute, zone, (start, length, to, timeZone) => {
        const at = (minutes: number) => ({ at: new Date(minutes * 60_000).toISOString(), timeZone });
        const moved = (() => {
          try {
            return moveTimes({ start: at(start), end: at(start + length) }, localOf(to), timeZone);
          } catch {
            return null;
          }
        })();
        if (!moved || !("at" in moved.start) || !("at" in moved.end)) return;
        expect(Date.parse(moved.end.at) - Date.parse(moved.start.at)).toBe(length * 60_000);
      }),
    );
  });
});

describe("spans", () => {
  it("of a day are 23, 24 or 25 hours", () => {
    const hours = (day: string, next: string) => {
      const { from, to } = spanOfDays(day, next, "Europe/Berlin");
      return (to.getTime() - from.getTime()) / 3_600_000;
    };
    expect([
      hours("2026-03-29", "2026-03-30"),
      hours("2026-07-01", "2026-07-02"),
      hours("2026-10-25", "2026-10-26"),
    ]).toEqual([23, 24, 25]);
  });

  it("of an event name the days that it touches in the person's zone", () => {
    const at = (text: string) => ({ at: text, timeZone: "UTC" });
    const span = spanOfTimes({ start: at("2026-11-30T23:30:00Z"), end: at("2026-12-01T00:30:00Z") }, "America/Toronto");
    expect(span).toMatchObject({ fromDate: "2026-11-30", toDate: "2026-12-01" });
  });
});

it("a person reads the day, the times and the zone", () => {
  expect(describeTimes(readTimes("2026-11-03T10:00", "2026-11-03T10:30", "Europe/Berlin"), "Europe/Berlin")).toBe(
    "Tue 3 Nov 2026, 10:00–10:30 Europe/Berlin",
  );
  expect(describeTimes(readTimes("2026-12-24", "2026-12-26", "UTC"), "UTC")).toBe(
    "Thu 24 Dec 2026 – Sat 26 Dec 2026, whole days",
  );
  expect(describeTimes(readTimes("2026-12-24", "2026-12-24", "UTC"), "UTC")).toBe("Thu 24 Dec 2026, whole day");
});
