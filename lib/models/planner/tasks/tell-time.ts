import { inline } from "../answers/escape";
import type { Clause } from "../language/clauses";
import type { Message } from "../language/message";
import { compilePattern, matchPattern } from "../language/pattern";
import { isRecord } from "../read-prompt";
import {
  askTask,
  callTask,
  type Context,
  hasTool,
  matchAny,
  type ReadTask,
  sayTask,
  slotWords,
  type Step,
  type Task,
  textOf,
} from "../task";
import { findTimeZone, placeOf } from "../language/time-zones";
import type { Word } from "../language/words";

export const timeTool = "current_time";

type Day = "today" | "tomorrow" | "yesterday";

const nothings = [
  "right|just? now $",
  "now|currently|today|please|here|there|exactly|again|this $",
  "right now|here $",
  "at the moment $",
  "by|on your|the|my clock|watch? $",
  "it? is|be $",
  "is it|today|now? now|today|right_now? $",
  "of? today|it $",
  "it is? today|now|right_now? $",
  "we have? today|now? $",
].map(compilePattern);
const placed = [
  "right|just? now? is|it|it_is? right|just? now? in|at|for|over|of over|in? <place>",
  "now|currently|today|locally? in|at|for|over <place>",
  "it is|be? right|just? now? in|at|for|over <place>",
  "date|weekday|day|zone? is|it? now|today? in|at|for <place>",
].map(compilePattern);
const ofDay = ["~ tomorrow ~ $", "~ yesterday ~ $"].map(compilePattern);

/** "What time is it?", "… in Tokyo and London?", "What date is tomorrow?" */
export const readTime: ReadTask = (clause, message, context, found) => {
  const rest = trimEnd(slotWords(found, "place", clause.words));
  const day = dayOf(clause.words);
  const places = placesOf(rest, message);
  if (places === null || isAboutOtherThings(clause.words, rest)) return null;
  return tellTime(places, day, context);
};

/** "and in Tokyo?" after the clock was read. */
export function continueTime(clause: Clause, message: Message, context: Context): Task | null {
  const place = textOf(trimEnd(clause.words), message).replace(/^(?:in|at|for|over in)\s+/i, "");
  const names = splitPlaces(place);
  if (place === "" || names.length === 0 || !names.every((name) => findTimeZone(name) !== null)) return null;
  return tellTime(names, dayOf(clause.words), context);
}

function tellTime(places: string[], day: Day, context: Context): Task {
  if (!hasTool(context, timeTool))
    return sayTask("time", "I cannot look at the clock right now: the tool for it is not offered.");
  const unknown = places.find((place) => findTimeZone(place) === null);
  if (unknown !== undefined)
    return askTask(
      "time",
      `I do not know the time zone of ${inline(unknown, 60)}. Which larger city nearby, or which zone such as Europe/Berlin, shall I take?`,
      (reply) => {
        const place = textOf(trimEnd(reply.words), reply).replace(/^(?:in|at|it is|take|use|try)\s+/i, "");
        return findTimeZone(place) === null ? null : tellTime([place], day, context);
      },
    );
  if (places.length === 0)
    return callTask("time", { tool: timeTool, input: {} }, (output) => describeTime(output, null, day));
  const tasks = places.map((place) =>
    callTask("time", { tool: timeTool, input: { time_zone: findTimeZone(place) ?? "UTC" } }, (output) =>
      describeTime(output, place, day),
    ),
  );
  return together(tasks);
}

function together(tasks: Task[]): Task {
  const [only] = tasks;
  if (tasks.length === 1 && only) return only;
  return {
    name: "time",
    next(calls): Step {
      const steps = tasks.map((task) => task.next(calls));
      const wanted = steps.flatMap((step) => (step.kind === "call" ? step.calls : []));
      if (wanted.length > 0) return { kind: "call", calls: wanted };
      return { kind: "say", text: steps.map((step) => (step.kind === "say" ? `- ${step.text}` : "")).join("\n") };
    },
  };
}

