import fc from "fast-check";
import { expect, it } from "vitest";
import { findFreeTime } from "./free-time";

const timeZone = "Europe/Berlin";
const now = new Date("2026-11-29T00:00:00Z");
const at = (ms: number) => ({ at: new Date(ms).toISOString(), timeZone });
const event = (from: string, to: string, isBusy = true) => ({
  ...{ start: { at: from, timeZone }, end: { at: to, timeZone } },
  isBusy,
});
const request = { days: ["2026-11-30"], dayStart: "09:00", dayEnd: "18:00", minutes: 30, timeZone, now };

it("is what lies between the things that are on, long enough, within the day", () => {
  const events = [
    event("2026-11-30T09:00:00Z", "2026-11-30T10:00:00Z"),
    event("2026-11-30T09:30:00Z", "2026-11-30T11:00:00Z"),
    event("2026-11-30T11:15:00Z", "2026-11-30T12:00:00Z"),
    event("2026-11-30T13:00:00Z", "2026-11-30T16:00:00Z", false),
  ];
  const slots = findFreeTime(events, request).map(({ start, end }) => [
    "at" in start && start.at,
    "at" in end && end.at,
  ]);
  expect(slots).toEqual([
    ["2026-11-30T08:00:00Z", "2026-11-30T09:00:00Z"],
    ["2026-11-30T12:00:00Z", "2026-11-30T17:00:00Z"],
  ]);
});

it("a whole day that takes the time leaves none, and the past is not offered", () => {
  const wholeDay = { start: { date: "2026-11-30" }, end: { date: "2026-12-01" }, isBusy: true };
  expect(findFreeTime([wholeDay], request)).toEqual([]);
  const late = findFreeTime([], { ...request, now: new Date("2026-11-30T15:50:00Z") });
  expect(late).toMatchObject([{ start: { at: "2026-11-30T16:00:00Z" }, minutes: 60 }]);
});

it("no slot touches what is on, each is long enough, and a minute is free exactly where no slot is missing", () => {
  const day = Date.parse("2026-11-30T00:00:00Z");
  const stretch = fc.tuple(fc.integer({ min: 0, max: 1400 }), fc.integer({ min: 1, max: 300 }));
  fc.assert(
    fc.property(fc.array(stretch, { maxLength: 12 }), fc.integer({ min: 5, max: 120 }), (stretches, minutes) => {
      const events = stretches.map(([from, length]) => ({
        ...{ start: at(day + from * 60_000), end: at(day + (from + length) * 60_000) },
        isBusy: true,
      }));
      const slots = findFreeTime(events, { ...request, minutes }).map(({ start, end }) => [
        Date.parse("at" in start ? start.at : ""),
        Date.parse("at" in end ? end.at : ""),
      ]);
      const isBusy = (ms: number) =>
        events.some(({ start, end }) => ms >= Date.parse(start.at) && ms < Date.parse(end.at));
      const isInSlot = (ms: number) => slots.some(([from = 0, to = 0]) => ms >= from && ms < to);
      for (const [from = 0, to = 0] of slots) expect(to - from).toBeGreaterThanOrEqual(minutes * 60_000);
      // From 09:00 to 18:00 in Berlin; a free stretch that is in no slot must be too short.
      let free = 0;
      for (let ms = day + 8 * 3_600_000; ms < day + 17 * 3_600_000; ms += 60_000) {
        if (isBusy(ms)) {
          expect(isInSlot(ms)).toBe(false);
          free = 0;
        } else if (!isInSlot(ms)) expect(++free).toBeLessThan(minutes);
      }
    }),
  );
});
