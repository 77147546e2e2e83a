import { describe, expect, test } from "vitest";
import type { NewEvent } from "../../contracts/adapter";
import { AppError } from "../../contracts/errors";
import { ann, dayOf, hourOf, serveGoogle } from "./testing-served";
import { writer } from "./write";

const google = serveGoogle();
const time = (hour: number, timeZone = "Europe/Berlin") => ({ at: hourOf(1, hour), timeZone });
const dentist: NewEvent = {
  title: "Dentist",
  start: time(9),
  end: time(10),
  description: "2 < 3 & more",
  location: "Main St 1",
};
const id = writer.eventId("run_1/call_1");
const create = (event = dentist) => writer.create(google.io, ann, id, event);
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => "nothing failed",
    (error: unknown) => (error instanceof AppError ? error.code : String(error)),
  );

test("an id is made of the key alone, in Google's alphabet", () => {
  expect(writer.eventId("run_1/call_1")).toBe(id);
  expect(writer.eventId("run_1/call_2")).not.toBe(id);
  expect(id).toMatch(/^[a-v0-9]{5,1024}$/);
});

describe("creating", () => {
  test("makes the event as it was wanted", async () => {
    const made = await create();
    expect(made).toMatchObject({
      id,
      title: "Dentist",
      description: "2 < 3 & more",
      location: "Main St 1",
      isBusy: true,
    });
    expect(made.start).toEqual({ at: new Date(hourOf(1, 9)).toISOString(), timeZone: "Europe/Berlin" });
    expect(made.url).toMatch(/^https:/);
    expect(await writer.get(google.io, ann, id)).toEqual(made);
  });

  test("twice makes one event", async () => {
    const first = await create();
    expect(await create()).toEqual(first);
    expect(google.control.created(id)).toBe(1);
  });

  test("makes one event when the answer is lost", async () => {
    google.control.cut("events.insert", "after");
    expect((await create()).title).toBe("Dentist");
    expect(google.control.created(id)).toBe(1);
    expect(google.control.calls("events.insert")).toBe(2);
  });

  test("does not bring back what the person deleted since", async () => {
    await create();
    google.control.deleteEvent(ann, id);
    expect(await codeOf(create())).toBe("conflict");
    expect(google.control.event(ann, id)?.status).toBe("cancelled");
  });

  test("does not take somebody else's event for its own", async () => {
    google.control.putEvent(ann, { id, summary: "Other", start: { date: dayOf(1) }, end: { date: dayOf(2) } });
    expect(await codeOf(create())).toBe("conflict");
  });

  test("tells guests, and nobody where there are none", async () => {
    await create();
    expect(google.control.mails()).toEqual([]);
    const other = writer.eventId("other");
    await writer.create(google.io, ann, other, { ...dentist, attendees: [{ email: "bob@example.org", name: "Bob" }] });
    expect(google.control.mails()).toEqual([{ calendarId: ann, eventId: other, what: "created" }]);
  });

  test("keeps an all-day event on its dates", async () => {
    const made = await create({ title: "Trip", start: { date: "2027-03-28" }, end: { date: "2027-03-30" } });
    expect([made.start, made.end]).toEqual([{ date: "2027-03-28" }, { date: "2027-03-30" }]);
  });

  test("in a calendar that may only be read is forbidden", async () => {
    google.control.addCalendar({ id: "team", summary: "Team", people: { [ann]: "reader" } });
    expect(await codeOf(writer.create(google.io, "team", id, dentist))).toBe("forbidden");
  });
});

