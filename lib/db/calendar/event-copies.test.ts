import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { SourceEvent } from "@/lib/contracts/adapter";
import type { Viewer } from "@/lib/contracts/viewer";
import { pool } from "../client";
import { testConnection } from "../finance/testing-money";
import { testDatabase, testUser } from "../testing";
import { calendarStore } from "./calendar-store";
import { listCalendars, showCalendar } from "./calendars";
import { findEventId, getEventPlace, listEvents, searchEvents } from "./events";

let database: Awaited<ReturnType<typeof testDatabase>>;
let ada: Viewer;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  ada = await testUser();
});

const span = {
  ...{ from: new Date("2026-11-30T00:00Z"), to: new Date("2026-12-01T00:00Z") },
  ...{ fromDate: "2026-11-30", toDate: "2026-12-01" },
};
const at = (clock: string) => ({ at: `2026-11-30T${clock}:00.000Z`, timeZone: "Europe/Berlin" });
const meeting = (more: Partial<SourceEvent> = {}): SourceEvent => ({
  ...{ id: "m", title: "Review", attendees: [], status: "confirmed", iCalUid: "review@example.test" },
  ...{ start: at("10:00"), end: at("11:00") },
  ...more,
});

/** A calendar with a connection of its own. @returns its id */
async function plant(title: string, events: SourceEvent[], options: { isWritable?: boolean; viewer?: Viewer } = {}) {
  const { isWritable = false, viewer = ada } = options;
  const connectionId = await testConnection(viewer, { adapter: "ics", title });
  await pool().query(`UPDATE "Connection" SET "isWriteAllowed" = $2 WHERE id = $1`, [connectionId, isWritable]);
  const store = calendarStore(viewer, connectionId);
  const access = isWritable ? ("write" as const) : ("read" as const);
  await store.saveCalendars([{ id: "c", title, timeZone: "UTC", color: null, access, isPrimary: false }]);
  await store.commit({ calendarId: "c", isFull: true, upserts: events, removed: [], cursor: null });
  return (await listCalendars(viewer)).find((calendar) => calendar.connectionId === connectionId)?.id ?? "";
}
const told = (events: Awaited<ReturnType<typeof listEvents>>) =>
  events.map(({ calendarTitle, alsoIn }) => [calendarTitle, ...alsoIn.map((other) => other.calendarTitle)]);

describe("one meeting in several calendars", () => {
  it("is shown once and names them all, as it stands where it may be changed, whichever came first", async () => {
    await plant("Team feed", [meeting({ title: "Busy" })]);
    await plant("Work", [meeting({ id: "w" })], { isWritable: true });
    await plant("Archive", [meeting({ id: "a" })]);
    expect(await listEvents(ada, span)).toMatchObject([{ title: "Review", calendarTitle: "Work", isWritable: true }]);
    expect(told(await listEvents(ada, span)).map((titles) => titles.sort())).toEqual([
      ["Archive", "Team feed", "Work"],
    ]);
    expect(told(await searchEvents(ada, "review", 5, new Date()))).toHaveLength(1);
    // By its words in the feed alone it is still the one that may be changed, or nothing: never a second one.
    expect(told(await searchEvents(ada, "busy", 5, new Date()))).toEqual([]);
  });

  it("counts once against a limit", async () => {
    const lunch = meeting({
      id: "l",
      iCalUid: "lunch@example.test",
      title: "Lunch",
      start: at("12:00"),
      end: at("13:00"),
    });
    await plant("Feed", [meeting(), lunch]);
    await plant("Work", [meeting(), lunch], { isWritable: true });
    expect((await listEvents(ada, span, 2)).map(({ title }) => title)).toEqual(["Review", "Lunch"]);
  });

  it("is told by each copy that is asked for by its id", async () => {
    const feed = await plant("Feed", [meeting()]);
    await plant("Work", [meeting()], { isWritable: true });
    const { event } = await getEventPlace(ada, (await findEventId(ada, feed, "m")) ?? "");
    expect(told([event])).toEqual([["Feed", "Work"]]);
  });

  it.each([
    ["another start", { start: at("10:30") }],
    ["another end", { end: at("12:00") }],
    ["whole days", { start: { date: "2026-11-30" }, end: { date: "2026-12-01" } }],
    ["no id of its own", { iCalUid: undefined }],
    ["another id", { iCalUid: "other@example.test" }],
  ])("with %s is two", async (_, other) => {
    await plant("Feed", [meeting(other)]);
    await plant("Work", [meeting()], { isWritable: true });
    expect(told(await listEvents(ada, span)).sort()).toEqual([["Feed"], ["Work"]]);
  });

  it("on whole days is one, and on other days another", async () => {
    const days = (date: string, end: string) => meeting({ start: { date }, end: { date: end } });
    await plant("Feed", [days("2026-11-30", "2026-12-01")]);
    const work = await plant("Work", [days("2026-11-30", "2026-12-01")], { isWritable: true });
    expect(told(await listEvents(ada, span))).toEqual([["Work", "Feed"]]);
    await pool().query(`UPDATE "CalendarEvent" SET "endDate" = '2026-12-02' WHERE "calendarId" = $1`, [work]);
    expect(await listEvents(ada, span)).toHaveLength(2);
  });

  it("stays where it is twice in one calendar: there it is two", async () => {
    await plant("Work", [meeting(), meeting({ id: "again" })], { isWritable: true });
    await plant("Feed", [meeting()]);
    expect(told(await listEvents(ada, span))).toEqual([
      ["Work", "Feed"],
      ["Work", "Feed"],
    ]);
  });

  it("is shown from the other calendar while one is hidden or it is cancelled there", async () => {
    await plant("Feed", [meeting()]);
    const work = await plant("Work", [meeting()], { isWritable: true });
    await showCalendar(ada, work, false);
    expect(told(await listEvents(ada, span))).toEqual([["Feed"]]);
    await showCalendar(ada, work, true);
    await pool().query(`UPDATE "CalendarEvent" SET status = 'cancelled' WHERE "calendarId" = $1`, [work]);
    expect(told(await listEvents(ada, span))).toEqual([["Feed"]]);
  });

  it("keeps the time busy when one of them does", async () => {
    await plant("Feed", [meeting()]);
    await plant("Work", [meeting({ isBusy: false })], { isWritable: true });
    expect(await listEvents(ada, span)).toMatchObject([{ calendarTitle: "Work", isBusy: true }]);
  });

  it("is no matter of another person who has it, too", async () => {
    const bob = await testUser("member");
    await plant("Bob's", [meeting()], { isWritable: true, viewer: bob });
    await plant("Feed", [meeting()]);
    expect(told(await listEvents(ada, span))).toEqual([["Feed"]]);
  });
});

it("a search for what comes first names nothing that is over before it, however near", async () => {
  const now = new Date("2026-11-30T11:05:00Z");
  const later = meeting({ id: "l", iCalUid: "later@example.test", start: at("22:00"), end: at("23:00") });
  await plant("Work", [meeting(), later], { isWritable: true });
  const starts = async (isComingFirst: boolean) =>
    (await searchEvents(ada, "review", 5, now, { isComingFirst })).map(
      ({ start }) => "at" in start && start.at.slice(11, 16),
    );
  expect(await starts(false)).toEqual(["10:00", "22:00"]);
  expect(await starts(true)).toEqual(["22:00", "10:00"]);
});
