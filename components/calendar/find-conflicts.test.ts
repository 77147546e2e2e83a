import { describe, expect, it } from "vitest";
import { findBusy, findConflicts } from "./find-conflicts";
import { at, makeEvent } from "./testing-event";

const one = makeEvent({ id: "one", title: "One", ...at("10:00", "11:00") });
const other = makeEvent({ id: "other", title: "Other", ...at("10:30", "11:30") });

describe("conflicts", () => {
  it("are events that take the same time, told of each other", () => {
    const conflicts = findConflicts([one, other, makeEvent({ id: "third", ...at("11:30", "12:00") })]);
    expect(conflicts.get("one")?.map(({ id }) => id)).toEqual(["other"]);
    expect(conflicts.get("other")?.map(({ id }) => id)).toEqual(["one"]);
    expect(conflicts.has("third")).toBe(false);
  });

  it("are none where the time stays free, for whole days, and for the copy of an event in another calendar", () => {
    const free = { ...other, isBusy: false };
    const wholeDay = { ...other, start: { date: "2026-11-03" }, end: { date: "2026-11-04" } };
    const copy = { ...one, id: "copy", calendarId: "cal_2" };
    for (const beside of [free, wholeDay, copy, { ...other, status: "cancelled" as const }])
      expect(findConflicts([one, beside]).size).toBe(0);
    expect(findConflicts([one, { ...one, id: "twice" }]).size).toBe(2);
  });
});

describe("what is on at a time", () => {
  const span = {
    from: Date.parse("2026-11-03T10:00:00Z"),
    to: Date.parse("2026-11-03T10:30:00Z"),
    days: ["2026-11-03"],
  };

  it("is what overlaps it, whole days that keep busy included, and never the event itself", () => {
    const holiday = makeEvent({ id: "holiday", start: { date: "2026-11-02" }, end: { date: "2026-11-05" } });
    const birthday = { ...holiday, id: "birthday", isBusy: false };
    expect(findBusy([one, other, holiday, birthday], span, null).map(({ id }) => id)).toEqual(["one", "holiday"]);
    expect(findBusy([one], span, "one")).toEqual([]);
  });
});
