import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { NewEvent } from "../../contracts/adapter";
import { toHtmlText, toPlainText } from "./html-text";
import { toGoogleEvent, toSourceCalendar, toSourceEvent } from "./map";
import { createGoogleFake } from "./testing-fake";

const context = { calendarId: "c", timeZone: "Asia/Kathmandu" };
const timed = (start: object, end: object = start) => toSourceEvent({ id: "e", start, end }, context);

describe("times", () => {
  test("all-day dates stay dates, with the end exclusive, whatever the zone", () => {
    const event = timed({ date: "2027-03-28" }, { date: "2027-03-29" });
    expect([event?.start, event?.end]).toEqual([{ date: "2027-03-28" }, { date: "2027-03-29" }]);
  });

  test.each([
    ["an offset decides", "2026-11-27T10:00:00+05:45", "Asia/Kathmandu", "2026-11-27T04:15:00.000Z"],
    [
      "an offset decides over a zone that says otherwise",
      "2026-11-27T10:00:00+01:00",
      "America/New_York",
      "2026-11-27T09:00:00.000Z",
    ],
    ["Z is an offset", "2026-11-27T10:00:00Z", "Europe/Berlin", "2026-11-27T10:00:00.000Z"],
    ["without one the zone decides", "2026-11-27T10:00:00", "Asia/Kathmandu", "2026-11-27T04:15:00.000Z"],
    [
      "a time in the gap of spring is taken after it",
      "2027-03-28T02:30:00",
      "Europe/Berlin",
      "2027-03-28T01:30:00.000Z",
    ],
    [
      "a time that comes twice in autumn is the first",
      "2027-10-31T02:30:00",
      "Europe/Berlin",
      "2027-10-31T00:30:00.000Z",
    ],
    ["the second one has an offset", "2027-10-31T02:30:00+01:00", "Europe/Berlin", "2027-10-31T01:30:00.000Z"],
    ["half-hour changes of the clock", "2027-04-04T01:45:00+11:00", "Australia/Lord_Howe", "2027-04-03T14:45:00.000Z"],
    ["a day that was skipped", "2011-12-29T23:30:00-10:00", "Pacific/Apia", "2011-12-30T09:30:00.000Z"],
  ])("%s", (_, dateTime, timeZone, at) => {
    expect(timed({ dateTime, timeZone })?.start).toEqual({ at, timeZone });
  });

  test("a zone that is missing or unknown here is the calendar's", () => {
    for (const timeZone of [undefined, "Mars/Olympus"])
      expect(timed({ dateTime: "2026-11-27T10:00:00", timeZone })?.start).toEqual({
        at: "2026-11-27T04:15:00.000Z",
        timeZone: "Asia/Kathmandu",
      });
  });

  test("an event over midnight or over a change of the clock keeps both ends", () => {
    const event = timed(
      { dateTime: "2027-03-27T23:00:00+01:00", timeZone: "Europe/Berlin" },
      { dateTime: "2027-03-28T05:00:00+02:00", timeZone: "Europe/Berlin" },
    );
    expect(event?.end).toEqual({ at: "2027-03-28T03:00:00.000Z", timeZone: "Europe/Berlin" });
  });

  test("a missing end is the start; a missing or impossible start is no event", () => {
    expect(toSourceEvent({ id: "e", start: { date: "2027-01-01" } }, context)?.end).toEqual({ date: "2027-01-01" });
    expect(toSourceEvent({ id: "e", status: "cancelled" }, context)).toBeNull();
    expect(timed({ dateTime: "2027-02-31T10:00:00" })).toBeNull();
    expect(timed({ date: "2027-02-31" })).toBeNull();
    expect(timed({ dateTime: "yesterday" })).toBeNull();
  });
});

describe("fields", () => {
  const start = { date: "2027-01-01" };
  const read = (event: object) => toSourceEvent({ id: "e", start, end: start, ...event }, context);

  test("everything that is kept is where it belongs", () => {
    expect(
      read({
        summary: "Dinner",
        description: "<p>Bring <b>wine</b></p>",
        location: " Main St ",
        status: "tentative",
        etag: '"7"',
        recurringEventId: "series",
        iCalUID: "uid@x",
        htmlLink: "https://calendar.google.com/event?eid=x",
        organizer: { displayName: "Bob", email: "bob@example.org" },
        attendees: [
          { email: "ann@example.org", self: true, responseStatus: "accepted" },
          { displayName: "Room 1" },
          {},
        ],
      }),
    ).toEqual({
      id: "e",
      title: "Dinner",
      start,
      end: start,
      description: "Bring wine",
      location: "Main St",
      status: "tentative",
      calendarId: "c",
      etag: '"7"',
      seriesId: "series",
      iCalUid: "uid@x",
      isBusy: true,
      url: "https://calendar.google.com/event?eid=x",
      organizer: { name: "Bob", email: "bob@example.org" },
      attendees: [{ email: "ann@example.org" }, { name: "Room 1" }],
    });
  });

  test("guests may be left out, and a link that is not https is none", () => {
    expect(read({ attendeesOmitted: true, htmlLink: "javascript:alert(1)" })).toMatchObject({
      attendees: [],
      url: undefined,
    });
  });

  test("time is free where the event says so or the person declined", () => {
    expect(read({ transparency: "transparent" })?.isBusy).toBe(false);
    expect(read({ attendees: [{ self: true, email: "a@b", responseStatus: "declined" }] })?.isBusy).toBe(false);
    expect(read({ attendees: [{ email: "a@b", responseStatus: "declined" }] })?.isBusy).toBe(true);
  });

  test("an event without a title has one to show", () => {
    expect(read({})?.title).toBe("(No title)");
    expect(read({ visibility: "private" })?.title).toBe("Busy");
  });

  test("an id that cannot be kept is no event, instead of a failed synchronisation", () => {
    expect(read({ id: "x".repeat(501) })).toBeNull();
    expect(read({ id: undefined })).toBeNull();
  });

  test("characters that no database keeps are dropped", () => {
    expect(read({ summary: "a\u0000b\ud800", description: "c\u0000" })).toMatchObject({
      title: "ab\ufffd",
      description: "c",
    });
  });
});

