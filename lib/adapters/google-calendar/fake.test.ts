import { beforeEach, describe, expect, test } from "vitest";
import { writeScopes } from "./testing-connection";
import { createGoogleFake, type GoogleFake } from "./testing-fake";

/** The rules of Google's that the adapter never breaks, so that only the sample's own tests can see them kept. */

const ann = "ann@example.org";
const events = `/calendar/v3/calendars/${encodeURIComponent(ann)}/events`;
let google: GoogleFake;
let token = "";

async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const answer = await google.fetch(
    new Request(`http://google.test${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    }),
  );
  const text = await answer.text();
  return { status: answer.status, body: text ? JSON.parse(text) : null, headers: answer.headers };
}
async function postForm(path: string, fields: Record<string, string>) {
  const { clientId, clientSecret } = google.control.state;
  const form = new URLSearchParams({ client_id: clientId, client_secret: clientSecret, ...fields });
  const answer = await google.fetch(new Request(`http://google.test${path}`, { method: "POST", body: form }));
  return { status: answer.status, body: await answer.json() };
}
const reasonOf = (answer: { status: number; body: { error: { errors: { reason: string }[] } } }) =>
  `${answer.status} ${answer.body.error.errors[0]?.reason}`;
const put = (id: string, hour: number) =>
  google.control.putEvent(ann, {
    id,
    summary: id,
    start: { dateTime: `2027-01-01T${String(hour).padStart(2, "0")}:00:00Z` },
    end: { dateTime: `2027-01-01T${String(hour + 1).padStart(2, "0")}:00:00Z` },
  });

beforeEach(async () => {
  google = createGoogleFake({ now: () => new Date("2026-11-27T10:00:00Z") });
  google.control.addPerson({ email: ann, name: "Ann", timeZone: "Asia/Kathmandu" });
  const { refreshToken } = google.control.connect(ann, writeScopes);
  token = (await postForm("/token", { grant_type: "refresh_token", refresh_token: refreshToken })).body.access_token;
});

describe("lists", () => {
  test.each([
    "iCalUID=x",
    "orderBy=updated",
    "q=x",
    "timeMin=2026-01-01T00:00:00Z",
    "updatedMin=x",
    "showDeleted=false",
  ])("a sync token does not go with %s", async (parameter) => {
    const { nextSyncToken } = (await call("GET", events)).body;
    expect(reasonOf(await call("GET", `${events}?syncToken=${nextSyncToken}&${parameter}`))).toBe("400 badRequest");
  });

  test("a sync token or a page token belongs to its query", async () => {
    for (let hour = 0; hour < 5; hour++) put(`event${hour}`, hour);
    const { nextSyncToken } = (await call("GET", events)).body;
    expect((await call("GET", `${events}?syncToken=${nextSyncToken}&singleEvents=true`)).status).toBe(400);
    const { nextPageToken, nextSyncToken: early } = (await call("GET", `${events}?maxResults=2`)).body;
    expect(early).toBeUndefined();
    expect((await call("GET", `${events}?maxResults=2&pageToken=${nextPageToken}`)).body.items).toHaveLength(2);
    expect((await call("GET", `${events}?maxResults=3&pageToken=${nextPageToken}`)).status).toBe(400);
  });

  test("an expired or unknown sync token answers 410", async () => {
    const { nextSyncToken } = (await call("GET", events)).body;
    google.control.expireSyncTokens(ann);
    expect(reasonOf(await call("GET", `${events}?syncToken=${nextSyncToken}`))).toBe("410 fullSyncRequired");
    expect(reasonOf(await call("GET", `${events}?syncToken=nonsense`))).toBe("410 fullSyncRequired");
  });

  test("bounds are exclusive: by the end below, by the start above", async () => {
    put("nine", 9);
    put("eleven", 11);
    const range = (from: number, to: number) => `timeMin=2027-01-01T${from}:00:00Z&timeMax=2027-01-01T${to}:00:00Z`;
    const ids = async (query: string) =>
      (await call("GET", `${events}?${query}`)).body.items.map(({ id }: { id: string }) => id);
    expect(await ids(range(10, 11))).toEqual([]);
    expect(await ids("timeMin=2027-01-01T09:59:00Z&timeMax=2027-01-01T11:01:00Z")).toEqual(["eleven", "nine"]);
    expect((await call("GET", `${events}?timeMin=2027-01-01`)).status).toBe(400);
  });

  test("a changed series is itself in a list of series, and its occurrences in a list of single events", async () => {
    const time = (hour: number) => ({ dateTime: `2027-03-27T0${hour}:00:00+01:00`, timeZone: "Europe/Berlin" });
    const recurrence = ["RRULE:FREQ=DAILY;UNTIL=20270329T070000Z", "EXDATE;TZID=Europe/Berlin:20270328T080000"];
    const { id } = google.control.putEvent(ann, { start: time(8), end: time(9), recurrence });
    expect((await call("GET", events)).body.items).toMatchObject([{ id, recurrence }]);
    // The calendar's zone writes the offset; the clock of the series' own zone changes in between.
    expect((await call("GET", `${events}?singleEvents=true`)).body.items).toMatchObject([
      {
        id: `${id}_20270327T070000Z`,
        recurringEventId: id,
        start: { dateTime: "2027-03-27T12:45:00+05:45", timeZone: "Europe/Berlin" },
      },
      { id: `${id}_20270329T060000Z`, start: { dateTime: "2027-03-29T11:45:00+05:45" } },
    ]);
    expect((await call("GET", `${events}/${id}/instances`)).body.items).toHaveLength(2);
  });
});

describe("events", () => {
  const day = { start: { date: "2027-01-01" }, end: { date: "2027-01-02" } };

  test("an id of one's own has its alphabet and is taken once, even by one that is deleted", async () => {
    expect((await call("POST", events, { id: "Not-Allowed", ...day })).status).toBe(400);
    expect((await call("POST", events, { id: "abcde0", ...day })).status).toBe(200);
    await call("DELETE", `${events}/abcde0`);
    expect(reasonOf(await call("POST", events, { id: "abcde0", ...day }))).toBe("409 duplicate");
    expect(reasonOf(await call("DELETE", `${events}/abcde0`))).toBe("410 deleted");
    expect((await call("GET", `${events}/abcde0`)).body.status).toBe("cancelled");
  });

  test("times need an offset or a zone, one form, and an end that is not before the start", async () => {
    const at = (dateTime: string, timeZone?: string) => ({ dateTime, timeZone });
    const post = async (start: object, end: object, more = {}) =>
      (await call("POST", events, { start, end, ...more })).status;
    expect(await post(at("2027-01-01T09:00:00"), at("2027-01-01T10:00:00"))).toBe(400);
    expect(await post(at("2027-01-01T09:00:00", "Mars/Olympus"), at("2027-01-01T10:00:00Z"))).toBe(400);
    expect(await post(at("2027-01-01T09:00:00Z"), { date: "2027-01-02" })).toBe(400);
    expect(await post(at("2027-01-01T09:00:00Z"), at("2027-01-01T08:00:00Z"))).toBe(400);
    const series = { recurrence: ["RRULE:FREQ=DAILY"] };
    expect(await post(at("2027-01-01T09:00:00Z"), at("2027-01-01T10:00:00Z"), series)).toBe(400);
    expect(await post(at("2027-01-01T09:00:00", "UTC"), at("2027-01-01T10:00:00", "UTC"), series)).toBe(200);
  });

  test("PUT replaces, PATCH merges, and both mind If-Match", async () => {
    const made = (await call("POST", events, { id: "abcde1", summary: "A", location: "Here", ...day })).body;
    expect(reasonOf(await call("PATCH", `${events}/abcde1`, { summary: "B" }, { "if-match": '"old"' }))).toBe(
      "412 conditionNotMet",
    );
    const patched = (await call("PATCH", `${events}/abcde1`, { summary: "B" }, { "if-match": made.etag })).body;
    expect(patched).toMatchObject({ summary: "B", location: "Here", sequence: 1 });
    const replaced = (await call("PUT", `${events}/abcde1`, { summary: "C", ...day })).body;
    expect(replaced).toMatchObject({ id: "abcde1", summary: "C", status: "confirmed" });
    expect(replaced.location).toBeUndefined();
  });

  test("free and busy times tell when, and nothing else", async () => {
    put("nine", 9);
    google.control.changeEvent(ann, put("twelve", 12).id, { transparency: "transparent" });
    const query = {
      timeMin: "2027-01-01T00:00:00Z",
      timeMax: "2027-01-02T00:00:00Z",
      items: [{ id: ann }, { id: "other" }],
    };
    const { calendars } = (await call("POST", "/calendar/v3/freeBusy", query)).body;
    expect(calendars[ann]).toEqual({ busy: [{ start: "2027-01-01T09:00:00.000Z", end: "2027-01-01T10:00:00.000Z" }] });
    expect(calendars.other.errors[0].reason).toBe("notFound");
  });
});

test("nothing is answered without a token that is good for it", async () => {
  expect((await call("GET", "/calendar/v3/elsewhere")).status).toBe(404);
  const narrow = google.control.connect(ann, ["https://www.googleapis.com/auth/calendar.calendarlist.readonly"]);
  token = (await postForm("/token", { grant_type: "refresh_token", refresh_token: narrow.refreshToken })).body
    .access_token;
  expect((await call("GET", "/calendar/v3/users/me/calendarList")).status).toBe(200);
  expect(reasonOf(await call("GET", events))).toBe("403 insufficientPermissions");
  token = "made-up";
  expect(reasonOf(await call("GET", events))).toBe("401 authError");
});

test("the token address takes its own client only, in the body or in the header", async () => {
  const { status, body } = await postForm("/token", { client_secret: "wrong", grant_type: "refresh_token" });
  expect([status, body.error]).toEqual([401, "invalid_client"]);
  expect((await postForm("/token", { grant_type: "password" })).body.error).toBe("unsupported_grant_type");
  const { clientId, clientSecret } = google.control.state;
  const { refreshToken } = google.control.connect(ann, writeScopes);
  const answer = await google.fetch(
    new Request("http://google.test/token", {
      method: "POST",
      headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}` },
      body: new URLSearchParams({ grant_type: "refresh_token", refresh_token: refreshToken }),
    }),
  );
  expect(answer.status).toBe(200);
});
