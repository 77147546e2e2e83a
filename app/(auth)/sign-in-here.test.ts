import { expect, it } from "vitest";
import { describeSignInError } from "./sign-in-here";

it("tells a wrong password, too many attempts and a fault of Burgeon apart", () => {
  expect(describeSignInError("CredentialsSignin")).toBe("Email or password is wrong.");
  expect(describeSignInError("rate-limited:1")).toContain("in 1 second.");
  expect(describeSignInError("rate-limited:61")).toContain("in 61 seconds.");
  expect(describeSignInError("rate-limited:125")).toContain("in 3 minutes.");
  expect(describeSignInError("connect ECONNREFUSED 10.0.0.1:5432")).not.toContain("10.0.0.1");
  expect(describeSignInError(undefined)).toContain("Burgeon itself");
});
