import { describe, expect, it } from "vitest";
import type { Summary } from "@/lib/contracts/finance";
import { spendingBars } from "./spending-bars";

const total = (currency: string, outMinor: number) => ({
  currency,
  count: 1,
  inMinor: 0,
  outMinor,
  netMinor: -outMinor,
});
const group = (key: string, ...totals: ReturnType<typeof total>[]) => ({
  ...{ key, label: key, count: totals.length },
  totals: totals.map((one) => ({ ...one, share: null })),
});
const summary = (groups: Summary["groups"], ...totals: ReturnType<typeof total>[]): Summary => ({
  ...{ groupBy: "category", groups, others: null, count: groups.length, totals },
  provenance: { transactionCount: 0, accountCount: 0, syncedAt: null, transfersLeftOut: 0, excluded: [] },
});

describe("what money went to", () => {
  const found = summary(
    [
      group("Rent", total("CAD", 900)),
      group("Food", total("CAD", 100), total("EUR", 700)),
      group("Shopping", total("CAD", -50)),
      group("Income", total("CAD", 0)),
      group("Coffee", total("CAD", 300)),
    ],
    total("CAD", 1250),
    total("EUR", 700),
  );

  it("is of one currency, the most first, and never of two", () => {
    expect(spendingBars(found, "CAD").bars.map(({ key, outMinor }) => [key, outMinor])).toEqual([
      ["Rent", 900],
      ["Coffee", 300],
      ["Food", 100],
    ]);
    expect(spendingBars(found, "EUR").bars.map(({ key }) => key)).toEqual(["Food"]);
    expect(spendingBars(found, "GBP")).toEqual({ bars: [], others: null, total: null });
  });

  it("adds up to the total, with what is not listed", () => {
    for (const most of [1, 2, 12]) {
      const { bars, others, total: all } = spendingBars(found, "CAD", most);
      const sum = bars.reduce((so, { outMinor }) => so + outMinor, 0) + (others?.outMinor ?? 0);
      expect(sum).toBe(all?.outMinor);
    }
    // More came back than was spent on shopping: no bar, and not forgotten.
    expect(spendingBars(found, "CAD").others).toEqual({ groups: 1, outMinor: -50 });
  });
});
