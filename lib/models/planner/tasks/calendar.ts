import { addDays } from "@/lib/contracts/day";
import { calendarAnswers, describeChange, describeDeleted } from "../answers/describe-calendar";
import { inline } from "../answers/escape";
import type { Message } from "../language/message";
import { findWhen, type When } from "../slots/find-times";
import { isRecord } from "../read-prompt";
import {
  askTask,
  callTask,
  type Context,
  findResult,
  hasTool,
  type ReadTask,
  slotWords,
  type Task,
  textOf,
} from "../task";
import type { Word } from "../language/words";
import { timeTool } from "./tell-time";

export const createTool = "create_event";
export const moveTool = "update_event";
export const deleteTool = "delete_event";
const listTool = "list_events";
const findTool = "search_events";

const usualMinutes = 60;
/** Words that say what kind of thing it is, and are no part of its name. */
const fillers = new Set(["my", "the", "our", "a", "an", "new", "event", "appointment", "entry", "calendar"]);

/** "What is on tomorrow?": only where nothing but a time is named. */
export const readAgenda: ReadTask = (clause, _message, context, found) => {
  if (!hasTool(context, listTool)) return null;
  const { date, time, rest } = findWhen(slotWords(found, "when", clause.words), context.today);
  if (time || rest.some(({ isWord }) => isWord)) return null;
  // Without a day it must be about a calendar: "what is on?" alone says too little.
  if (!date && !clause.words.some(({ lower }) => aboutCalendar.has(lower))) return null;
  const input = date ? { from: date.from, to: date.to } : {};
  return callTask("calendar", { tool: listTool, input }, (output) => calendarAnswers[listTool]?.(output) ?? "");
};
const aboutCalendar = new Set("calendar schedule agenda diary appointments meetings events".split(" "));

/** "When is my dentist appointment?" */
export const readWhenIs: ReadTask = (clause, message, context, found) => {
  if (!hasTool(context, findTool)) return null;
  const words = slotWords(found, "event", clause.words);
  if (!words.some(({ stem, lower }) => appointments.has(stem) || appointments.has(lower))) return null;
  const { date, rest } = findWhen(words, context.today);
  const query = nameOf(rest, message);
  if (query === "") return null;
  // "What time is the meeting tomorrow?": that day says it.
  if (date)
    return callTask(
      "calendar",
      { tool: listTool, input: { from: date.from, to: date.to } },
      (output) => calendarAnswers[listTool]?.(output) ?? "",
    );
  return callTask(
    "calendar",
    { tool: findTool, input: { query } },
    (output) => calendarAnswers[findTool]?.(output) ?? "",
  );
};
/** What stands in calendars, so that "when is my passport due?" is still looked up among the notes. */
const appointments = new Set(
  "appointment meeting call event lunch dinner breakfast flight dentist doctor concert class stand-up standup review interview party birthday yoga training lesson".split(
    " ",
  ),
);

const inCalendars = new Set([...appointments, "calendar"]);

/** "Move my dentist to Friday 10". */
export const readMove: ReadTask = (clause, message, context, found) => {
  if (!hasTool(context, moveTool)) return null;
  const event = nameOf(slotWords(found, "event", clause.words), message);
  const when = findWhen(slotWords(found, "when", clause.words), context.today);
  // "Move the file to the archive" is about something else.
  if (event === "" || (!when.date && !when.time)) return null;
  return move(event, when);
};

/** "Cancel my dentist appointment". */
export const readCancel: ReadTask = (clause, message, context, found) => {
  if (!hasTool(context, deleteTool)) return null;
  // "Cancel my order" is about something else.
  if (!clause.words.some(({ stem, lower }) => inCalendars.has(stem) || inCalendars.has(lower))) return null;
  const event = nameOf(slotWords(found, "event", clause.words), message);
  if (event === "") return null;
  return callTask("calendar", { tool: deleteTool, input: { event } }, describeDeleted);
};

/** "Put lunch with Ann on Friday at 12:30". */
export const readCreate: ReadTask = (clause, message, context, found) => {
  if (!hasTool(context, createTool)) return null;
  const when = findWhen(slotWords(found, "rest", clause.words), context.today);
  const title = nameOf(when.rest, message, false);
  if (title === "" || !when.date) return null;
  // "Make a plan for tomorrow" asks what the day looks like; one at nine is an event.
  if (!when.time && /^plans?$/i.test(title)) return null;
  return create(title, when);
};

