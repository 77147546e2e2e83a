import { describe, expect, it } from "vitest";
import type { CalendarView } from "@/lib/contracts/calendar";
import { colorsOf } from "./calendar-color";

const make = (id: string, color: string | null): CalendarView => ({
  ...{ id, connectionId: "conn_1", title: id, timeZone: "UTC", color, access: "read" },
  ...{ isWritable: false, isPrimary: false, isShown: true },
});

describe("the colour of a calendar", () => {
  it("is its own where that is a colour, and nothing else of a source reaches a style", () => {
    const given = ["#9fe1e7", null, "red; background: url(https://example.com/x)", "#12345", "var(--x)"];
    const colors = [...colorsOf(given.map((color, index) => make(`cal_${index}`, color))).values()];
    expect(colors[0]).toBe("#9fe1e7");
    expect(colors).toHaveLength(given.length);
    for (const color of colors) expect(color).toMatch(/^#[0-9a-f]{6}$/);
  });
});
