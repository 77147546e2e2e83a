import { describe, expect, it } from "vitest";
import { calendarPath, readAddress } from "./calendar-address";
import { agendaDays, daysOf, stepFrom } from "./calendar-days";

describe("the days of a view", () => {
  it("are the week around a day, from the first day that the reader's weeks have", () => {
    expect(daysOf("week", "2026-11-27", 1)).toEqual([
      ...["2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27", "2026-11-28", "2026-11-29"],
    ]);
    expect(daysOf("week", "2026-11-29", 7)[0]).toBe("2026-11-29");
    expect(daysOf("week", "2026-11-29", 6)[0]).toBe("2026-11-28");
    expect(daysOf("day", "2026-11-27", 1)).toEqual(["2026-11-27"]);
    expect(daysOf("agenda", "2026-11-27", 1)).toHaveLength(agendaDays);
  });

  it("lead to the days before and after them, over months and years", () => {
    expect(stepFrom("week", "2026-12-30", 1)).toBe("2027-01-06");
    expect(stepFrom("day", "2026-03-01", -1)).toBe("2026-02-28");
  });
});

describe("the address", () => {
  it("holds view and day, and leads back to them", () => {
    for (const view of ["week", "day", "agenda", null] as const)
      for (const day of ["2026-02-28", null]) {
        const query = new URL(calendarPath({ view, day }), "http://x").searchParams;
        expect(readAddress(query.get("view"), query.get("date"))).toEqual({ view, day });
      }
  });

  it("is read as nothing where it makes no sense", () => {
    for (const day of ["2026-02-30", "tomorrow", "0000-00-00", "2026-2-3", ""])
      expect(readAddress("month", day)).toEqual({ view: null, day: null });
  });
});
