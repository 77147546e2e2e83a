import { describe, expect, it } from "vitest";
import { describeExit } from "./open-bank-dialog";

describe("leaving the bank's dialog", () => {
  it("says nothing when the person just closed it", () => {
    expect(describeExit(null)).toBeNull();
  });

  it("says what became of it in our words, with the code and nothing else of the other side", () => {
    expect(describeExit({ error_code: "INSTITUTION_DOWN" })).toContain("(INSTITUTION_DOWN). Nothing was stored.");
    expect(describeExit({ error_code: "<b>call us</b>" })).not.toContain("call us");
  });
});
