import { afterEach, describe, expect, it, vi } from "vitest";
import type { CalendarStore, SourceCalendar, SourceEvent } from "../../contracts/adapter";
import { calendarEventSchema } from "../../contracts/canonical";
import { startSample, stopSamples, testingIo } from "../testing-io";
import { icsFeed } from "./adapter";
import { createIcsFake, sampleFeedToken } from "./testing-fake";

const now = new Date("2026-11-27T12:00:00Z"); // a Friday
const { checkUrl, syncUrl } = icsFeed;
if (!checkUrl || !syncUrl) throw new Error("feeds are connected by their address");

afterEach(stopSamples);

function createStore() {
  const state = {
    calendar: null as SourceCalendar | null,
    cursor: null as string | null,
    events: [] as SourceEvent[],
    commits: 0,
  };
  const store: CalendarStore = {
    cursor: async () => state.cursor,
    async saveCalendars([calendar]) {
      state.calendar = calendar ?? null;
      return [{ id: calendar?.id ?? "", cursor: state.cursor }];
    },
    async commit(change) {
      expect(change.isFull).toBe(true);
      const ids = new Set(change.upserts.map(({ id }) => id));
      expect(ids.size).toBe(change.upserts.length);
      const removed = state.events.filter(({ id }) => !ids.has(id)).length;
      Object.assign(state, { cursor: change.cursor, events: [...change.upserts], commits: state.commits + 1 });
      return { written: change.upserts.length, removed };
    },
  };
  return { store, state, event: (title: string) => state.events.filter((event) => event.title === title) };
}

async function start() {
  const fake = createIcsFake(() => now);
  const origin = await startSample(fake.serve);
  const url = `${origin}/calendar.ics?token=${sampleFeedToken}`;
  const kept = createStore();
  const sync = (at = now, signal?: AbortSignal) => syncUrl?.(testingIo([origin], { now: at, signal }), url, kept.store);
  return { ...fake, ...kept, origin, url, io: testingIo([origin], { now }), sync };
}

/** A feed with these lines, served once, as its events. */
async function read(lines: string, options: { headers?: string; at?: Date } = {}) {
  const text = `BEGIN:VCALENDAR\r\n${options.headers ?? ""}\r\n${lines.replaceAll("\n", "\r\n")}\r\nEND:VCALENDAR\r\n`;
  const origin = await startSample(async () => new Response(text));
  const { store, state } = createStore();
  await syncUrl?.(testingIo([origin], { now: options.at ?? now }), origin, store);
  for (const event of state.events) calendarEventSchema.parse(event);
  return state;
}
const event = (lines: string) => `BEGIN:VEVENT\n${lines.trim()}\nEND:VEVENT`;
const starts = (events: SourceEvent[]) => events.map(({ start }) => ("at" in start ? start.at : start.date));

