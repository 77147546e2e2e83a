import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { SourceEvent } from "@/lib/contracts/adapter";
import type { Viewer } from "@/lib/contracts/viewer";
import { saveConnection } from "../connections";
import { testDatabase, testUser } from "../testing";
import { calendarStore } from "./calendar-store";
import { listCalendars, showCalendar } from "./calendars";
import { listEvents, searchEvents } from "./events";

let database: Awaited<ReturnType<typeof testDatabase>>;
let ada: Viewer;
beforeAll(async () => {
  database = await testDatabase();
  ada = await testUser();
});
afterAll(() => database.close());

let count = 0;
async function connect(viewer: Viewer, calendars = ["main"]) {
  const accountKey = `account-${++count}`;
  const base = { adapter: "google-calendar", title: accountKey, isWriteAllowed: true };
  const { id } = await saveConnection(viewer, { ...base, accountKey });
  const store = calendarStore(viewer, id);
  const cursors = await store.saveCalendars(calendars.map(calendar));
  return { id, store, cursors };
}
const calendar = (id: string) => ({
  ...{ id, title: id, timeZone: "Europe/Berlin", color: null, access: "write" as const, isPrimary: id === "main" },
});
const event = (id: string, hour: number, title = id): SourceEvent => ({
  ...{ id, title, attendees: [], status: "confirmed" },
  start: { at: new Date(Date.UTC(2026, 10, 30, hour)).toISOString(), timeZone: "Europe/Berlin" },
  end: { at: new Date(Date.UTC(2026, 10, 30, hour + 1)).toISOString(), timeZone: "Europe/Berlin" },
});
const wholeDay = (id: string, date: string, end: string): SourceEvent => ({
  ...{ id, title: id, attendees: [], status: "confirmed", start: { date }, end: { date: end } },
});
const span = {
  ...{ from: new Date("2026-11-30T00:00Z"), to: new Date("2026-12-01T00:00Z") },
  ...{ fromDate: "2026-11-30", toDate: "2026-12-01" },
};
const none = { removed: [] as string[], isFull: false, cursor: "c" };

it("after any sequence of changes holds what the source holds, and the cursor of the last one", async () => {
  const step = fc.record({
    isFull: fc.boolean(),
    upserts: fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 22 })), { maxLength: 8 }),
    removed: fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 4 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
      const viewer = await testUser();
      const { store } = await connect(viewer);
      const truth = new Map<string, number>();
      for (const [at, { isFull, upserts, removed }] of steps.entries()) {
        if (isFull) truth.clear();
        else for (const id of removed) truth.delete(`e${id}`);
        for (const [id, hour] of upserts) truth.set(`e${id}`, hour);
        const events = upserts.map(([id, hour]) => event(`e${id}`, hour));
        const change = { calendarId: "main", isFull, upserts: events, removed: removed.map((id) => `e${id}`) };
        await store.commit({ ...change, cursor: `c${at}` });
      }
      const found = await listEvents(viewer, span);
      expect(
        found.map(({ title, start }) => [title, "at" in start && new Date(start.at).getUTCHours()]).sort(),
      ).toEqual([...truth].sort());
      expect(await store.saveCalendars([calendar("main")])).toEqual([{ id: "main", cursor: `c${steps.length - 1}` }]);
    }),
    { numRuns: 40 },
  );
});

it("a calendar that is not named any more goes with its events and its cursor; the others stay", async () => {
  const viewer = await testUser();
  const { store } = await connect(viewer, ["main", "second"]);
  await store.commit({ ...none, calendarId: "main", upserts: [event("a", 9)] });
  await store.commit({ ...none, calendarId: "second", upserts: [event("b", 10)] });
  expect(await store.saveCalendars([calendar("main")])).toEqual([{ id: "main", cursor: "c" }]);
  expect((await listEvents(viewer, span)).map(({ title }) => title)).toEqual(["a"]);
  expect(await store.saveCalendars([calendar("main"), calendar("second")])).toContainEqual({
    id: "second",
    cursor: null,
  });
});

it("days are compared as days and instants as instants", async () => {
  const viewer = await testUser();
  const { store } = await connect(viewer);
  const upserts = [
    wholeDay("that day", "2026-11-30", "2026-12-01"),
    wholeDay("the day before", "2026-11-29", "2026-11-30"),
    wholeDay("over it", "2026-11-28", "2026-12-03"),
    wholeDay("the day after", "2026-12-01", "2026-12-02"),
    event("ends as it begins", -1),
    event("first hour", 0),
    event("last hour", 23),
    event("begins as it ends", 24),
  ];
  await store.commit({ ...none, calendarId: "main", upserts });
  expect((await listEvents(viewer, span)).map(({ title }) => title)).toEqual([
    ...["over it", "that day", "first hour", "last hour"],
  ]);
});

it("a hidden calendar is in no list and no search, and comes back", async () => {
  const viewer = await testUser();
  const { store } = await connect(viewer);
  await store.commit({ ...none, calendarId: "main", upserts: [event("Zahnarzt Müller", 9)] });
  const found = () => searchEvents(viewer, "zahn", 5, new Date());
  expect(await found()).toHaveLength(1);
  const [{ id } = { id: "" }] = await listCalendars(viewer);
  await showCalendar(viewer, id, false);
  expect(await found()).toEqual([]);
  expect(await listEvents(viewer, span)).toEqual([]);
  await showCalendar(viewer, id, true);
  expect(await found()).toHaveLength(1);
});

it("what people type into a search is words, whatever else it is", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "binary", maxLength: 40 }), async (query) => {
      expect(await searchEvents(ada, query, 5, new Date())).toEqual([]);
    }),
  );
});
