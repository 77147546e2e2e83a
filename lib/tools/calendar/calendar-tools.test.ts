import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ann, hourOf, serveGoogle } from "@/lib/adapters/google-calendar/testing-served";
import { beginOAuth, finishOAuth } from "@/lib/connections/connect";
import { syncConnection } from "@/lib/connections/sync";
import type { Tool, ToolContext } from "@/lib/contracts/tool";
import type { Viewer } from "@/lib/contracts/viewer";
import { listCalendars } from "@/lib/db/calendar/calendars";
import { findEventId } from "@/lib/db/calendar/events";
import { putProfile } from "@/lib/db/profile";
import { testDatabase, testUser } from "@/lib/db/testing";
import { createEventTool } from "./create-event";
import { deleteEventTool } from "./delete-event";
import { findFreeTimeTool } from "./find-free-time";
import { listEventsTool } from "./list-events";
import { searchEventsTool } from "./search-events";
import { updateEventTool } from "./update-event";

process.env.BURGEON_MASTER_KEY = randomBytes(32).toString("base64");
const google = serveGoogle();
const { signal } = new AbortController();
let database: Awaited<ReturnType<typeof testDatabase>>;
let ada: Viewer;
let connectionId: string;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  ada = await testUser();
  await putProfile(ada, { timeZone: "Europe/Berlin", currency: "EUR", transport: "driving" });
  google.control.answerConsent({ email: ann, decision: "allow" });
  google.control.putEvent(ann, {
    ...{ id: "dentist0", summary: "Dentist", start: { dateTime: hourOf(3, 9) }, end: { dateTime: hourOf(3, 10) } },
  });
  const begun = { adapterId: "google-calendar", browserMark: "m", isWriteWanted: true, connectionId: null };
  const answer = await fetch(await beginOAuth(ada, begun), { redirect: "manual" });
  const back = new URL(answer.headers.get("location") ?? "").searchParams;
  const found = { state: back.get("state") ?? "", code: back.get("code") ?? "" };
  ({ connectionId } = await finishOAuth(ada, { adapterId: "google-calendar", browserMark: "m", ...found }));
  await sync();
});
const sync = () => syncConnection(ada, connectionId, signal);

let calls = 0;
function contextOf(key = `key-${++calls}`): ToolContext {
  const base = {
    viewer: ada,
    timeZone: "Europe/Berlin",
    runId: "run_1",
    conversationId: "conv_1",
    callId: "call",
    idempotencyKey: key,
    signal,
  };
  return { ...base, taintedBy: null, target: null, progress: () => undefined };
}
/** What the call means is looked up once, as the loop does it; a repetition is given what the first try was. */
async function run(tool: Tool, given: unknown, context = contextOf()) {
  const input = tool.input.parse(given);
  const target = context.target ?? (await targetOf(tool, input, context));
  const outcome = await tool.execute(input, { ...context, target });
  if (outcome.kind !== "done") throw new Error("waits");
  // biome-ignore lint/suspicious/noExplicitAny: each test looks at the members it knows.
  return { ...outcome, output: tool.output.parse(outcome.output) as any };
}
const targetOf = async (tool: Tool, input: unknown, context = contextOf()) =>
  (await tool.inspect?.(input, context))?.target ?? null;
const day = (ahead: number) => hourOf(ahead, 0).slice(0, 10);
const look = (tool: Tool, input: unknown) => tool.inspect?.(input, contextOf());

