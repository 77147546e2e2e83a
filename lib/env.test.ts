import { describe, expect, it, vi } from "vitest";
import { egressExceptions, env, parseEnv } from "./env";

const base = { DATABASE_URL: "postgresql://localhost/x" };

describe("the environment", () => {
  it("names the variable that is wrong, and shows no value", () => {
    const secret = "short-secret";
    const wrong = { DATABASE_URL: "mysql://root:pw@x", BURGEON_LEASE_MS: "soon", NEXTAUTH_SECRET: secret };
    expect(() => parseEnv(wrong)).toThrow(/DATABASE_URL.*NEXTAUTH_SECRET.*BURGEON_LEASE_MS/);
    expect(() => parseEnv(wrong)).not.toThrow(new RegExp(`${secret}|root`));
    expect(() => parseEnv({ ...base, BURGEON_EGRESS_ALLOW: "http://x" })).toThrow("BURGEON_EGRESS_ALLOW");
    expect(() => parseEnv({ ...base, NEXTAUTH_URL: "localhost" })).toThrow("NEXTAUTH_URL is not valid");
    expect(() => parseEnv({ ...base, BURGEON_OWNER_EMAIL: "ada" })).toThrow("BURGEON_OWNER_EMAIL");
  });

  it("asks for the database only when it is used", () => {
    const parsed = parseEnv({});
    expect(parsed.BURGEON_LEASE_MS).toBe(15_000);
    expect(() => parsed.DATABASE_URL).toThrow("DATABASE_URL is not set");
    expect(parseEnv(base).DATABASE_URL).toBe(base.DATABASE_URL);
  });

  it("takes NEXTAUTH_URL when BURGEON_URL is not set, and empty as not set", () => {
    const parsed = parseEnv({ ...base, NEXTAUTH_URL: "http://localhost:4000/", BURGEON_URL: "" });
    expect(parsed.BURGEON_URL).toBe("http://localhost:4000");
  });

  it("allows no egress exception unless one is named", () => {
    expect(parseEnv(base).BURGEON_EGRESS_ALLOW).toEqual([]);
    const some = parseEnv({ ...base, BURGEON_EGRESS_ALLOW: "127.0.0.1:4310, Host.Example:81,[::0001]:80" });
    expect(some.BURGEON_EGRESS_ALLOW).toEqual(["127.0.0.1:4310", "host.example:81", "[::1]:80"]);
  });

  it("knows the egress exceptions although everything else is missing", () => {
    vi.stubEnv("DATABASE_URL", undefined);
    vi.stubEnv("BURGEON_EGRESS_ALLOW", "127.0.0.1:1");
    expect(egressExceptions()).toEqual(["127.0.0.1:1"]);
    vi.stubEnv("BURGEON_EGRESS_ALLOW", "127.0.0.1");
    expect(() => egressExceptions()).toThrow("BURGEON_EGRESS_ALLOW");
  });

  it("is parsed once", () => {
    expect(env()).toBe(env());
  });
});