describe("a calendar feed", () => {
  it("is connected by an address of https or webcal, and says how it is called", async () => {
    const { io, url } = await start();
    expect(await checkUrl(io, url)).toEqual({ key: url, title: "Team Berlin" });
    await expect(checkUrl(io, "mailto:me@example.com")).rejects.toMatchObject({ code: "invalid" });
    await expect(checkUrl(io, url.replace("http:", "webcal:"))).rejects.toThrow(/could not be reached|not allow/);
  });

  it("is refused where no calendar is, and no failure tells its address", async () => {
    const { io, origin, url, faults } = await start();
    await expect(checkUrl(io, `${origin}/other.ics`)).rejects.toMatchObject({ code: "not-found" });
    await expect(checkUrl(io, `${origin}/calendar.ics?token=old-secret`)).rejects.toMatchObject({ code: "refused" });
    faults.plan("malformed", "rate-limited", "unavailable");
    for (const code of ["invalid", "rate-limited", "unavailable"]) {
      const failure = await checkUrl(io, url).then(String, (error: Error) => error);
      expect(failure).toMatchObject({ code });
      expect(`${failure} ${JSON.stringify(failure)}`).not.toContain(sampleFeedToken);
    }
  });

  it("brings events, series and exceptions in their zones", async () => {
    const { sync, state, event: named } = await start();
    expect(await sync()).toMatchObject({ isComplete: true, removed: 0 });
    for (const one of state.events) calendarEventSchema.parse(one);
    expect(state.calendar).toEqual({
      id: "feed",
      title: "Team Berlin",
      timeZone: "Europe/Berlin",
      color: "#2e7d32",
      access: "read",
      isPrimary: false,
    });
    const standups = starts(named("Stand-up"));
    // Winter and summer, at half past nine in Berlin.
    expect(standups).toContain("2026-11-27T08:30:00.000Z");
    expect(standups).toContain("2027-06-01T07:30:00.000Z");
    expect(standups).not.toContain("2026-12-02T08:30:00.000Z");
    expect(standups).not.toContain("2026-12-03T08:30:00.000Z");
    expect(starts(named("Stand-up (later today)"))).toEqual(["2026-12-03T10:00:00.000Z"]);
    expect(named("Planning with Toronto")[0]).toMatchObject({
      start: { timeZone: "America/New_York" },
      description: "Agenda:\n1. Roadmap\n2. Hiring, if time allows",
      url: "https://meet.example/planning",
    });
    expect(starts(named("Monthly review"))).toContain("2027-02-26T14:00:00.000Z");
    expect(named("Trip to the Baltic Sea")).toMatchObject([
      { start: { date: "2026-12-06" }, end: { date: "2026-12-09" }, isBusy: false },
    ]);
    expect(starts(named("Jonas' birthday"))).toEqual(["2025-12-02", "2026-12-02", "2027-12-02"].slice(0, 3));
    expect(named("Rooftop party")).toMatchObject([{ status: "cancelled" }]);
    expect(named("Stand-up")[0]).toMatchObject({
      organizer: { name: "Mia Schneider", email: "mia@example.com" },
      attendees: [{ name: "Jonas Weber", email: "jonas@example.com" }],
      iCalUid: "standup@sample",
    });
  });

  it("is not read again while it stays as it is, and is computed anew when its window has moved on", async () => {
    const { sync, state, put, remove, faults } = await start();
    await sync();
    expect(await sync()).toEqual({ isComplete: true, written: 0, removed: 0 });
    expect(state.commits).toBe(1);
    put("new@sample", "SUMMARY:New\nDTSTART:20261201T100000Z");
    remove("dentist@sample");
    expect(await sync()).toMatchObject({ removed: 1 });
    expect(state.events.some(({ title }) => title === "New")).toBe(true);
    expect(await sync()).toMatchObject({ written: 0 });
    await sync(new Date(now.getTime() + 8 * 86_400_000));
    expect(state.commits).toBe(3);
    expect(faults.asked).toHaveLength(5);
  });

  it("is asked with what its server said last also by another process, and then keeps everything", async () => {
    const { sync, state, store, origin, url, faults } = await start();
    await sync();
    const events = state.events;
    vi.resetModules();
    const { icsFeed: restarted } = await import("./adapter");
    const io = testingIo([origin], { now });
    expect(await restarted.syncUrl?.(io, url, store)).toEqual({ isComplete: true, written: 0, removed: 0 });
    expect([state.commits, state.events]).toEqual([1, events]);
    expect(faults.asked).toHaveLength(2);
  });

  it("at another address is read as a whole, whatever was said of the first one", async () => {
    const { sync, state, store, origin, url } = await start();
    await sync();
    await syncUrl?.(testingIo([origin], { now }), `${url}&moved`, store);
    expect(state.commits).toBe(2);
    state.cursor = "not ours";
    await sync();
    expect(state.commits).toBe(3);
  });

  it("says what could not be read, also while it stays as it is, and no more once it can be", async () => {
    const { sync, put, remove } = await start();
    put("never@sample", "SUMMARY:Never\nDTSTART:tomorrow");
    const skipped = { count: 1, reasons: ["no beginning that can be read"] };
    expect(await sync()).toMatchObject({ skipped });
    expect(await sync()).toEqual({ isComplete: true, written: 0, removed: 0, skipped });
    remove("never@sample");
    expect(await sync()).not.toHaveProperty("skipped");
  });

  it("keeps what it had when the server fails, and ends as soon as the work is stopped", async () => {
    const { sync, state, faults } = await start();
    await sync();
    faults.plan("unavailable", "malformed", "slow");
    await expect(sync()).rejects.toMatchObject({ code: "unavailable" });
    await expect(sync()).rejects.toMatchObject({ code: "invalid" });
    const stop = new AbortController();
    const asked = sync(now, stop.signal);
    await expect.poll(() => faults.asked.length).toBe(4);
    stop.abort(new Error("stopped"));
    await expect(asked).rejects.toThrow();
    expect(state.commits).toBe(1);
  });
});

