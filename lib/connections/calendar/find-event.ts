import type { EventView } from "@/lib/contracts/calendar";
import { AppError } from "@/lib/contracts/errors";
import type { Viewer } from "@/lib/contracts/viewer";
import { searchEvents } from "@/lib/db/calendar/events";
import { getTimeZone } from "@/lib/db/profile";
import { describeTimes } from "./event-times";

const maxFound = 50;
const maxNamed = 5;

/**
 * The one event that is meant: by its id, or by words of its title when only one fits. What is coming goes before what is over, and
 * for a change what may be changed before what may not.
 * @throws AppError not-found when none fits, invalid when several do, naming them
 */
export async function findEventIdFor(
  viewer: Viewer,
  reference: string,
  now: Date,
  { isForChange = false } = {},
): Promise<string> {
  if (/^cev_[0-9a-v]+$/.test(reference)) return reference;
  const found = await searchEvents(viewer, reference, maxFound, now, { isComingFirst: true });
  const coming = prefer(found, (event) => endOf(event) > now.getTime());
  const titled = prefer(coming, ({ title }) => hasWords(title, reference));
  const candidates = isForChange ? prefer(titled, ({ isWritable }) => isWritable) : titled;
  const [first] = candidates;
  if (!first)
    throw new AppError("not-found", "No event of your calendars has these words.", {
      hint: "Search the calendar for it first.",
    });
  // Occurrences of one series are told apart by their day; the next one is what people mean.
  if (candidates.every(({ title }) => title === first.title) && first.isRecurring) return first.id;
  if (candidates.length === 1) return first.id;
  const timeZone = await getTimeZone(viewer);
  const named = candidates.slice(0, maxNamed).map((event) => `${event.title} (${describeTimes(event, timeZone)})`);
  throw new AppError("invalid", `Several events fit: ${named.join("; ")}. Say which one.`);
}

function prefer(events: readonly EventView[], isBetter: (event: EventView) => boolean): readonly EventView[] {
  const better = events.filter(isBetter);
  return better.length > 0 ? better : events;
}

/** Words in the title count before words in the description. */
function hasWords(title: string, reference: string): boolean {
  const words = reference.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.every((word) => title.toLowerCase().includes(word));
}

function endOf({ end }: EventView): number {
  return "at" in end ? Date.parse(end.at) : Date.parse(`${end.date}T23:59:59Z`);
}