describe("reading", () => {
  it("lists the days that are asked for with their zone and source, as somebody else's words", async () => {
    const { output, tainted, source } = await run(listEventsTool, { from: day(3) });
    expect(output).toMatchObject({ from: day(3), to: day(3), time_zone: "Europe/Berlin", total: 1, problems: [] });
    expect(output.events[0]).toMatchObject({ title: "Dentist", when: expect.stringMatching(/Europe\/Berlin$/) });
    expect([tainted, source]).toEqual([
      true,
      expect.stringMatching(/^1 calendar, synchronised \w{3} \d+ \w{3}, \d\d:\d\d$/),
    ]);
  });

  it("says which calendar could not be read lately instead of hiding it", async () => {
    google.control.endGrant(ann);
    await sync();
    const { output } = await run(searchEventsTool, { query: "dent" });
    expect(output).toMatchObject({ events: [{ title: "Dentist" }], problems: [expect.stringContaining(ann)] });
  });

  it("finds time that nothing takes", async () => {
    const input = { from: day(3), minutes: 60, day_start: "00:00", day_end: "23:59" };
    const { output } = await run(findFreeTimeTool, input);
    expect(output.slots).toHaveLength(2);
  });

  it("tells a meeting of two calendars once, names both, and finds no conflict of it with itself", async () => {
    const team = "team@group.calendar.example.org";
    google.control.addCalendar({ id: team, summary: "Team", people: { [ann]: "writer" } });
    const review = { ...{ id: "review0", summary: "Review", iCalUID: "review@example.test" } };
    const times = { start: { dateTime: hourOf(5, 9) }, end: { dateTime: hourOf(5, 11) } };
    for (const calendarId of [ann, team]) google.control.putEvent(calendarId, { ...review, ...times });
    await sync();
    const { output } = await run(listEventsTool, { from: day(5) });
    expect(output).toMatchObject({ total: 1, events: [{ title: "Review", calendar: "Ann, Team" }] });
    expect((await run(searchEventsTool, { query: "review" })).output.events).toHaveLength(1);
    // Half an hour later it still overlaps the time that it has in the other calendar.
    const later = { event: "review", start: `${hourOf(5, 9).slice(0, 11)}09:30`, time_zone: "UTC" };
    expect((await look(updateEventTool, later))?.lines).not.toContainEqual(
      expect.objectContaining({ label: "Overlaps" }),
    );
    const ids = await listCalendars(ada);
    const copy = await findEventId(ada, ids.find(({ title }) => title === "Team")?.id ?? "", "review0");
    expect((await look(updateEventTool, { ...later, event: copy ?? "" }))?.lines).not.toContainEqual(
      expect.objectContaining({ label: "Overlaps" }),
    );
  });

  it("without a calendar says what to do", async () => {
    ada = await testUser();
    await expect(run(listEventsTool, {})).rejects.toMatchObject({ hint: expect.stringContaining("Connections") });
  });
});

describe("creating", () => {
  const wish = { title: "Lunch", start: `${day(3)}T12:00`, end: `${day(3)}T13:00` };

  it("shows time, zone, calendar and what overlaps before it is allowed", async () => {
    google.control.putEvent(ann, {
      ...{ summary: "Stand-up", start: { dateTime: hourOf(3, 11) }, end: { dateTime: hourOf(3, 12) } },
    });
    await sync();
    const world = await look(createEventTool, { ...wish, time_zone: "UTC", start: `${day(3)}T11:30` });
    expect(world?.lines).toEqual([
      { label: "When", value: expect.stringContaining("11:30–13:00 UTC") },
      { label: "Calendar", value: "Ann" },
      { label: "Overlaps", value: expect.stringContaining("Stand-up") },
    ]);
  });

  it("twice with one key makes one event, which is seen at once, and Undo takes away", async () => {
    const context = contextOf();
    const first = await run(createEventTool, wish, context);
    const again = await run(createEventTool, wish, context);
    expect(again.output.event.event_id).toBe(first.output.event.event_id);
    const titles = async () =>
      (await run(listEventsTool, { from: day(3) })).output.events.map((event: { title: string }) => event.title);
    expect((await titles()).sort()).toEqual(["Dentist", "Lunch"]);
    await createEventTool.undo?.run(wish, first.output, contextOf());
    await createEventTool.undo?.run(wish, first.output, contextOf());
    expect(await titles()).toEqual(["Dentist"]);
    expect(google.control.events(ann).map(({ summary }) => summary)).toEqual(["Dentist"]);
  });

  it("cannot be undone after somebody changed it", async () => {
    const { output } = await run(createEventTool, wish);
    const made = google.control.events(ann).find(({ summary }) => summary === "Lunch");
    google.control.changeEvent(ann, made?.id ?? "", { summary: "Lunch with Eve" });
    await expect(createEventTool.undo?.run(wish, output, contextOf())).rejects.toMatchObject({ code: "conflict" });
  });
});

