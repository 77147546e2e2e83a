import { expect, it } from "vitest";
import { readRetryAfter } from "./retry-after";

const now = new Date("2026-11-27T12:00:00Z");
const hourMs = 3_600_000;

it.each([
  ["120", 120_000],
  [" 0 ", 0],
  ["0.5", 500],
  ["Fri, 27 Nov 2026 12:01:00 GMT", 60_000],
  ["Fri, 27 Nov 2026 11:00:00 GMT", 0],
  ["86400", hourMs],
  ["Sat, 28 Nov 2026 12:00:00 GMT", hourMs],
  ["soon", undefined],
  ["", undefined],
  [null, undefined],
  [undefined, undefined],
])("Retry-After %j means %j ms: never less than nothing, never more than an hour", (text, expected) => {
  expect(readRetryAfter(text, now)).toBe(expected);
});
