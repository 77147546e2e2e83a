import { Temporal } from "temporal-polyfill";
import { expect, it } from "vitest";
import { addDays, dayIn, shortDay } from "./day";

it("it is another day on the other side of the world", () => {
  const late = new Date("2026-11-27T23:30:00Z");
  expect([dayIn(late, "America/Toronto"), dayIn(late, "Pacific/Auckland")]).toEqual(["2026-11-27", "2026-11-28"]);
  const now = new Date("2026-01-01T04:30:00Z");
  expect(dayIn(now, "America/Toronto")).toBe("2025-12-31");
  expect(dayIn(now, "Europe/Berlin")).toBe("2026-01-01");
  expect(dayIn(new Date("2026-01-01T11:00:00Z"), "Pacific/Kiritimati")).toBe("2026-01-02");
  expect(dayIn(new Date("2026-11-24T04:59:00Z"), "America/Toronto")).toBe("2026-11-23");
});

it("an instant is the same one as a date, as text and as a number", () => {
  const text = "2026-11-27T23:30:00Z";
  const days = [text, new Date(text), Date.parse(text)].map((at) => dayIn(at, "Asia/Tokyo"));
  expect(days).toEqual(["2026-11-28", "2026-11-28", "2026-11-28"]);
});

it("days are counted over the ends of months, leap years and centuries", () => {
  for (const day of ["2026-11-27", "2026-02-28", "2028-02-28", "2100-02-28", "2025-12-31", "0099-12-31", "9999-12-31"])
    for (const days of [-36_525, -366, -1, 0, 1, 2, 31, 400])
      expect(addDays(day, days)).toBe(Temporal.PlainDate.from(day).add({ days }).toString());
});

it("a person reads the day of the week with it", () => {
  expect(shortDay("2026-11-27")).toBe("Fri 27 Nov");
});
