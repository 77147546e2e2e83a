import { describe, expect, it } from "vitest";
import { monthsBetween, periodOf, type PeriodWord, resolvePeriod } from "./period";

describe("a period", () => {
  it.each<[PeriodWord, string, string | null, string | null]>([
    ["last_month", "2026-01-15", "2025-12-01", "2025-12-31"],
    ["last_month", "2026-03-31", "2026-02-01", "2026-02-28"],
    ["last_month", "2028-03-01", "2028-02-01", "2028-02-29"],
    ["this_month", "2026-11-27", "2026-11-01", "2026-11-27"],
    ["this_year", "2026-01-01", "2026-01-01", "2026-01-01"],
    ["last_year", "2026-06-01", "2025-01-01", "2025-12-31"],
    ["last_12_months", "2026-06-10", "2025-07-01", "2026-06-10"],
    ["last_30_days", "2026-01-10", "2025-12-12", "2026-01-10"],
    ["last_90_days", "2026-03-01", "2025-12-02", "2026-03-01"],
    ["this_week", "2026-11-29", "2026-11-23", "2026-11-29"],
    ["this_week", "2026-11-23", "2026-11-23", "2026-11-23"],
    ["last_week", "2026-01-01", "2025-12-22", "2025-12-28"],
    ["today", "2026-11-27", "2026-11-27", "2026-11-27"],
    ["all", "2026-11-27", null, null],
  ])("%s seen from %s", (word, today, from, to) => {
    expect(periodOf(word, today)).toEqual({ from, to });
  });

  it("is what dates say where there are dates", () => {
    expect(resolvePeriod({ period: "today", from: "2026-01-01" }, "2026-11-27", "all")).toEqual({
      from: "2026-01-01",
      to: null,
    });
    expect(resolvePeriod({}, "2026-11-27", "this_month")).toEqual({ from: "2026-11-01", to: "2026-11-27" });
    expect(() => resolvePeriod({ from: "2026-02-01", to: "2026-01-01" }, "2026-11-27", "all")).toThrow(
      /before it begins/,
    );
  });

  it("has its months without a gap", () => {
    expect(monthsBetween("2025-11-30", "2026-02-01")).toEqual(["2025-11", "2025-12", "2026-01", "2026-02"]);
  });
});