describe("changing", () => {
  const move = { event: "dentist", start: `${day(4)}T10:00` };

  it("moves the one that is meant, as long as it was, and tells from when to when", async () => {
    const world = await look(updateEventTool, move);
    expect(world).toMatchObject({
      title: 'Move "Dentist"',
      lines: [{ label: "To" }, { label: "From" }, { label: "Calendar" }],
    });
    const { output } = await run(updateEventTool, move);
    expect(output.event).toMatchObject({ title: "Dentist", when: expect.stringContaining("10:00–11:00") });
    await updateEventTool.undo?.run(move, output, contextOf());
    expect(google.control.event(ann, "dentist0")?.start?.dateTime).toContain(day(3));
  });

  it("of whole days is undone to the days that it had", async () => {
    const days = { start: { date: day(6) }, end: { date: day(8) } };
    google.control.putEvent(ann, { id: "holiday0", summary: "Holiday", ...days });
    await sync();
    const later = { event: "holiday", start: day(10) };
    const { output } = await run(updateEventTool, later);
    expect(google.control.event(ann, "holiday0")).toMatchObject({ start: { date: day(10) }, end: { date: day(12) } });
    await updateEventTool.undo?.run(later, output, contextOf());
    expect(google.control.event(ann, "holiday0")).toMatchObject(days);
  });

  it("cannot be undone after somebody changed it, also where that is known by now", async () => {
    const { output } = await run(updateEventTool, move);
    google.control.changeEvent(ann, "dentist0", { location: "elsewhere" });
    await sync();
    await expect(updateEventTool.undo?.run(move, output, contextOf())).rejects.toMatchObject({ code: "conflict" });
    expect(google.control.event(ann, "dentist0")?.start?.dateTime).toContain(day(4));
  });

  it("again after an interruption is done, not a conflict", async () => {
    const context = { ...contextOf(), target: await targetOf(updateEventTool, move) };
    google.control.cut("events.patch", "after");
    await run(updateEventTool, move, context);
    await sync();
    const { output } = await run(updateEventTool, move, context);
    expect(output.event.when).toContain("10:00–11:00");
    await updateEventTool.undo?.run(move, output, contextOf());
    expect(google.control.event(ann, "dentist0")?.start?.dateTime).toContain(day(3));
  });

  it("is on the person's clock, and the event keeps the zone it stands in, also after Undo", async () => {
    const newYork = { timeZone: "America/New_York" };
    google.control.putEvent(ann, {
      ...{ id: "bob0", summary: "Call Bob" },
      ...{ start: { dateTime: hourOf(6, 15), ...newYork }, end: { dateTime: hourOf(6, 16), ...newYork } },
    });
    await sync();
    const input = { event: "call bob", start: `${day(6)}T18:00` };
    expect((await look(updateEventTool, input))?.lines[0]).toMatchObject({
      ...{ label: "To", value: expect.stringMatching(/18:00–19:00 Europe\/Berlin$/) },
    });
    const { output } = await run(updateEventTool, input);
    const starts = () => google.control.event(ann, "bob0")?.start;
    expect(output.event.when).toMatch(/18:00–19:00 Europe\/Berlin$/);
    expect(berlinClock(starts()?.dateTime)).toBe("18:00");
    expect(starts()?.timeZone).toBe("America/New_York");
    await updateEventTool.undo?.run(input, output, contextOf());
    expect(new Date(starts()?.dateTime ?? "").getTime()).toBe(new Date(hourOf(6, 15)).getTime());
    expect(starts()?.timeZone).toBe("America/New_York");
  });

  it("is another question when the event moved meanwhile", async () => {
    const before = await look(updateEventTool, move);
    google.control.changeEvent(ann, "dentist0", { location: "elsewhere" });
    expect((await look(updateEventTool, move))?.state).not.toBe(before?.state);
  });

  it("asks which one when several fit", async () => {
    google.control.putEvent(ann, {
      ...{ summary: "Dentist for Tom", start: { dateTime: hourOf(5, 9) }, end: { dateTime: hourOf(5, 10) } },
    });
    await sync();
    await expect(look(updateEventTool, move)).rejects.toMatchObject({
      message: expect.stringContaining("Dentist for Tom"),
    });
  });
});

const berlinClock = (at = "") =>
  new Date(at).toLocaleTimeString("en-GB", { timeZone: "Europe/Berlin", hour: "2-digit", minute: "2-digit" });

describe("deleting", () => {
  it("shows what goes, and of what is gone it is done", async () => {
    const input = { event: "dentist" };
    expect(await look(deleteEventTool, input)).toMatchObject({ title: 'Delete "Dentist"' });
    const context = { ...contextOf(), target: await targetOf(deleteEventTool, input) };
    expect((await run(deleteEventTool, input, context)).output).toEqual({ deleted: true, title: "Dentist" });
    expect((await run(deleteEventTool, input, context)).output).toEqual({ deleted: true, title: "Dentist" });
    expect(google.control.events(ann)).toEqual([]);
  });

  it("repeated takes no other one that has the same words by then", async () => {
    google.control.putEvent(ann, {
      ...{ id: "dentist1", summary: "Dentist", start: { dateTime: hourOf(-5, 9) }, end: { dateTime: hourOf(-5, 10) } },
    });
    await sync();
    const input = { event: "dentist" };
    const context = { ...contextOf(), target: await targetOf(deleteEventTool, input) };
    await run(deleteEventTool, input, context);
    await run(deleteEventTool, input, context);
    expect(google.control.events(ann).map(({ id }) => id)).toEqual(["dentist1"]);
  });

  it("does not take what was changed after it was shown, also where that is known by now", async () => {
    const input = { event: "dentist" };
    const context = { ...contextOf(), target: await targetOf(deleteEventTool, input) };
    google.control.changeEvent(ann, "dentist0", { summary: "Dentist, with the children" });
    await sync();
    await expect(run(deleteEventTool, input, context)).rejects.toMatchObject({ code: "conflict" });
    expect(google.control.events(ann)).toHaveLength(1);
  });
});
