import { inspect } from "node:util";
import { describe, expect, test, vi } from "vitest";
import { AppError } from "../../contracts/errors";
import { serveSample } from "../../demo/serve";
import { callCalendar, retryDelayMs } from "./client";
import { readRetryAfter } from "../../contracts/retry-after";
import { syncCalendar } from "./sync";
import { createIo, readScopes } from "./testing-connection";
import { ann, hourOf, serveGoogle } from "./testing-served";
import { writer } from "./write";

const google = serveGoogle();
const listCalendars = () => callCalendar(google.io, (api, options) => api.calendarList.list({}, options));
const failure = async (work: () => Promise<unknown>) => {
  const error = await work().then(
    () => new Error("nothing failed"),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(AppError);
  return error as AppError;
};

describe("an access token", () => {
  test("that is refused is renewed once, and the request goes through", async () => {
    await listCalendars();
    google.control.expireAccessTokens();
    await listCalendars();
    expect(google.io.refused).toHaveLength(1);
    expect(google.control.calls("token.refresh")).toBe(2);
  });

  test("that is refused again ends in auth-expired, without a third try", async () => {
    google.control.fail({ kind: "calendarList", times: 9, status: 401, reason: "authError" });
    expect((await failure(listCalendars)).code).toBe("auth-expired");
    expect(google.control.calls("calendarList")).toBe(2);
    expect(google.io.refused).toHaveLength(1);
  });

  test("that cannot be renewed says so as the refresh did", async () => {
    await listCalendars();
    google.control.endGrant(ann);
    const error = await failure(listCalendars);
    expect(error.code).toBe("auth-expired");
    expect(error.message).toContain("Connect Google Calendar again");
  });
});

describe("a failure that may pass", () => {
  test.each([
    [403, "rateLimitExceeded"],
    [403, "userRateLimitExceeded"],
    [403, "quotaExceeded"],
    [429, "rateLimitExceeded"],
    [500, "backendError"],
    [503, "backendError"],
  ])("%i %s is tried again, as soon as Google says", async (status, reason) => {
    google.control.fail({ kind: "calendarList", times: 3, status, reason, retryAfterSeconds: 0 });
    await listCalendars();
    expect(google.control.calls("calendarList")).toBe(4);
  });

  test("is tried five times at most", async () => {
    google.control.fail({ kind: "calendarList", times: 99, status: 503, reason: "backendError", retryAfterSeconds: 0 });
    expect((await failure(listCalendars)).code).toBe("unavailable");
    expect(google.control.calls("calendarList")).toBe(5);
  });

  test("with a long Retry-After is handed to the host, which waits better", async () => {
    google.control.fail({ kind: "calendarList", status: 429, reason: "rateLimitExceeded", retryAfterSeconds: 90 });
    const error = await failure(listCalendars);
    expect(error).toMatchObject({ code: "rate-limited", retryAfterMs: 90_000 });
    expect(google.control.calls("calendarList")).toBe(1);
  });

  test("a line that is cut is tried again", async () => {
    google.control.cut("calendarList", "before");
    await listCalendars();
    expect(google.control.calls("calendarList")).toBe(2);
  });

  test("waiting and working end at once when the work is given up", async () => {
    const stop = new AbortController();
    google.io = google.connect({ signal: stop.signal });
    google.control.fail({
      kind: "calendarList",
      times: 9,
      status: 429,
      reason: "rateLimitExceeded",
      retryAfterSeconds: 8,
    });
    const waiting = listCalendars();
    await expect.poll(() => google.control.calls("calendarList")).toBe(1);
    stop.abort(new Error("given up"));
    await expect(waiting).rejects.toThrow(/given up|aborted/);

    const again = new AbortController();
    google.io = google.connect({ signal: again.signal });
    google.control.clearFaults();
    await google.io.accessToken();
    google.control.setLatency(8000);
    const working = listCalendars();
    await expect.poll(() => google.control.calls("calendarList")).toBe(2);
    again.abort(new Error("given up"));
    await expect(working).rejects.toThrow("given up");
  });

  test("the waits grow, are spread, and end at a bound; Retry-After comes first", () => {
    expect([1, 2, 3, 4, 20].map((tries) => retryDelayMs(tries, undefined, 1))).toEqual([400, 800, 1600, 3200, 8000]);
    expect(retryDelayMs(3, undefined, 0)).toBe(0);
    expect(retryDelayMs(1, 2000, 0)).toBe(2000);
    expect(retryDelayMs(1, 2000, 1)).toBe(2200);
    const now = new Date("2026-11-27T10:00:00Z");
    expect(readRetryAfter("120", now)).toBe(120_000);
    expect(readRetryAfter("Fri, 27 Nov 2026 10:00:30 GMT", now)).toBe(30_000);
    expect(readRetryAfter("999999999", now)).toBe(3_600_000);
    expect(readRetryAfter("soon", now)).toBeUndefined();
  });
});

describe("a failure that stays", () => {
  test.each([
    [400, "badRequest", "invalid"],
    [403, "insufficientPermissions", "refused"],
    [403, "accessNotConfigured", "refused"],
    [403, "forbidden", "forbidden"],
    [403, "dailyLimitExceeded", "rate-limited"],
    [404, "notFound", "not-found"],
    [409, "duplicate", "conflict"],
    [412, "conditionNotMet", "conflict"],
  ])("%i %s is %s, and not tried again", async (status, reason, code) => {
    google.control.fail({ kind: "calendarList", times: 9, status, reason });
    expect((await failure(listCalendars)).code).toBe(code);
    expect(google.control.calls("calendarList")).toBe(1);
  });

  test("rights that were never given are named as such", async () => {
    google.io = google.connect({ scopes: readScopes });
    const time = (hour: number) => ({ at: hourOf(1, hour), timeZone: "UTC" });
    const error = await failure(() =>
      writer.create(google.io, ann, writer.eventId("key"), { title: "x", start: time(9), end: time(10) }),
    );
    expect(error).toMatchObject({ code: "refused", hint: expect.stringContaining("ticked") });
  });
});

test("no token and nothing that Google wrote is in an error, however deep one looks", async () => {
  const token = await google.io.accessToken();
  const faults = [400, 401, 403, 404, 409, 412, 429, 500].map((status) => ({
    status,
    reason: "some reason: with text",
  }));
  for (const fault of faults) {
    google.control.fail({ kind: "calendarList", times: 5, ...fault, retryAfterSeconds: 0 });
    const error = await failure(listCalendars);
    const all = inspect(error, { depth: 20, showHidden: true, getters: true });
    expect(all).not.toContain("ya29");
    expect(all).not.toContain(token);
    expect(all).not.toContain("foreign text");
    expect(all).not.toContain("with text");
    google.control.clearFaults();
  }
});

test("nobody at the address is an outage, not a bug", async () => {
  vi.spyOn(Math, "random").mockReturnValue(0);
  google.control.cut("calendarList", "before", 99);
  const error = await failure(listCalendars);
  expect(error).toMatchObject({ code: "unavailable", message: expect.stringContaining("could not be reached") });
});

test("no token follows a redirect", async () => {
  const got: string[] = [];
  const elsewhere = await serveSample(async (request) => {
    got.push(request.url);
    return new Response("{}", { headers: { "content-type": "application/json" } });
  }, 0);
  google.control.redirectOnce("calendarList", `${elsewhere.origin}/calendar`);
  await listCalendars();
  google.control.redirectOnce("token", `${elsewhere.origin}/token`);
  expect((await failure(() => google.connect().accessToken())).code).toBe("unavailable");
  expect(got).toEqual([]);
  await elsewhere.close();
});

describe("one calendar of several", () => {
  const titles = (id: string) => google.store.events(id).map(({ title }) => title);
  function prepare() {
    google.control.addCalendar({ id: "aaa", summary: "First", people: { [ann]: "owner" } });
    google.control.addCalendar({ id: "zzz", summary: "Last", people: { [ann]: "owner" } });
    for (const id of ["aaa", "zzz"])
      google.control.putEvent(id, { summary: id, start: { dateTime: hourOf(1, 9) }, end: { dateTime: hourOf(1, 10) } });
  }
  const failOne = (status: number, reason: string) =>
    google.control.onCall((kind, count) => {
      if (kind === "events.list" && count === 2)
        google.control.fail({ kind: "events.list", times: 5, status, reason, retryAfterSeconds: 0 });
      else if (kind === "events.list" && count > 2 && status < 500) google.control.clearFaults();
    });

  test("that is gone meanwhile does not keep the others from coming", async () => {
    prepare();
    failOne(404, "notFound");
    await syncCalendar(google.io, google.store);
    expect([titles("aaa"), titles("zzz")]).toEqual([[], ["zzz"]]);
  });

  test("that fails does not keep the others from coming, and is told afterwards", async () => {
    prepare();
    failOne(503, "backendError");
    expect((await failure(() => syncCalendar(google.io, google.store))).code).toBe("unavailable");
    expect(titles("zzz")).toEqual(["zzz"]);
    google.control.onCall(null);
    await syncCalendar(google.io, google.store);
    expect(titles("aaa")).toEqual(["aaa"]);
  });
});

test("an answer that is none of Google's own takes nothing away", async () => {
  google.control.putEvent(ann, { summary: "Kept", start: { date: "2026-12-01" }, end: { date: "2026-12-02" } });
  await syncCalendar(google.io, google.store);
  const io = createIo(() => google.io.accessToken());
  for (const kind of ["calendarList", "events.list"]) {
    google.control.replyOnce(kind, "<html>Please sign in to the network</html>");
    expect((await failure(() => syncCalendar(io, google.store))).code).toBe("unavailable");
    google.control.replyOnce(kind, '{"kind":"something"}');
    expect((await failure(() => syncCalendar(io, google.store))).code).toBe("unavailable");
  }
  google.control.replyOnce("events.list", '{"items":[]}');
  expect((await failure(() => syncCalendar(io, google.store))).code).toBe("unavailable");
  expect(google.store.calendars.size).toBe(1);
  expect(google.store.events(ann)).toHaveLength(1);
});
