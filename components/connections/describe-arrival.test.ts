import { describe, expect, it } from "vitest";
import { errorCodes } from "@/lib/contracts/errors";
import { describeArrival } from "./describe-arrival";
import { makeAdapter, makeConnection } from "./testing-connection";

const connections = [makeConnection({ isWriteAllowed: true })];
const adapters = [makeAdapter()];
const say = (arrival: Partial<Parameters<typeof describeArrival>[0]>) =>
  describeArrival({ connected: null, problem: null, adapter: "google-calendar", ...arrival }, connections, adapters);

describe("the way back from a provider", () => {
  it.each(["denied", "internal", ...errorCodes])("ends in a sentence with a next step for the code %s", (problem) => {
    const words = say({ problem });
    expect(words?.isGood).toBe(false);
    expect(words?.message).toMatch(/Google Calendar.*\.$/);
    expect(words?.hint).toMatch(/^[A-Z].*\.$/);
  });

  it("has one of its own for each code that the callback can give", () => {
    const own = [
      "denied",
      "refused",
      "auth-expired",
      "unavailable",
      "conflict",
      "invalid",
      "not-found",
      "rate-limited",
    ];
    const messages = own.map((problem) => say({ problem })?.message);
    expect(new Set([...messages, say({ problem: "internal" })?.message]).size).toBe(own.length + 1);
  });

  it("shows nothing that stands in the address", () => {
    for (const problem of ["<b>Your bank was robbed</b>", "constructor", "__proto__", "call +1 555"]) {
      const words = say({ problem, adapter: "Evil Corp" });
      expect(words?.message).toMatch(/^The provider was not connected/);
      expect(JSON.stringify(words)).not.toContain(problem);
      expect(JSON.stringify(words)).not.toContain("Evil");
    }
  });

  it("names what was connected, and only what is the person's own", () => {
    expect(say({ connected: "conn_1" })?.message).toBe("Connected: Google Calendar, ann@example.com.");
    expect(say({ connected: "conn_of_somebody" })).toBeNull();
    expect(say({})).toBeNull();
  });
});
