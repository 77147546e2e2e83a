import { expect, it } from "vitest";
import { AppError } from "@/lib/contracts/errors";
import { requireGoodPassword } from "@/lib/auth/password";
import { checkPassword } from "./password-rules";

it.each([
  "",
  "short",
  "aaaaaaaaaaaa",
  "abcabcabcabc",
  "abcdabcdabcd",
  "four unrelated words here",
  "x".repeat(201),
  "correct-horse",
])("accepts %j exactly when the server does", (password) => {
  const rules = checkPassword(password, password);
  let isGood = true;
  try {
    requireGoodPassword(password);
  } catch (error) {
    expect(error).toBeInstanceOf(AppError);
    isGood = false;
  }
  expect(rules.every((rule) => rule.isMet)).toBe(isGood);
});

it("wants both fields to say the same", () => {
  expect(checkPassword("four unrelated words", "four unrelated word").filter((rule) => !rule.isMet)).toHaveLength(1);
});
