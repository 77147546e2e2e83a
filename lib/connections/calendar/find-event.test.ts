import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { SourceEvent } from "@/lib/contracts/adapter";
import type { Viewer } from "@/lib/contracts/viewer";
import { calendarStore } from "@/lib/db/calendar/calendar-store";
import { getEventPlace } from "@/lib/db/calendar/events";
import { pool } from "@/lib/db/client";
import { testConnection } from "@/lib/db/finance/testing-money";
import { testDatabase, testUser } from "@/lib/db/testing";
import { findEventIdFor } from "./find-event";

let database: Awaited<ReturnType<typeof testDatabase>>;
let ada: Viewer;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  ada = await testUser();
});

const now = new Date("2026-11-30T12:00:00Z");
const on = (date: string, title = "Dentist", more: Partial<SourceEvent> = {}): SourceEvent => ({
  ...{ id: `${title} ${date}`, title, attendees: [], status: "confirmed" },
  start: { at: `${date}T10:00:00Z`, timeZone: "UTC" },
  end: { at: `${date}T11:00:00Z`, timeZone: "UTC" },
  ...more,
});
async function plant(title: string, isWritable: boolean, events: SourceEvent[]) {
  const connectionId = await testConnection(ada, { adapter: "google-calendar", title });
  await pool().query(`UPDATE "Connection" SET "isWriteAllowed" = $2 WHERE id = $1`, [connectionId, isWritable]);
  const store = calendarStore(ada, connectionId);
  const access = isWritable ? ("write" as const) : ("read" as const);
  await store.saveCalendars([{ id: "c", title, timeZone: "UTC", color: null, access, isPrimary: false }]);
  await store.commit({ calendarId: "c", isFull: true, upserts: events, removed: [], cursor: null });
}
async function find(isForChange: boolean, words = "dentist") {
  const id = await findEventIdFor(ada, words, now, { isForChange });
  const { event } = await getEventPlace(ada, id);
  return [event.calendarTitle, "at" in event.start ? event.start.at.slice(0, 10) : ""];
}

it("words mean the event that may be changed when it is to be changed, and are a question when it is only read", async () => {
  await plant("Mine", true, [on("2026-12-09")]);
  await plant("Feed", false, [on("2026-12-02")]);
  expect(await find(true)).toEqual(["Mine", "2026-12-09"]);
  await expect(find(false)).rejects.toMatchObject({ message: expect.stringMatching(/^Several events fit/) });
});

it("words mean what is coming before what is over, also where only that may be changed", async () => {
  await plant("Mine", true, [on("2026-11-29")]);
  await plant("Feed", false, [on("2026-12-20")]);
  expect(await find(true)).toEqual(["Feed", "2026-12-20"]);
  expect(await find(false)).toEqual(["Feed", "2026-12-20"]);
});

it("words mean the title before the text, also where only the other one may be changed", async () => {
  await plant("Mine", true, [on("2026-12-02", "Lunch", { description: "after the dentist" })]);
  await plant("Feed", false, [on("2026-12-09")]);
  expect(await find(true)).toEqual(["Feed", "2026-12-09"]);
});

it("what is coming is found behind any number of times that are over", async () => {
  const past = Array.from({ length: 80 }, (_, at) =>
    on(new Date(now.getTime() - (at + 1) * 3_600_000).toISOString().slice(0, 10), "Yoga", { id: `past ${at}` }),
  );
  await plant("Mine", true, [...past, on("2027-03-01", "Yoga")]);
  expect(await find(true, "yoga")).toEqual(["Mine", "2027-03-01"]);
});

it("two that may be changed are a question that names both", async () => {
  await plant("Mine", true, [on("2026-12-02"), on("2026-12-09")]);
  await plant("Feed", false, [on("2026-12-04")]);
  await expect(find(true)).rejects.toMatchObject({ message: expect.not.stringContaining("4 Dec") });
});
