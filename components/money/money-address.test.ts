import { describe, expect, it } from "vitest";
import { firstPlace, listPath, readListAddress } from "./money-address";

const queryOf = (path: string) => Object.fromEntries(new URL(path, "http://x").searchParams);

describe("the address of the list", () => {
  it("says everything about it, and is read back as it was", () => {
    const filter = {
      ...{
        text: "ham & eggs",
        accountId: "acc_1",
        category: "Café/Bar",
        company: "A=B",
        kind: "refund" as const,
        currency: "CAD",
      },
      ...{ from: "2026-11-01", to: "2026-11-30", minMinor: 0, maxMinor: 1250, isPending: false },
    } as const;
    const place = { sort: "amount", direction: "asc", cursor: "abc" } as const;
    expect(readListAddress(queryOf(listPath(filter, place)))).toEqual({ filter, place });
    expect(listPath({})).toBe("/money/transactions");
    expect(readListAddress({})).toEqual({ filter: {}, place: firstPlace });
  });

  it("leaves out what is no filter, and keeps the rest", () => {
    const query = {
      ...{ kind: "bribe", minMinor: "-5", maxMinor: "1.5", from: "2026-02-30", isPending: "maybe", sort: "colour" },
      ...{ cursor: ["a", "b"], category: ["a"], text: "  ", to: "2026-11-30", unknown: "x" },
    };
    expect(readListAddress(query)).toEqual({ filter: { to: "2026-11-30" }, place: firstPlace });
  });
});
