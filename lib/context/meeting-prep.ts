import { findEventIdFor } from "@/lib/connections/calendar/find-event";
import { spanOfDays } from "@/lib/connections/calendar/event-times";
import { type EventView, isSameMeeting } from "@/lib/contracts/calendar";
import { addDays, dayIn } from "@/lib/contracts/day";
import { AppError } from "@/lib/contracts/errors";
import { getEventPlace, listEvents, searchEvents } from "@/lib/db/calendar/events";
import { type KnowledgeHit, searchDocuments } from "@/lib/db/knowledge";
import { getTimeZone } from "@/lib/db/profile";
import type { Viewer } from "@/lib/contracts/viewer";
import { spanOf } from "./clock";

export interface MeetingPrep {
  event: EventView;
  timeZone: string;
  /** Until it begins; negative when it has begun. */
  minutesToStart: number;
  people: string[];
  /** From the person's own knowledge: about its title and its people. */
  knowledge: KnowledgeHit[];
  /** Other events with the same words, the nearest first. */
  related: EventView[];
  /** What is on at the same time. */
  overlaps: EventView[];
}

const maxKnowledge = 6;
const maxRelated = 5;
const maxPeopleSearched = 8;
const aheadDays = 14;
/** Words that every meeting has, and that find everything. */
const empty = /\b(meeting|call|sync|with|and|the|for|about|weekly|daily|monthly|re|catch|up|1:1)\b/gi;

/**
 * What is known about one event: the named one, else the next with other people.
 * @throws AppError not-found when there is none, invalid when several fit
 */
export async function prepareMeeting(viewer: Viewer, reference: string | undefined, now: Date): Promise<MeetingPrep> {
  const timeZone = await getTimeZone(viewer);
  const event =
    reference === undefined
      ? await findNextMeeting(viewer, timeZone, now)
      : (await getEventPlace(viewer, await findEventIdFor(viewer, reference, now))).event;
  const people = event.attendees.flatMap(({ name, email }) => name ?? email ?? []);
  const { from, to, isWholeDay } = spanOf(event, timeZone);
  const topic = event.title.replace(empty, " ").trim();
  const [knowledge, related, around] = await Promise.all([
    searchAll(viewer, [topic, ...people.slice(0, maxPeopleSearched)]),
    topic === "" ? [] : searchEvents(viewer, topic, maxRelated + 1, now),
    isWholeDay ? [] : listEvents(viewer, spanOver(from, to, timeZone)),
  ]);
  return {
    event,
    timeZone,
    minutesToStart: Math.round((from - now.getTime()) / 60_000),
    people,
    knowledge,
    related: related.filter((other) => !isSameMeeting(other, event)).slice(0, maxRelated),
    overlaps: around.filter((other) => !isSameMeeting(other, event) && other.isBusy && "at" in other.start),
  };
}

async function findNextMeeting(viewer: Viewer, timeZone: string, now: Date): Promise<EventView> {
  const today = dayIn(now, timeZone);
  const events = await listEvents(viewer, spanOfDays(today, addDays(today, aheadDays), timeZone));
  const coming = events.filter((event) => {
    const { to, isWholeDay } = spanOf(event, timeZone);
    return !isWholeDay && to > now.getTime();
  });
  const next = coming.find(({ attendees }) => attendees.length > 0) ?? coming[0];
  if (!next)
    throw new AppError("not-found", `No event is on in the next ${aheadDays} days.`, {
      hint: "Say which one you mean.",
    });
  return next;
}

/** Each search for itself, so that a name that nobody wrote down hides nothing of the topic. */
async function searchAll(viewer: Viewer, queries: readonly string[]): Promise<KnowledgeHit[]> {
  const asked = queries.filter((query) => query.trim().length > 1);
  const found = await Promise.all(asked.map((query) => searchDocuments(viewer, orOf(query), maxKnowledge)));
  const hits = new Map<string, KnowledgeHit>();
  for (const hit of found.flat()) if (!hits.has(hit.documentId)) hits.set(hit.documentId, hit);
  return [...hits.values()].slice(0, maxKnowledge);
}

/** Any of the words: a title names more than a note does. */
function orOf(text: string): string {
  const words = text.match(/[\p{L}\p{N}]{3,}/gu) ?? [];
  return words.length > 0 ? words.slice(0, 12).join(" or ") : text;
}

function spanOver(from: number, to: number, timeZone: string) {
  const date = dayIn(new Date(from), timeZone);
  return { ...spanOfDays(date, addDays(date, 1), timeZone), from: new Date(from), to: new Date(to) };
}
