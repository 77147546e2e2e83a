import { expect, it } from "vitest";
import { formatSpan } from "./format-span";

it.each([
  [400, "less than 1 s"],
  [59_999, "59 s"],
  [60_000, "1 min"],
  [7_199_000, "1 h"],
  [86_400_000, "1 day"],
  [200_000_000, "2 days"],
])("%i ms are never told as more than they are: %s", (ms, text) => {
  expect(formatSpan(ms)).toBe(text);
});
