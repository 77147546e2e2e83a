import { describe, expect, it } from "vitest";
import { formatMinor, minorDigits } from "@/lib/contracts/money";
import { describeProvenance } from "./provenance";

const base = {
  transactionCount: 412,
  accountCount: 2,
  syncedAt: "2026-11-27T08:12:00Z",
  transfersLeftOut: 0,
  excluded: [],
};
const place = { timeZone: "Europe/Berlin", now: new Date("2026-11-27T18:00:00Z") };

describe("where a figure comes from", () => {
  it("is one sentence in the person's time", () => {
    expect(describeProvenance(base, place)).toBe("412 transactions from 2 accounts, synced 09:12");
    const chase = { title: "Chase", since: "2026-09-02T23:00:00Z", reason: "sign-in-again" as const };
    expect(describeProvenance({ ...base, excluded: [chase] }, place)).toBe(
      "412 transactions from 2 accounts, synced 09:12; excludes Chase since 3 Sep",
    );
  });

  it("says the day where it was not today, the year where it was another, and what is left out", () => {
    const old = { title: "CIBC", since: "2025-03-01T12:00:00Z", reason: "disconnected" as const };
    expect(
      describeProvenance(
        {
          ...base,
          transactionCount: 1,
          accountCount: 1,
          syncedAt: "2026-11-20T08:00:00Z",
          transfersLeftOut: 1200,
          excluded: [old],
        },
        place,
      ),
    ).toBe(
      "1 transaction from 1 account, synced on 20 Nov; leaves out 1,200 transfers between your own accounts; excludes CIBC since 1 Mar 2025",
    );
  });
});

describe("an amount", () => {
  it.each([
    [-123_450, "CAD", "-CA$1,234.50"],
    [5000, "JPY", "¥5,000"],
    [1234, "KWD", "KWD 1.234"],
    [5, "EUR", "€0.05"],
    [123_456, "HUF", "HUF 1,234.56"],
    [Number.MAX_SAFE_INTEGER, "USD", "$90,071,992,547,409.91"],
    [0, "XXX", "¤0.00"],
  ])("of %d %s is %s", (amountMinor, currency, text) => {
    expect(formatMinor(amountMinor, currency).replace(/\u00a0/g, " ")).toBe(text);
  });

  it("has the digits of its currency", () => {
    expect(["EUR", "JPY", "KWD", "HUF", "CLF"].map(minorDigits)).toEqual([2, 0, 3, 2, 4]);
  });
});