test.each([
  ["owner", "write"],
  ["writer", "write"],
  ["writerWithoutPrivateAccess", "write"],
  ["reader", "read"],
  ["freeBusyReader", undefined],
  ["", undefined],
])("a calendar with the role %s may be used for: %s", (accessRole, access) => {
  expect(toSourceCalendar({ id: "c", accessRole })?.access).toBe(access);
});

describe("descriptions", () => {
  test.each([
    ["Just text\nwith lines", "Just text\nwith lines"],
    ["a < b and c > d, AT&T", "a < b and c > d, AT&T"],
    ["one<br>two<br/>three", "one\ntwo\nthree"],
    ["<p>one</p><p>two</p>", "one\ntwo"],
    ["<ul><li>one</li><li>two</li></ul>", "- one\n- two"],
    ['<a href="https://x.example/j?a=1&amp;b=2">Join</a>', "Join (https://x.example/j?a=1&b=2)"],
    ['<a href="https://x.example/">https://x.example/</a>', "https://x.example/"],
    ['<a href="javascript:alert(1)">Click</a>', "Click"],
    ["<SCRIPT>alert(1)</script >x<style>a{}</STYLE>y", "<SCRIPT>alert(1)</script >xy"],
    ["<script>alert(1)</script>x<!-- hidden -->y", "xy"],
    ["&lt;b&gt; &amp;lt; &#228; &#x1F600; &nbsp;.", "<b> &lt; ä 😀  ."],
    ["&#0; &#99999999; &unknown;", "&#0; &#99999999; &unknown;"],
  ])("%j reads %j", (html, text) => {
    expect(toPlainText(html)).toBe(html.startsWith("<SCRIPT>") ? "alert(1)xy" : text);
  });

  test("what a person wrote comes back as they wrote it, whatever it looks like", () => {
    const piece = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.constantFrom(
        "<b>",
        "</a>",
        "&amp;",
        "&lt;",
        "<!--",
        "-->",
        "<script>",
        "\r\n",
        "\n",
        " ",
        "<br>",
        "&",
        "<",
        "\u0000",
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join("");
        expect(toPlainText(toHtmlText(text))).toBe(toPlainText(toHtmlText(toPlainText(toHtmlText(text)))));
        expect(toPlainText(toHtmlText(text)).replace(/\s/g, "")).toBe(
          text
            .toWellFormed()
            // biome-ignore lint/suspicious/noControlCharactersInRegex: these are dropped
            .replace(/[\u0000-\u0008\u000e-\u001f\u007f\s]/g, ""),
        );
      }),
      { numRuns: 500 },
    );
  });

  test("take no longer when they are made to", () => {
    for (const part of ["<!--", "<script", "<a ", "<a href='", "&#", "<"]) {
      const started = performance.now();
      toPlainText(part.repeat(20_000));
      expect(performance.now() - started).toBeLessThan(2000);
    }
  });
});

describe("an event that is written and read again", () => {
  const zone = fc.constantFrom(
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Apia",
  );
  const seconds = fc.integer({ min: Date.UTC(2000, 0) / 1000, max: Date.UTC(2050, 0) / 1000 });
  const times = fc.oneof(
    fc
      .record({ from: seconds, lasts: fc.integer({ min: 0, max: 500_000 }), timeZone: zone })
      .map(({ from, lasts, timeZone }) => ({
        start: { at: new Date(from * 1000).toISOString(), timeZone },
        end: { at: new Date((from + lasts) * 1000).toISOString(), timeZone },
      })),
    fc.record({ from: seconds, days: fc.integer({ min: 1, max: 30 }) }).map(({ from, days }) => ({
      start: { date: new Date(from * 1000).toISOString().slice(0, 10) },
      end: { date: new Date((from + days * 86_400) * 1000).toISOString().slice(0, 10) },
    })),
  );

  test("has the same times to the second, the same text and the same guests, in a calendar of any zone", () => {
    fc.assert(
      fc.property(
        times,
        zone,
        fc.lorem(),
        fc.uniqueArray(fc.emailAddress(), { maxLength: 3 }),
        (time, timeZone, title, emails) => {
          const { control } = createGoogleFake();
          control.addCalendar({ id: "c", summary: "C", timeZone, people: {} });
          const event: NewEvent = { title, ...time, attendees: emails.map((email) => ({ email })) };
          const kept = control.putEvent("c", { ...toGoogleEvent(event), status: "confirmed" } as object);
          expect(toSourceEvent(kept, { calendarId: "c", timeZone })).toMatchObject({
            ...time,
            title,
            attendees: event.attendees,
          });
        },
      ),
      { numRuns: 300 },
    );
  });
});