function move(event: string, when: When): Task {
  const { date, time } = when;
  if (!date)
    return ask(`On which day shall ${inline(event, 80)} be?`, when, (full) => (full.date ? move(event, full) : null));
  if (!time) return ask(`At what time on ${date.from}?`, when, (full) => (full.time ? move(event, full) : null));
  if (date.isWeekdayOfToday) return onItsDay(when, (sure) => move(event, sure));
  const start = `${date.from}T${time.from}`;
  const end = endOf(when, null);
  const input = { event, start, ...(end === null ? {} : { end }) };
  return callTask("calendar", { tool: moveTool, input }, describeChange);
}

function create(title: string, when: When): Task {
  const { date, time } = when;
  if (!date) throw new Error("an event without a day");
  if (!time)
    return askTask(
      "calendar",
      `At what time shall ${inline(title, 80)} begin? Say "all day" if it has none.`,
      (reply, context) => {
        const whole = { title, start: date.from, end: date.to };
        if (isAllDay(reply)) return callTask("calendar", { tool: createTool, input: whole }, describeChange);
        const full = together(when, reply, context);
        return full.time ? create(title, full) : null;
      },
      isAllDay,
    );
  if (date.isWeekdayOfToday) return onItsDay(when, (sure) => create(title, sure));
  const input = { title, start: `${date.from}T${time.from}`, end: endOf(when, usualMinutes) };
  return callTask("calendar", { tool: createTool, input }, describeChange);
}

/** "Friday at 10", said on a Friday: today while it is not ten yet, else in a week. The clock says which. */
function onItsDay(when: When, go: (sure: When) => Task): Task {
  const clock = { tool: timeTool, input: {} };
  return {
    name: "calendar",
    next(calls) {
      const read = findResult(calls, clock);
      if (!read) return { kind: "call", calls: [clock] };
      const now = read.kind === "ok" && isRecord(read.output) ? String(read.output.time ?? "") : "";
      const { date, time } = when;
      if (!date) throw new Error("a day of the week without a day");
      const isOver = time !== null && now !== "" && time.from <= now;
      const [from, to] = [date.from, date.to].map((day) => (isOver ? addDays(day, 7) : day));
      return go({
        ...when,
        date: { ...date, from: from ?? date.from, to: to ?? date.to, isWeekdayOfToday: false },
      }).next(calls);
    },
  };
}

const isAllDay = (reply: Message) => /^\W*(?:it is |it's |make it )?(?:all|whole|the whole) day\W*$/i.test(reply.text);

function ask(question: string, when: When, go: (full: When) => Task | null): Task {
  return askTask("calendar", question, (reply, context) => go(together(when, reply, context)));
}

/** What was said first, with what the reply adds. A number alone is a time here, because a time was asked for. */
function together(when: When, reply: Message, context: Context): When {
  const said = findWhen(reply.words, context.today);
  const bare = /^\s*(?:at\s+)?(\d{1,2})\s*$/.exec(reply.text)?.[1];
  const time = said.time ?? (bare === undefined ? null : findWhen([...atWord, ...reply.words], null).time);
  return {
    ...when,
    date: said.date ?? when.date,
    time: time ?? when.time,
    minutes: said.minutes ?? when.minutes,
  };
}
const atWord: Word[] = [{ text: "at", lower: "at", stem: "at", start: 0, end: 0, isWord: true, isCapital: false }];

function endOf({ date, time, minutes }: When, fallback: number | null): string | null {
  if (!date || !time) return null;
  if (time.to !== null) return `${time.to <= time.from ? addDays(date.from, 1) : date.from}T${time.to}`;
  const length = minutes ?? fallback;
  if (length === null) return null;
  return new Date(Date.parse(`${date.from}T${time.from}:00Z`) + length * 60_000).toISOString().slice(0, 16);
}

/** The name of an event: without what only says that it is one, at both ends. */
function nameOf(words: readonly Word[], message: Message, isReference = true): string {
  let [from, to] = [0, words.length];
  const isFiller = (word: Word | undefined) =>
    word !== undefined &&
    (!word.isWord || (isReference ? fillers.has(word.lower) : /^(a|an|the|my)$/.test(word.lower)));
  while (from < to && isFiller(words[from])) from++;
  while (to > from && isFiller(words[to - 1])) to--;
  const text = textOf(words.slice(from, to), message)
    .replace(/^["“'„]|["”'“]$/g, "")
    .trim();
  return isReference ? text : text.replace(/\s+(?:in|into|to|on) (?:my|the) calendar$/i, "");
}
