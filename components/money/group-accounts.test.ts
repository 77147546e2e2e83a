import { describe, expect, it } from "vitest";
import type { AccountView } from "@/lib/contracts/finance";
import { groupAccounts } from "./group-accounts";

const account = (id: string, currency: string, balanceMinor: number | null, isHidden = false): AccountView => ({
  ...{ id, name: id, sourceName: id, type: "checking", currency, balanceMinor, availableMinor: null, limitMinor: null },
  ...{ balanceAt: null, institution: null, mask: null, isHidden, connection: null, syncedAt: null, mergedIds: [] },
});

describe("accounts on the page", () => {
  it("are added up within a currency and never across, debts taken off, hidden ones left out", () => {
    const groups = groupAccounts([
      account("a", "CAD", 1000),
      account("b", "EUR", 500),
      account("c", "CAD", -300),
      account("d", "CAD", 9999, true),
      account("e", "JPY", null),
      account("f", "CAD", null),
    ]);
    expect(
      groups.map(({ currency, totalMinor, counted, uncounted }) => [currency, totalMinor, counted, uncounted]),
    ).toEqual([
      ["CAD", 700, 2, 1],
      ["EUR", 500, 1, 0],
      // Nothing known is not zero.
      ["JPY", null, 0, 1],
    ]);
  });
});
