import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { HttpResponse } from "./context";
import { ModuleError } from "./module-error";
import { ensureOk, retryAfterMs } from "./response";

const response = (status: number): HttpResponse => ({
  status,
  ok: status >= 200 && status < 300,
  headers: {},
  text: () => "",
  json: () => {
    throw new Error("no JSON");
  },
});

describe("a response that is no success", () => {
  it.each([
    [400, "invalid_input"],
    [401, "auth_invalid"],
    [403, "auth_invalid"],
    [404, "not_found"],
    [410, "not_found"],
    [422, "invalid_input"],
    [429, "rate_limited"],
    [500, "upstream"],
    [302, "upstream"],
  ])("of status %i is thrown as %s", (status, code) => {
    expect(() => ensureOk(response(status), "The library")).toThrow(ModuleError);
    expect(() => ensureOk(response(status), "The library")).toThrow(`The library answered with status ${status}.`);
    try {
      ensureOk(response(status));
    } catch (error) {
      expect(error).toMatchObject({ code });
    }
  });

  it("and a success is handed on", () => {
    const ok = response(204);
    expect(ensureOk(ok)).toBe(ok);
  });
});

describe("Retry-After", () => {
  const now = "2026-01-02T03:04:05Z";
  it("in seconds or as a date is milliseconds from now", () => {
    expect(retryAfterMs({ "retry-after": "30" }, now)).toBe(30_000);
    expect(retryAfterMs({ "retry-after": "Fri, 02 Jan 2026 03:05:05 GMT" }, now)).toBe(60_000);
    expect(retryAfterMs({ "retry-after": "Fri, 02 Jan 2026 03:00:00 GMT" }, now)).toBe(0);
  });

  it("that is missing or makes no sense is null, and it is never negative", () => {
    for (const value of ["", "soon", "-5", "1.5", "99999999999"])
      expect(retryAfterMs({ "retry-after": value }, now)).toBeNull();
    expect(retryAfterMs({}, now)).toBeNull();
    fc.assert(
      fc.property(fc.string(), (value) => {
        const wait = retryAfterMs({ "retry-after": value }, now);
        expect(wait === null || (Number.isFinite(wait) && wait >= 0)).toBe(true);
      }),
    );
  });
});