/** The places that are asked about; none for here; null when the words are about something else. */
function placesOf(rest: readonly Word[], message: Message): string[] | null {
  if (rest.every((word) => !word.isWord) || matchAny(nothings, rest)) return [];
  if (rest.every((word) => !word.isWord || dayWords.has(word.lower))) return [];
  for (const pattern of placed) {
    const found = matchPattern(pattern, rest);
    const place = found?.slots.place;
    if (!place) continue;
    const words = trimTimeWords(rest.slice(place.from));
    const names = splitPlaces(textOf(words, message));
    const isName =
      words.length <= 8 && (words.some((word) => word.isCapital) || names.every((name) => findTimeZone(name) !== null));
    if (names.length > 0 && isName && !/^(?:the|my|our|your|his|her|a|an)\s+\p{Ll}/u.test(names[0] ?? "")) return names;
    if (names.every((name) => findTimeZone(name) !== null)) return names;
    if (words.length <= 3 && !words.some((word) => ordinary.has(word.lower))) return names;
  }
  const all = splitPlaces(textOf(trimTimeWords(rest), message));
  return all.length > 0 && all.every((name) => findTimeZone(name) !== null) ? all : null;
}

const dayWords = new Set(
  "today tomorrow yesterday tonight it is was will be the day date after before now monday tuesday wednesday thursday friday saturday sunday a weekday weekend".split(
    " ",
  ),
);

/** Words after which it is no place that is asked about. */
const ordinary = new Set(
  "the my our your his her their a an meeting flight train appointment game match show movie next first last party lunch dinner call of it which what".split(
    " ",
  ),
);

function splitPlaces(text: string): string[] {
  const names = text
    .split(/\s*(?:,\s*and\s+|,|;|&|\band\b|\bor\b)\s*/i)
    .map((name) => name.replace(/^(?:in|at|for|over in)\s+/i, "").trim())
    .filter(Boolean);
  // "Rome, Italy" is one place, "Rome, Cairo" are two.
  const areAll = names.length > 1 && names.every((name) => findTimeZone(name) !== null);
  const isOne = new Set(names.map(findTimeZone)).size === 1;
  return (areAll && !isOne) || findTimeZone(text) === null ? names : [text];
}

function trimEnd(words: readonly Word[]): readonly Word[] {
  const last = words.at(-1);
  return last && !last.isWord ? trimEnd(words.slice(0, -1)) : words;
}

function trimTimeWords(words: readonly Word[]): readonly Word[] {
  const last = words.at(-1);
  const isTime =
    last &&
    (!last.isWord || /^(now|right|today|currently|please|tomorrow|yesterday|exactly|is|it|then)$/.test(last.lower));
  return isTime ? trimTimeWords(words.slice(0, -1)) : words;
}

/** "Is it late?" is no question for the clock, "is it Friday today?" is. */
function isAboutOtherThings(words: readonly Word[], rest: readonly Word[]): boolean {
  const first = words.find((word) => word.isWord)?.lower;
  return (
    first === "is" &&
    !rest.some((word) => /^(?:time|date|(?:mon|tues|wednes|thurs|fri|satur|sun)day)$/.test(word.lower))
  );
}

function dayOf(words: readonly Word[]): Day {
  const has = (name: string) => words.some((word) => word.stem === name || word.lower === name);
  if (!matchAny(ofDay, words) && !has("tomorrow") && !has("yesterday")) return "today";
  return has("tomorrow") ? "tomorrow" : "yesterday";
}

function describeTime(output: unknown, place: string | null, day: Day): string {
  if (!isRecord(output)) return "The clock gave no answer I can read.";
  const { date, time, time_zone: zone, utc_offset: offset, weekday } = output;
  const zoneName = String(zone ?? "");
  const where =
    place === null
      ? `${inline(zoneName, 60)}, UTC${String(offset ?? "")}`
      : `${inline(zoneName, 60)}, UTC${String(offset ?? "")}`;
  const name = place === null ? "" : ` in **${inline(titleOf(place, zoneName), 60)}**`;
  if (day !== "today") {
    const shifted = shiftDate(String(date), day === "tomorrow" ? 1 : -1);
    return `${day === "tomorrow" ? "Tomorrow is" : "Yesterday was"} **${shifted}**${name} (${where}).`;
  }
  return `It is **${String(time).slice(0, 5)}** on ${String(weekday)}, ${longDate(String(date))}${name} (${where}).`;
}

function titleOf(place: string, zone: string): string {
  if (findTimeZone(place) === null || /\//.test(place)) return placeOf(zone);
  return place.length <= 3
    ? place.toUpperCase()
    : place.replace(/(?<![\p{L}'])\p{Ll}/gu, (letter) => letter.toUpperCase());
}

function longDate(date: string): string {
  const time = Date.parse(`${date}T00:00:00Z`);
  return Number.isNaN(time)
    ? date
    : new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" }).format(time);
}

function shiftDate(date: string, days: number): string {
  const time = Date.parse(`${date}T00:00:00Z`) + days * 86_400_000;
  return Number.isNaN(time)
    ? date
    : new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeZone: "UTC" }).format(time);
}
