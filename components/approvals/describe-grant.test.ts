import { describe, expect, it } from "vitest";
import { describeDecision } from "./decision-words";
import { describeNarrowing, nameTool, toNarrowing } from "./describe-grant";

describe("a right in words", () => {
  it("says what it is narrowed to, in the words of the question and of the stored rule alike", () => {
    const asked = [
      { label: "calendar", value: "Work" },
      { label: "guest count", value: "2" },
    ];
    const stored = [
      { argument: "calendar", equals: "Work" },
      { argument: "guest_count", equals: 2 },
    ];
    expect(describeNarrowing(asked)).toBe("only when calendar is “Work” and guest count is “2”");
    expect(describeNarrowing(toNarrowing(stored))).toBe(describeNarrowing(asked));
  });

  it("says so when it is not narrowed, and does not drown in a long value", () => {
    expect(describeNarrowing([])).toBe("whatever its values are");
    expect(describeNarrowing([{ label: "text", value: "x".repeat(5000) }]).length).toBeLessThan(120);
  });

  it("names the tool", () => {
    expect(nameTool("library_place_hold")).toBe("Library place hold");
  });
});

it("an answer means something else for an interrupted effect than for a permission", () => {
  expect(describeDecision("permission", "allowed", "once")).toMatch(/once/);
  expect(describeDecision("permission", "allowed", "always")).toMatch(/always/);
  expect(describeDecision("permission", "allowed", null)).not.toMatch(/once|always/);
  expect(describeDecision("outcome", "allowed", null)).toMatch(/again/);
  expect(describeDecision("outcome", "denied", null)).not.toMatch(/denied/);
});
