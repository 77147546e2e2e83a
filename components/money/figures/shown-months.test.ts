import { describe, expect, it } from "vitest";
import { shownMonths, withRunningTotal } from "./shown-months";

const month = (name: string, count: number, inMinor: number, outMinor: number) => ({
  ...{ month: name, count, inMinor, outMinor },
  netMinor: inMinor - outMinor,
});

describe("months on the page", () => {
  it("begin where anything is known, and average over those alone", () => {
    const known = [month("2026-09", 2, 100, 50), month("2026-10", 0, 0, 0), month("2026-11", 1, 0, 31)];
    const { months, ...averages } = shownMonths([month("2026-07", 0, 0, 0), month("2026-08", 0, 0, 0), ...known]);
    // A month in between without anything is one.
    expect(months).toEqual(known);
    expect(averages).toEqual({ averageInMinor: 33, averageOutMinor: 27 });
    expect(shownMonths([])).toEqual({ months: [], averageInMinor: 0, averageOutMinor: 0 });
  });

  it("end with what all of them come to together", () => {
    const months = withRunningTotal([{ netMinor: 100 }, { netMinor: -250 }, { netMinor: 0 }]);
    expect(months.map(({ runningMinor }) => runningMinor)).toEqual([100, -150, -150]);
  });
});
