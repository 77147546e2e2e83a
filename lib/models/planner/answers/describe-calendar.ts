import { shortDay } from "@/lib/contracts/day";
import { isRecord } from "../read-prompt";
import { inline } from "./escape";

interface ShownEvent {
  title: string;
  when: string;
  start: unknown;
  end: unknown;
  location?: string;
}

/** Answers of the calendar's tools, by tool; null where the output is not of the shape that is known here. */
export const calendarAnswers: Readonly<Record<string, (output: unknown) => string | null>> = {
  list_events: describeDays,
  search_events: describeFound,
  find_free_time: describeFree,
};

function describeDays(output: unknown): string | null {
  if (!isRecord(output) || !Array.isArray(output.events) || typeof output.from !== "string") return null;
  const { from, to, time_zone: zone } = output;
  const events = output.events.filter(isEvent);
  const span = from === to ? dayName(from) : `${dayName(from)} to ${dayName(String(to))}`;
  const problems = problemsOf(output);
  if (events.length === 0)
    return [`Nothing is planned ${from === to ? "on" : "from"} ${span}.`, ...problems].join("\n\n");
  const isOneDay = from === to;
  const lines = events.map((event) => `- ${lineOf(event, String(zone), isOneDay)}`);
  const head = `${events.length === 1 ? "One thing is" : `${events.length} things are`} planned ${isOneDay ? "on" : "from"} ${span}:`;
  return [head, lines.join("\n"), ...problems].join("\n\n");
}

function describeFound(output: unknown): string | null {
  if (!isRecord(output) || !Array.isArray(output.events)) return null;
  const events = output.events.filter(isEvent);
  const problems = problemsOf(output);
  if (events.length === 0) return ["No event of your calendars has these words.", ...problems].join("\n\n");
  return [
    events.map((event) => `- **${inline(event.title)}**: ${inline(event.when)}${placeOf(event)}`).join("\n"),
    ...problems,
  ].join("\n\n");
}

function describeFree(output: unknown): string | null {
  if (!isRecord(output) || !Array.isArray(output.slots)) return null;
  const slots = output.slots.flatMap((slot) =>
    isRecord(slot) && typeof slot.when === "string" ? [{ when: slot.when, minutes: Number(slot.minutes) }] : [],
  );
  const problems = problemsOf(output);
  if (slots.length === 0) return ["There is no time that is free and long enough.", ...problems].join("\n\n");
  const lines = slots.slice(0, 12).map(({ when, minutes }) => `- ${inline(when)} (${lengthOf(minutes)})`);
  const more = slots.length > lines.length ? `… and ${slots.length - lines.length} more.` : "";
  return ["You are free:", lines.join("\n"), more, ...problems].filter(Boolean).join("\n\n");
}

/** What was created or changed. */
export function describeChange(output: unknown): string {
  const event = isRecord(output) && isEvent(output.event) ? output.event : null;
  return event ? `Done: **${inline(event.title)}** is on ${inline(event.when)}${placeOf(event)}.` : "Done.";
}

export function describeDeleted(output: unknown): string {
  const title = isRecord(output) && typeof output.title === "string" ? output.title : null;
  return title === null ? "It is deleted." : `**${inline(title)}** is deleted.`;
}

function isEvent(value: unknown): value is ShownEvent {
  return isRecord(value) && typeof value.title === "string" && typeof value.when === "string";
}

function lineOf(event: ShownEvent, zone: string, isOneDay: boolean): string {
  const time = isOneDay ? clockOf(event, zone) : inline(event.when);
  return `${time} **${inline(event.title)}**${placeOf(event)}`;
}

/** Times of the day in the person's zone; "all day" where there are none. */
function clockOf({ start, end }: ShownEvent, zone: string): string {
  const [from, to] = [start, end].map((time) => (isRecord(time) && typeof time.at === "string" ? time.at : null));
  if (!from || !to) return "all day";
  const format = new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit" });
  return `${format.format(new Date(from))}–${format.format(new Date(to))}`;
}

function placeOf({ location }: ShownEvent): string {
  return location ? ` · ${inline(location, 120)}` : "";
}

function problemsOf(output: Record<string, unknown>): string[] {
  const problems = Array.isArray(output.problems) ? output.problems.filter((one) => typeof one === "string") : [];
  return problems.map((problem) => `Not everything is here: ${inline(problem)}.`);
}

const lengthOf = (minutes: number) =>
  minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h${minutes % 60 === 0 ? "" : ` ${minutes % 60} min`}`;

/** `Sat 28 Nov` */
function dayName(date: string): string {
  return Number.isNaN(Date.parse(`${date}T00:00:00Z`)) ? inline(date) : shortDay(date);
}
