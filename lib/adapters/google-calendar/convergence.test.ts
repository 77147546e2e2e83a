import fc from "fast-check";
import { expect, test } from "vitest";
import { syncCalendar } from "./sync";
import type { FakeEvent } from "./testing-events";
import { ann, dayOf, hourOf, serveGoogle } from "./testing-served";
import { toSourceEvent } from "./map";

const google = serveGoogle();
const calendars = [ann, "team"];
const windowMs = 2 * 366 * 86_400_000;

const change = fc.record({
  calendar: fc.constantFrom(...calendars),
  what: fc.constantFrom("add", "add", "add-series", "change", "delete", "delete-series", "cut-series"),
  which: fc.nat(1000),
  // A series far from today would go without a word: that is healed by the weekly full synchronisation, not by this one.
  day: fc.integer({ min: -100, max: 100 }),
});
const trouble = fc.constantFrom("none", "none", "410", "401", "503", "cut", "429", "outage", "midway", "crash");
const round = fc.record({
  changes: fc.array(change, { maxLength: 6 }),
  trouble,
  pageSize: fc.integer({ min: 1, max: 40 }),
  hasEmptyPages: fc.boolean(),
});

function apply({ calendar, what, which, day }: typeof change extends fc.Arbitrary<infer T> ? T : never): void {
  const { control } = google;
  const pick = <T>(all: T[]): T | undefined => all[which % Math.max(all.length, 1)];
  const time = (hour: number) => ({ dateTime: hourOf(day, hour), timeZone: "Europe/Berlin" });
  const series = [...(control.state.calendars.get(calendar)?.events.values() ?? [])].filter(
    (event) => event.recurrence && event.status !== "cancelled",
  );
  if (what === "add")
    control.putEvent(calendar, { summary: `E${which}`, start: { date: dayOf(day) }, end: { date: dayOf(day + 1) } });
  else if (what === "add-series")
    control.putEvent(calendar, {
      summary: `S${which}`,
      start: time(9),
      end: time(10),
      recurrence: ["RRULE:FREQ=MONTHLY"],
    });
  else if (what === "change" || what === "delete") {
    const event = pick(control.events(calendar));
    if (event && what === "change")
      control.changeEvent(calendar, event.id, { summary: `C${which}`, start: time(11), end: time(12) });
    else if (event) control.deleteEvent(calendar, event.id);
  } else {
    const event = pick(series);
    if (event && what === "delete-series") control.deleteEvent(calendar, event.id);
    else if (event) control.changeEvent(calendar, event.id, { recurrence: ["RRULE:FREQ=MONTHLY;COUNT=3"] });
  }
}

/** Makes the next synchronisation go wrong in one of the ways there are. */
function disturb(kind: string, changes: () => void): void {
  const { control } = google;
  const fault = { kind: "events.list", retryAfterSeconds: 0 };
  if (kind === "410") for (const calendar of calendars) control.expireSyncTokens(calendar);
  if (kind === "401") control.expireAccessTokens();
  if (kind === "503") control.fail({ ...fault, status: 503, reason: "backendError", times: 2 });
  if (kind === "429") control.fail({ ...fault, status: 429, reason: "rateLimitExceeded" });
  if (kind === "outage") control.fail({ ...fault, status: 503, reason: "backendError", times: 99 });
  if (kind === "cut") control.cut("events.list", "before");
  if (kind === "midway") {
    let isDone = false;
    control.onCall((name) => {
      if (name !== "events.list" || isDone) return;
      isDone = true;
      changes();
    });
  }
}

const truth = (calendarId: string) => {
  const inWindow = (event: FakeEvent) =>
    Date.parse(event.start?.dateTime ?? event.start?.date ?? "") < Date.now() + windowMs;
  return google.control
    .events(calendarId)
    .filter(inWindow)
    .map((event) => toSourceEvent(event, { calendarId, timeZone: "Europe/Berlin" }))
    .sort((one, other) => ((one?.id ?? "") < (other?.id ?? "") ? -1 : 1));
};
const stored = (calendarId: string) =>
  google.store.events(calendarId).sort((one, other) => (one.id < other.id ? -1 : 1));

test("whatever happens and goes wrong: after one good synchronisation the store is as Google is", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(round, { minLength: 1, maxLength: 6 }), async (rounds) => {
      google.renew();
      google.control.addCalendar({ id: "team", summary: "Team", people: { [ann]: "owner" } });
      for (const { changes, trouble, pageSize, hasEmptyPages } of rounds) {
        Object.assign(google.control.habits, { maxPageSize: pageSize, hasEmptyPages });
        const half = Math.floor(changes.length / 2);
        for (const one of changes.slice(0, half)) apply(one);
        const later = () => {
          for (const one of changes.slice(half)) apply(one);
        };
        disturb(trouble, later);
        // A worker that dies before its commit has written nothing.
        const store =
          trouble === "crash" ? { ...google.store, commit: () => Promise.reject(new Error("crash")) } : google.store;
        await syncCalendar(google.io, store).then(
          () => expect(["outage", "crash"]).not.toContain(trouble),
          () => expect(["outage", "crash"]).toContain(trouble),
        );
        google.control.clearFaults();
        google.control.onCall(null);
        if (trouble !== "midway") later();
      }
      await syncCalendar(google.io, google.store);
      for (const calendar of calendars) expect(stored(calendar)).toEqual(truth(calendar));
    }),
    { numRuns: 40 },
  );
}, 120_000);
