import { describe, expect, test } from "vitest";
import { syncCalendar } from "./sync";
import { ann, dayOf, hourOf, serveGoogle } from "./testing-served";

const google = serveGoogle();
const sync = () => syncCalendar(google.io, google.store);
const titles = (calendarId = ann) =>
  google.store
    .events(calendarId)
    .map(({ title }) => title)
    .sort();
const last = () => google.store.commits.at(-1);

function put(title: string, daysAhead = 1, calendarId = ann) {
  const [start, end] = [{ dateTime: hourOf(daysAhead, 9) }, { dateTime: hourOf(daysAhead, 10) }];
  return google.control.putEvent(calendarId, { summary: title, start, end }).id;
}
function putSeries(title: string, rule: string, daysAhead = 1) {
  const time = (hour: number) => ({ dateTime: hourOf(daysAhead, hour), timeZone: "Europe/Berlin" });
  return google.control.putEvent(ann, { summary: title, start: time(9), end: time(10), recurrence: [`RRULE:${rule}`] })
    .id;
}

describe("a full synchronisation", () => {
  test("brings calendars and events, and keeps a cursor", async () => {
    put("Dentist");
    const report = await sync();
    expect(report).toEqual({ isComplete: true, written: 1, removed: 0 });
    expect([...google.store.calendars.values()]).toEqual([
      { id: ann, title: "Ann", timeZone: "Europe/Berlin", color: "#0088aa", access: "write", isPrimary: true },
    ]);
    expect(titles()).toEqual(["Dentist"]);
    expect(google.store.cursors.get(ann)).toContain("token");
  });

  test("follows every page, empty ones too, and writes them in one commit", async () => {
    for (let at = 0; at < 23; at++) put(`Event ${at}`, at);
    google.control.habits.maxPageSize = 5;
    google.control.habits.hasEmptyPages = true;
    await sync();
    expect(google.store.events(ann)).toHaveLength(23);
    expect(google.store.commits).toHaveLength(1);
    expect(google.control.calls("events.list")).toBe(10);
  });

  test("follows the pages of the list of calendars", async () => {
    for (let at = 0; at < 7; at++)
      google.control.addCalendar({ id: `c${at}`, summary: `C ${at}`, people: { [ann]: "reader" } });
    google.control.habits.maxPageSize = 3;
    await sync();
    expect(google.store.calendars.size).toBe(8);
    expect(google.store.calendars.get("c1")?.access).toBe("read");
  });

  test("takes calendars by whatever id they have", async () => {
    const ids = ["de.german#holiday@group.v.calendar.google.com", "a b/c?d=e%20+ü"];
    for (const id of ids) {
      google.control.addCalendar({ id, summary: id, people: { [ann]: "reader" } });
      put("Holiday", 1, id);
    }
    await sync();
    for (const id of ids) expect(titles(id)).toEqual(["Holiday"]);
  });

  test("leaves out a calendar of which only free and busy times may be seen", async () => {
    google.control.addCalendar({ id: "boss", summary: "Boss", people: { [ann]: "freeBusyReader" } });
    await sync();
    expect([...google.store.calendars.keys()]).toEqual([ann]);
  });

  test("brings a series as its occurrences, with the exceptions as they are", async () => {
    const id = putSeries("Stand-up", "FREQ=DAILY;COUNT=4");
    const [, second, third] = google.control.events(ann);
    google.control.changeEvent(ann, second?.id ?? "", { summary: "Stand-up, moved" });
    google.control.deleteEvent(ann, third?.id ?? "");
    await sync();
    expect(titles()).toEqual(["Stand-up", "Stand-up", "Stand-up, moved"]);
    expect(google.store.events(ann).every((event) => event.seriesId === id)).toBe(true);
  });

  test("bounds an endless series to two years ahead", async () => {
    putSeries("Weekly", "FREQ=WEEKLY");
    await sync();
    expect(google.store.events(ann).length).toBeGreaterThan(100);
    expect(google.store.events(ann).length).toBeLessThan(110);
  });
});