describe("times of a feed", () => {
  const at = (lines: string, headers?: string) =>
    read(event(`UID:a\nSUMMARY:A\n${lines}`), { headers }).then(({ events: [one] }) => [one?.start, one?.end]);
  const berlin = (time: string) => ({ at: time, timeZone: "Europe/Berlin" });

  it("are read in zones of IANA, of Windows, with prefixes and of the feed's own", async () => {
    const time = "20260701T120000";
    const [start] = await at(`DTSTART;TZID=Europe/Berlin:${time}`);
    expect(start).toEqual(berlin("2026-07-01T10:00:00.000Z"));
    expect((await at(`DTSTART;TZID=W. Europe Standard Time:${time}`))[0]).toEqual(start);
    expect((await at(`DTSTART;TZID=/citadel.org/20210210_1/Europe/Berlin:${time}`))[0]).toEqual(start);
    const own = (location: string) => `X-WR-TIMEZONE:Europe/Berlin\nBEGIN:VTIMEZONE\nTZID:Office${location}
BEGIN:STANDARD\nDTSTART:16010101T030000\nTZOFFSETFROM:+0300\nTZOFFSETTO:+0200\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\nEND:STANDARD
BEGIN:DAYLIGHT\nDTSTART:16010101T020000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0300\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\nEND:DAYLIGHT
END:VTIMEZONE`;
    expect((await at(`DTSTART;TZID=Office:${time}`, own("")))[0]).toEqual(berlin("2026-07-01T09:00:00.000Z"));
    expect((await at("DTSTART;TZID=Office:20261201T120000", own("")))[0]).toEqual(berlin("2026-12-01T10:00:00.000Z"));
    const named = await at(`DTSTART;TZID=Office:${time}`, own("\nX-LIC-LOCATION:Europe/Helsinki"));
    expect(named[0]).toEqual({ at: "2026-07-01T09:00:00.000Z", timeZone: "Europe/Helsinki" });
  });

  it("are those of the calendar where they float or name a zone that nobody knows", async () => {
    const zone = "X-WR-TIMEZONE:Europe/Berlin";
    expect((await at("DTSTART:20260701T120000", zone))[0]).toEqual(berlin("2026-07-01T10:00:00.000Z"));
    expect((await at("DTSTART;TZID=Narnia:20260701T120000", zone))[0]).toEqual(berlin("2026-07-01T10:00:00.000Z"));
    expect((await at("DTSTART:20260701T120000Z", zone))[0]).toEqual(berlin("2026-07-01T12:00:00.000Z"));
  });

  it("are right in the night of a change of clocks", async () => {
    expect((await at("DTSTART;TZID=Europe/Berlin:20260329T023000"))[0]).toEqual(berlin("2026-03-29T01:30:00.000Z"));
    expect((await at("DTSTART;TZID=Europe/Berlin:20261025T023000"))[0]).toEqual(berlin("2026-10-25T00:30:00.000Z"));
  });

  it("end by DTEND, by DURATION on the calendar, or as they begin", async () => {
    const start = "DTSTART;TZID=Europe/Berlin:20261024T120000";
    expect((await at(`${start}\nDURATION:P1DT1H`))[1]).toEqual(berlin("2026-10-25T12:00:00.000Z"));
    expect((await at(`${start}\nDTEND:20261024T113000Z`))[1]).toEqual(berlin("2026-10-24T11:30:00.000Z"));
    expect((await at(start))[1]).toEqual(berlin("2026-10-24T10:00:00.000Z"));
    expect(await at("DTSTART;VALUE=DATE:20261224")).toEqual([{ date: "2026-12-24" }, { date: "2026-12-25" }]);
    expect(await at("DTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20261224")).toEqual([
      { date: "2026-12-24" },
      { date: "2026-12-25" },
    ]);
    expect((await at("DTSTART;VALUE=DATE:20261224\nDURATION:P1W"))[1]).toEqual({ date: "2026-12-31" });
  });
});