describe("changing", () => {
  test("changes what is named and nothing else", async () => {
    const { etag = "" } = await create();
    const changed = await writer.update(google.io, ann, id, { title: "Dentist, again" }, etag);
    expect(changed).toMatchObject({ title: "Dentist, again", location: "Main St 1" });
    expect(changed.etag).not.toBe(etag);
  });

  test("an event that was changed since is a conflict, and left alone", async () => {
    const { etag = "" } = await create();
    google.control.changeEvent(ann, id, { summary: "By Ann" });
    expect(await codeOf(writer.update(google.io, ann, id, { title: "By Burgeon" }, etag))).toBe("conflict");
    expect(google.control.event(ann, id)?.summary).toBe("By Ann");
  });

  test("with a lost answer is seen to have happened", async () => {
    const { etag = "" } = await create();
    google.control.cut("events.patch", "after");
    const change = { title: "Moved", start: time(11), end: time(12), description: "<b>not bold</b>" };
    expect(await writer.update(google.io, ann, id, change, etag)).toMatchObject({
      title: "Moved",
      description: "<b>not bold</b>",
    });
    expect(google.control.calls("events.patch")).toBe(2);
  });

  test("the guests with a lost answer is seen to have happened, with the person among them", async () => {
    const { etag = "" } = await create();
    const self = { email: ann, self: true, responseStatus: "accepted" };
    google.control.onCall((kind) => {
      if (kind !== "events.get" || google.control.calls("events.patch") === 0) return;
      google.control.onCall(null);
      const { attendees = [] } = google.control.event(ann, id) ?? {};
      google.control.changeEvent(ann, id, { attendees: [...attendees, self] });
    });
    google.control.cut("events.patch", "after");
    const attendees = [{ email: "bob@example.org" }];
    const start = { at: hourOf(1, 9).replace("Z", ".750Z"), timeZone: "Europe/Berlin" };
    expect((await writer.update(google.io, ann, id, { attendees, start }, etag)).attendees).toHaveLength(2);
  });

  test("turns a timed event into an all-day one and back", async () => {
    const made = await create();
    const day = { start: { date: dayOf(1) }, end: { date: dayOf(2) } };
    const allDay = await writer.update(google.io, ann, id, day, made.etag ?? "");
    expect([allDay.start, allDay.end]).toEqual([day.start, day.end]);
    const back = await writer.update(google.io, ann, id, { start: time(9), end: time(10) }, allDay.etag ?? "");
    expect([back.start, back.end]).toEqual([made.start, made.end]);
  });

  test("the guests keeps the answers of those who stay", async () => {
    const made = await create({ ...dentist, attendees: [{ email: "bob@example.org" }] });
    const answered = google.control.changeEvent(ann, made.id, {
      attendees: [{ email: "bob@example.org", responseStatus: "accepted" }],
    });
    const attendees = [{ email: "Bob@example.org" }, { email: "cleo@example.org", name: "Cleo" }];
    await writer.update(google.io, ann, id, { attendees }, answered.etag ?? "");
    expect(google.control.event(ann, id)?.attendees).toEqual([
      { email: "bob@example.org", responseStatus: "accepted" },
      { email: "cleo@example.org", displayName: "Cleo" },
    ]);
  });

  test("an event that is gone is not-found", async () => {
    const { etag = "" } = await create();
    google.control.deleteEvent(ann, id);
    expect(await codeOf(writer.update(google.io, ann, id, { title: "x" }, etag))).toBe("not-found");
    expect(await codeOf(writer.update(google.io, ann, "nothere", { title: "x" }, etag))).toBe("not-found");
  });
});

describe("deleting", () => {
  test("takes the event away, once or twice, with a lost answer too", async () => {
    const { etag = "" } = await create();
    google.control.cut("events.delete", "after");
    await writer.remove(google.io, ann, id, etag);
    await writer.remove(google.io, ann, id, etag);
    await writer.remove(google.io, ann, "nothere", etag);
    expect(await writer.get(google.io, ann, id)).toBeNull();
    expect(await writer.get(google.io, ann, "nothere")).toBeNull();
  });

  test("leaves an event alone that was changed since", async () => {
    const { etag = "" } = await create();
    google.control.changeEvent(ann, id, { summary: "By Ann" });
    expect(await codeOf(writer.remove(google.io, ann, id, etag))).toBe("conflict");
    expect(await writer.get(google.io, ann, id)).toMatchObject({ title: "By Ann" });
  });

  test("takes one occurrence out of a series and leaves the others", async () => {
    const series = google.control.putEvent(ann, {
      summary: "Daily",
      start: { dateTime: hourOf(1, 9), timeZone: "UTC" },
      end: { dateTime: hourOf(1, 10), timeZone: "UTC" },
      recurrence: ["RRULE:FREQ=DAILY;COUNT=3"],
    });
    const [first] = google.control.events(ann);
    const seen = await writer.get(google.io, ann, first?.id ?? "");
    await writer.remove(google.io, ann, first?.id ?? "", seen?.etag ?? "");
    expect(google.control.events(ann).map((event) => event.recurringEventId)).toEqual([series.id, series.id]);
  });
});
