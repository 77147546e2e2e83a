import { describe, expect, it } from "vitest";
import { describeHours, describeOwnZone, describeTimes, isSameZone, makeClock } from "./clock";
import { at, makeEvent } from "./testing-event";

const berlin = makeClock("en-GB", "Europe/Berlin");
const event = makeEvent();

describe("times", () => {
  it("are those of the person's zone, in the way of their language", () => {
    expect(describeTimes(event, berlin)).toMatch(/^Tue,? 3 Nov, 10:00 ?– ?10:30$/);
    expect(describeHours(event, makeClock("en-US", "America/Toronto"))).toMatch(/^4:00 ?– ?4:30 AM$/);
    expect(berlin.hour({ hour: 7, turn: 0 })).toBe("07:00");
    expect(makeClock("en-US", "UTC").hour({ hour: 19, turn: 0 })).toBe("7 PM");
  });

  it("name the day where they end on another one", () => {
    const night = makeEvent({ ...at("22:00", "23:30") });
    expect(describeHours(night, berlin)).toMatch(/^23:00 – Wed,? 4 Nov 00:30$/);
  });

  it("of whole days are days in every zone, the last one included", () => {
    const days = makeEvent({ start: { date: "2026-11-03" }, end: { date: "2026-11-05" } });
    for (const zone of ["Pacific/Auckland", "Pacific/Honolulu"])
      expect(describeTimes(days, makeClock("en-GB", zone))).toMatch(/^Tue,? 3 Nov – Wed,? 4 Nov, whole days$/);
  });

  it("say the zone of the event where the clock shows something else there", () => {
    expect(describeOwnZone(event, berlin)).toBeNull();
    expect(describeOwnZone(event, makeClock("en-GB", "Europe/Paris"))).toBeNull();
    expect(describeOwnZone(event, makeClock("en-GB", "Europe/London"))).toMatch(/10:00.*Europe\/Berlin$/);
  });

  it("take zones for the same that show the same time all year", () => {
    const now = Date.parse("2026-12-01T00:00:00Z");
    expect(isSameZone("UTC", "Etc/UTC", now)).toBe(true);
    expect(isSameZone("Europe/London", "UTC", now)).toBe(false);
    expect(isSameZone("Africa/Lagos", "Europe/Berlin", now)).toBe(false);
  });
});