describe("a series of a feed", () => {
  const series = (lines: string, more = "") =>
    read(`${event(`UID:s\nSUMMARY:S\nDTSTART;TZID=America/Toronto:20261101T090000\n${lines}`)}\n${more}`);

  it("leaves out what is excluded in any zone or by its day, and adds what is named", async () => {
    const { events } = await series(`RRULE:FREQ=DAILY;COUNT=6
EXDATE:20261102T140000Z
EXDATE;VALUE=DATE:20261103
RDATE;TZID=America/Toronto:20261120T170000
RDATE;VALUE=PERIOD:20261121T140000Z/PT3H`);
    expect(starts(events)).toEqual([
      "2026-11-01T14:00:00.000Z",
      "2026-11-04T14:00:00.000Z",
      "2026-11-05T14:00:00.000Z",
      "2026-11-06T14:00:00.000Z",
      "2026-11-20T22:00:00.000Z",
      "2026-11-21T14:00:00.000Z",
    ]);
    expect(events.at(-1)?.end).toMatchObject({ at: "2026-11-21T17:00:00.000Z" });
  });

  it("keeps the ids of its occurrences whatever else changes, and of those that are moved", async () => {
    const before = await series("RRULE:FREQ=WEEKLY;COUNT=3");
    const moved = await series(
      "RRULE:FREQ=WEEKLY;COUNT=4",
      event("UID:s\nSUMMARY:Moved\nRECURRENCE-ID:20261108T140000Z\nDTSTART:20261109T200000Z"),
    );
    expect(moved.events.slice(0, 3).map(({ id }) => id)).toEqual(before.events.map(({ id }) => id));
    expect(moved.events[1]).toMatchObject({ title: "Moved", start: { at: "2026-11-09T20:00:00.000Z" } });
    expect(new Set(moved.events.map(({ seriesId }) => seriesId)).size).toBe(1);
  });

  it("ends with the day of UNTIL, and counts its first occurrence", async () => {
    expect((await series("RRULE:FREQ=DAILY;UNTIL=20261103")).events).toHaveLength(3);
    expect((await series("RRULE:FREQ=DAILY;UNTIL=20261103T135959Z")).events).toHaveLength(2);
    expect((await series("RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=2")).events).toHaveLength(2);
  });

  it("shows exceptions of a series that is not in the feed, and its newest state where there are two", async () => {
    const alone = event("UID:x\nSUMMARY:Alone\nRECURRENCE-ID:20261108T140000Z\nDTSTART:20261109T200000Z");
    const versions = ["0", "2", "1"].map((n) =>
      event(`UID:v\nSEQUENCE:${n}\nSUMMARY:V${n}\nDTSTART:2026120${n}T100000Z`),
    );
    const { events } = await read([alone, ...versions].join("\n"));
    expect(events.map(({ title }) => title)).toEqual(["Alone", "V2"]);
  });

  it("keeps events apart that have no UID or all the same", async () => {
    const same = ["08", "09"].map((hour) => event(`UID:same\nSUMMARY:At ${hour}\nDTSTART:20261201T${hour}0000Z`));
    const none = ["08", "09"].map((hour) => event(`SUMMARY:No UID\nDTSTART:20261202T${hour}0000Z`));
    expect((await read([...same, ...none].join("\n"))).events).toHaveLength(4);
  });

  it("costs one property when a line is damaged, and one event without a beginning", async () => {
    const { events } = await read(
      [
        event('UID:a\nSUMMARY:Fine\nnonsense\nATTENDEE;CN="open:mailto:x\nDTSTART:20261201T100000Z\nDURATION:soon'),
        event("UID:b\nSUMMARY:Never\nDTSTART:tomorrow"),
        event("UID:c\nSUMMARY:Odd rule\nDTSTART:20261202T100000Z\nRRULE:FREQ=FORTNIGHTLY"),
      ].join("\n"),
    );
    expect(events.map(({ title }) => title)).toEqual(["Fine", "Odd rule"]);
  });

  it("does not run away, whatever its rule says", async () => {
    const rules = [
      "FREQ=SECONDLY",
      "FREQ=MINUTELY;BYSECOND=0,1,2,3,4,5",
      "FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30",
      "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
      "FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=4",
      "FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO;BYMONTH=6",
      "FREQ=DAILY;INTERVAL=1000000000",
      "FREQ=DAILY;COUNT=999999999",
      "FREQ=HOURLY;BYMINUTE=0,1,2,3,4,5,6,7,8,9;BYSECOND=0,1,2,3,4,5,6,7,8,9",
    ];
    const many = Array.from({ length: 300 }, (_, at) =>
      rules.map((rule, which) => ({ rule, uid: `${at}-${which}` })),
    ).flat();
    const lines = many.map(({ rule, uid }) => event(`UID:${uid}\nSUMMARY:X\nDTSTART:15000101T000000Z\nRRULE:${rule}`));
    const startedAt = performance.now();
    const { events } = await read(lines.join("\n"));
    expect(events.length).toBeLessThanOrEqual(20_000);
    // Under three seconds here; without bounds it would be hours.
    expect(performance.now() - startedAt).toBeLessThan(60_000);
  }, 90_000);

  it("is refused with more events than can be kept", async () => {
    const lines = Array.from({ length: 20_001 }, (_, at) => `BEGIN:VEVENT\nUID:${at}\nEND:VEVENT`).join("\n");
    await expect(read(lines)).rejects.toMatchObject({ code: "invalid" });
  });
});