describe("an incremental synchronisation", () => {
  test("asks for what changed only", async () => {
    const [kept, gone] = [put("Kept"), put("Gone")];
    await sync();
    google.control.changeEvent(ann, kept, { summary: "Changed" });
    google.control.deleteEvent(ann, gone);
    put("New");
    expect(await sync()).toEqual({ isComplete: true, written: 2, removed: 1 });
    expect(last()?.isFull).toBe(false);
    expect(titles()).toEqual(["Changed", "New"]);
  });

  test("does not mind that an event it never saw is gone", async () => {
    await sync();
    google.control.deleteEvent(ann, put("Short-lived"));
    await sync();
    expect(last()?.removed).toHaveLength(1);
    expect(titles()).toEqual([]);
  });

  test("keeps to the window when a touched series comes as a whole", async () => {
    const id = putSeries("Weekly", "FREQ=WEEKLY");
    await sync();
    const before = google.store.events(ann).length;
    google.control.changeEvent(ann, id, { summary: "Weekly, renamed" });
    await sync();
    expect(google.store.events(ann)).toHaveLength(before);
    expect(new Set(titles())).toEqual(new Set(["Weekly, renamed"]));
  });

  test("takes away every occurrence of a deleted series, although Google names those of six months only", async () => {
    const id = putSeries("Weekly", "FREQ=WEEKLY");
    put("Dentist");
    await sync();
    google.control.deleteEvent(ann, id);
    await sync();
    expect(titles()).toEqual(["Dentist"]);
    expect(last()?.isFull).toBe(true);
  });

  test("takes away the end of a series that was cut, although Google names none of it", async () => {
    const id = putSeries("Monthly", "FREQ=MONTHLY", 200);
    await sync();
    google.control.changeEvent(ann, id, { recurrence: ["RRULE:FREQ=MONTHLY;COUNT=1"] });
    await sync();
    expect(titles()).toEqual(["Monthly"]);
  });

  test("does not read everything again for one occurrence that was moved", async () => {
    let now = new Date();
    google.renew(() => now);
    putSeries("Weekly", "FREQ=WEEKLY");
    await sync();
    now = new Date(now.getTime() + 1000);
    google.control.changeEvent(ann, google.control.events(ann)[3]?.id ?? "", { summary: "Weekly, moved" });
    await sync();
    expect(last()).toMatchObject({ isFull: false, upserts: [{ title: "Weekly, moved" }] });
  });

  test("takes an event away that moved out of the window", async () => {
    const id = put("Far");
    await sync();
    const far = (hour: number) => ({ dateTime: hourOf(1500, hour) });
    google.control.changeEvent(ann, id, { start: far(9), end: far(10) });
    await sync();
    expect(titles()).toEqual([]);
  });

  test("misses nothing that changes between two pages", async () => {
    for (let at = 0; at < 12; at++) put(`Event ${at}`, at);
    google.control.habits.maxPageSize = 4;
    google.control.onCall((kind, count) => {
      if (kind === "events.list" && count === 2) {
        google.control.putEvent(ann, {
          id: "0first",
          summary: "Behind",
          start: { date: dayOf(1) },
          end: { date: dayOf(2) },
        });
        google.control.deleteEvent(ann, google.control.events(ann).at(-2)?.id ?? "");
      }
    });
    await sync();
    await sync();
    expect(titles()).toEqual(
      google.control
        .events(ann)
        .map(({ summary }) => summary)
        .sort(),
    );
  });

  test("starts again as a whole after 410, in one commit, with the old events there until then", async () => {
    const id = put("Old");
    await sync();
    google.control.expireSyncTokens(ann);
    google.control.deleteEvent(ann, id);
    put("New");
    let seen: string[] = [];
    google.control.onCall((kind) => {
      if (kind === "events.list") seen = titles();
    });
    await sync();
    expect(seen).toEqual(["Old"]);
    expect(titles()).toEqual(["New"]);
    expect(last()?.isFull).toBe(true);
    await sync();
    expect(last()?.isFull).toBe(false);
  });

  test("starts again as a whole when 410 comes in the middle of the pages", async () => {
    await sync();
    for (let at = 0; at < 9; at++) put(`Event ${at}`, at);
    google.control.habits.maxPageSize = 3;
    google.control.onCall((kind, count) => {
      if (kind === "events.list" && count === 3) google.control.expireSyncTokens(ann);
    });
    await sync();
    expect(google.store.events(ann)).toHaveLength(9);
    expect(last()?.isFull).toBe(true);
  });

  test("takes a cursor that is not its own, or of another query, as none", async () => {
    put("Dentist");
    for (const cursor of ["nonsense", '{"version":0}', '{"version":1,"token":"x"}']) {
      google.store.cursors.set(ann, cursor);
      await sync();
      expect(last()?.isFull).toBe(true);
    }
  });

  test("renews the window each week", async () => {
    let now = new Date();
    google.renew(() => now);
    put("Dentist");
    await sync();
    now = new Date(now.getTime() + 6 * 86_400_000);
    await sync();
    expect(last()?.isFull).toBe(false);
    now = new Date(now.getTime() + 2 * 86_400_000);
    await sync();
    expect(last()?.isFull).toBe(true);
  });
});

test("what cannot be read is told at every synchronisation, until it can be or is gone", async () => {
  const [readable, broken, gone] = [put("Fine"), put("Broken"), put("Gone")];
  const odd = { iCalUID: 5 as unknown as string };
  for (const id of [broken, gone]) google.control.changeEvent(ann, id, odd);
  const skipped = (count: number) => ({ skipped: { count, reasons: ["no time or an unusable id"] } });
  expect(await sync()).toMatchObject(skipped(2));
  google.control.changeEvent(ann, readable, { summary: "Fine, too" });
  expect(await sync()).toMatchObject({ written: 1, ...skipped(2) });
  google.control.changeEvent(ann, broken, { iCalUID: "no more" });
  expect(await sync()).toMatchObject({ written: 1, ...skipped(1) });
  google.control.deleteEvent(ann, gone);
  expect(await sync()).not.toHaveProperty("skipped");
});
