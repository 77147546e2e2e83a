import { describe, expect, it } from "vitest";
import { eventChangeSchema, newEventSchema } from "@/lib/contracts/calendar";
import { draftOf, findProblem, newDraft, spanOfDraft, toChange, toNewEvent } from "./event-draft";
import { makeEvent } from "./testing-event";

const now = Date.parse("2026-11-27T09:20:00Z");
const settings = { timeZone: "Europe/Berlin", calendarId: "cal_1", now };
const fresh = { ...newDraft({ day: "2026-11-27", minute: null }, settings), title: "Lunch" };

describe("a new event", () => {
  it("begins at the next full hour of today, at nine on other days, or where the person pointed", () => {
    expect(fresh).toMatchObject({ startTime: "11:00", endTime: "11:30", timeZone: "Europe/Berlin" });
    expect(newDraft({ day: "2026-12-01", minute: null }, settings)).toMatchObject({ startTime: "09:00" });
    expect(newDraft({ day: "2026-12-01", minute: 23 * 60 + 45 }, settings)).toMatchObject({
      ...{ startDay: "2026-12-01", startTime: "23:45", endDay: "2026-12-02", endTime: "00:15" },
    });
  });

  it("is what the API takes", () => {
    const draft = { ...fresh, guests: "ann@example.com, bob@example.com\nann@example.com", location: "  Café " };
    const body = newEventSchema.parse(toNewEvent(draft));
    expect(body).toEqual({
      ...{ title: "Lunch", start: "2026-11-27T11:00", end: "2026-11-27T11:30", timeZone: "Europe/Berlin" },
      ...{ calendarId: "cal_1", location: "Café", attendees: ["ann@example.com", "bob@example.com"] },
    });
    const days = newEventSchema.parse(toNewEvent({ ...fresh, isWholeDay: true, endDay: "2026-11-29" }));
    expect(days).toMatchObject({ start: "2026-11-27", end: "2026-11-29" });
  });

  it("is refused with a sentence before it is sent", () => {
    expect(findProblem(fresh)).toBeNull();
    expect(findProblem({ ...fresh, title: " " })).toBe("Give it a title.");
    expect(findProblem({ ...fresh, endTime: "11:00" })).toBe("The end must be after the start.");
    expect(findProblem({ ...fresh, guests: "ann" })).toBe("“ann” is not an email address.");
    expect(findProblem({ ...fresh, isWholeDay: true, endDay: "2026-11-26" })).toBe("The last day is before the first.");
    const jump = { ...fresh, startDay: "2026-03-29", startTime: "02:30", endDay: "2026-03-29", endTime: "04:00" };
    expect(findProblem(jump)).toContain("does not exist in Europe/Berlin");
  });
});

describe("a change", () => {
  const event = makeEvent({ attendees: [{ email: "ann@example.com" }, { name: "Room 4" }], location: "Here" });
  const before = draftOf(event, "America/Toronto");

  it("begins with the event as it is, in its own zone", () => {
    expect(before).toMatchObject({ startDay: "2026-11-03", startTime: "10:00", endTime: "10:30", location: "Here" });
    expect(before).toMatchObject({ timeZone: "Europe/Berlin", guests: "ann@example.com" });
  });

  it("sends what was changed and nothing else", () => {
    expect(toChange(before, before)).toEqual({});
    expect(toChange({ ...before, title: "Doctor" }, before)).toEqual({ title: "Doctor" });
    expect(toChange({ ...before, location: "" }, before)).toEqual({ location: "" });
    expect(eventChangeSchema.parse(toChange({ ...before, startTime: "09:00" }, before))).toEqual({
      ...{ start: "2026-11-03T09:00", end: "2026-11-03T10:30", timeZone: "Europe/Berlin" },
    });
  });

  it("keeps whole days as days, the last one included", () => {
    const days = draftOf(makeEvent({ start: { date: "2026-11-03" }, end: { date: "2026-11-05" } }), "Europe/Berlin");
    expect(days).toMatchObject({ isWholeDay: true, startDay: "2026-11-03", endDay: "2026-11-04" });
    expect(toChange({ ...days, endDay: "2026-11-05" }, days)).toEqual({ start: "2026-11-03", end: "2026-11-05" });
  });
});

describe("when a draft would be", () => {
  it("is told in instants and in days of the person's zone", () => {
    expect(spanOfDraft(fresh, "Pacific/Auckland")).toEqual({
      ...{ from: Date.parse("2026-11-27T10:00:00Z"), to: Date.parse("2026-11-27T10:30:00Z"), days: ["2026-11-27"] },
    });
    expect(spanOfDraft({ ...fresh, isWholeDay: true, endDay: "2026-11-28" }, "Europe/Berlin")?.days).toEqual([
      ...["2026-11-27", "2026-11-28"],
    ]);
    expect(spanOfDraft({ ...fresh, endTime: "" }, "Europe/Berlin")).toBeNull();
  });
});
