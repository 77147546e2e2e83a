import { Temporal } from "temporal-polyfill";
import type { EventChange, EventView, NewEventInput } from "@/lib/contracts/calendar";
import { addDays, dayIn } from "@/lib/contracts/day";
import { type Day } from "./calendar-days";
import { spanOf } from "./day-slots";

/** An event as it stands in the form. For whole days the last one is included, and the times are kept for the other kind. */
export interface EventDraft {
  title: string;
  isWholeDay: boolean;
  startDay: Day;
  startTime: string;
  endDay: Day;
  endTime: string;
  timeZone: string;
  calendarId: string;
  location: string;
  description: string;
  /** Addresses, one a line or separated by commas. */
  guests: string;
}

/** A free hour of a day: the given minute, or the next full hour of today. */
export function newDraft(
  { day, minute }: { day: Day; minute: number | null },
  { timeZone, calendarId, now }: { timeZone: string; calendarId: string; now: number },
): EventDraft {
  const zoned = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timeZone);
  const isToday = zoned.toPlainDate().toString() === day;
  const start = minute ?? (isToday ? Math.min(zoned.hour + 1, 23) * 60 : 9 * 60);
  const from = Temporal.PlainDateTime.from(`${day}T00:00`).add({ minutes: start });
  const to = from.add({ minutes: 30 });
  return {
    ...{ title: "", isWholeDay: false, timeZone, calendarId, location: "", description: "", guests: "" },
    ...{ startDay: from.toPlainDate().toString(), startTime: clockOf(from) },
    ...{ endDay: to.toPlainDate().toString(), endTime: clockOf(to) },
  };
}

/** An event to be changed. Its times stand in its own zone. */
export function draftOf(event: EventView, personZone: string): EventDraft {
  const { start, end } = event;
  const rest = {
    title: event.title,
    calendarId: event.calendarId,
    location: event.location ?? "",
    description: event.description ?? "",
    guests: event.attendees.flatMap(({ email }) => email ?? []).join("\n"),
  };
  if ("at" in start && "at" in end) {
    const zone = start.timeZone;
    const [from, to] = [start.at, end.at].map((at) => Temporal.Instant.from(at).toZonedDateTimeISO(zone));
    if (!from || !to) throw new Error("an event has two times");
    return {
      ...{ ...rest, isWholeDay: false, timeZone: zone },
      ...{ startDay: from.toPlainDate().toString(), startTime: clockOf(from) },
      ...{ endDay: to.toPlainDate().toString(), endTime: clockOf(to) },
    };
  }
  const [first, after] = ["date" in start ? start.date : "", "date" in end ? end.date : ""];
  return {
    ...{ ...rest, isWholeDay: true, timeZone: personZone },
    ...{ startDay: first, startTime: "09:00", endDay: addDays(after, -1), endTime: "09:30" },
  };
}

/** What is wrong, as a sentence; null when it can be saved. */
export function findProblem(draft: EventDraft): string | null {
  if (draft.title.trim() === "") return "Give it a title.";
  if (draft.startDay === "" || draft.endDay === "") return "Choose the days.";
  if (draft.isWholeDay)
    return draft.endDay < draft.startDay ? "The last day is before the first." : findGuestProblem(draft);
  if (draft.startTime === "" || draft.endTime === "") return "Choose the times.";
  const [from, to] = [instantOf(draft.startDay, draft.startTime, draft), instantOf(draft.endDay, draft.endTime, draft)];
  if (from === null) return skipped(draft.startDay, draft.startTime, draft.timeZone);
  if (to === null) return skipped(draft.endDay, draft.endTime, draft.timeZone);
  if (to <= from) return "The end must be after the start.";
  return findGuestProblem(draft);
}

/** When it would be; null while it cannot be told. */
export function spanOfDraft(draft: EventDraft, personZone: string): { from: number; to: number; days: Day[] } | null {
  const [from, to] = draft.isWholeDay ? wholeDays(draft, personZone) : timesOf(draft);
  if (from === null || to === null || to <= from) return null;
  const [first, last] = [dayIn(from, personZone), dayIn(to - 1, personZone)];
  const days: Day[] = [];
  for (let day = first; day <= last && days.length < 400; day = addDays(day, 1)) days.push(day);
  return { from, to, days };
}

/** For `POST /api/calendar/events`. */
export function toNewEvent(draft: EventDraft): NewEventInput {
  const [location, description, attendees] = [draft.location.trim(), draft.description.trim(), guestsOf(draft)];
  return {
    ...{ title: draft.title.trim(), calendarId: draft.calendarId, ...timesBody(draft) },
    ...(location === "" ? {} : { location }),
    ...(description === "" ? {} : { description }),
    ...(attendees.length === 0 ? {} : { attendees }),
  };
}

/** For `PATCH /api/calendar/events/:id`: only what the person changed, so that nothing else is written over. */
export function toChange(draft: EventDraft, before: EventDraft): EventChange {
  const isOther = (key: keyof EventDraft) => draft[key] !== before[key];
  const times: (keyof EventDraft)[] = draft.isWholeDay
    ? ["isWholeDay", "startDay", "endDay"]
    : ["isWholeDay", "startDay", "endDay", "startTime", "endTime", "timeZone"];
  return {
    ...(isOther("title") ? { title: draft.title.trim() } : {}),
    ...(times.some(isOther) ? timesBody(draft) : {}),
    ...(isOther("location") ? { location: draft.location.trim() } : {}),
    ...(isOther("description") ? { description: draft.description.trim() } : {}),
    ...(isOther("guests") ? { attendees: guestsOf(draft) } : {}),
  };
}

export function guestsOf({ guests }: EventDraft): string[] {
  return [...new Set(guests.split(/[\s,;]+/).filter((address) => address !== ""))];
}

function timesBody(draft: EventDraft): { start: string; end: string; timeZone?: string } {
  if (draft.isWholeDay) return { start: draft.startDay, end: draft.endDay };
  const at = (day: Day, time: string) => `${day}T${time}`;
  return {
    start: at(draft.startDay, draft.startTime),
    end: at(draft.endDay, draft.endTime),
    timeZone: draft.timeZone,
  };
}

function findGuestProblem(draft: EventDraft): string | null {
  const wrong = guestsOf(draft).find((address) => !/^[^@\s]+@[^@\s.]+\.[^@\s]+$/.test(address));
  return wrong === undefined ? null : `“${wrong}” is not an email address.`;
}

function timesOf(draft: EventDraft): [number | null, number | null] {
  return [instantOf(draft.startDay, draft.startTime, draft), instantOf(draft.endDay, draft.endTime, draft)];
}

function wholeDays({ startDay, endDay }: EventDraft, timeZone: string): [number | null, number | null] {
  if (startDay === "" || endDay === "" || endDay < startDay) return [null, null];
  return [spanOf(startDay, timeZone).from, spanOf(endDay, timeZone).to];
}

/** Null when nothing is chosen, or the clock skips that time on that day. */
function instantOf(day: Day, time: string, { timeZone }: EventDraft): number | null {
  if (day === "" || time === "") return null;
  const plain = Temporal.PlainDateTime.from(`${day}T${time}`);
  const zoned = plain.toZonedDateTime(timeZone);
  return zoned.toPlainDateTime().equals(plain) ? zoned.epochMilliseconds : null;
}

const skipped = (day: Day, time: string, timeZone: string) =>
  `${day} ${time} does not exist in ${timeZone}: the clocks go forward then.`;
const clockOf = (at: { toPlainTime(): Temporal.PlainTime }) => at.toPlainTime().toString({ smallestUnit: "minute" });
