import { createHash } from "node:crypto";
import { z } from "zod";
import type { AdapterIo, CalendarStore, SourceCalendar, SyncReport } from "../../contracts/adapter";
import { isTimeZone } from "../../contracts/calendar";
import { AppError } from "../../contracts/errors";
import { env } from "../../env";
import { logger } from "../../logger";
import { expandFeed, type Feed } from "./expand-feed";
import { fetchFeed, toHttpUrl } from "./fetch-feed";
import { dayMs } from "./recurrence/calendar-day";
import type { FeedComponent } from "./split-feed";

const maxEvents = 20_000;
const calendarId = "feed";
/** Occurrences are computed up to a day that moves on, also in a feed that stays as it is. */
const recomputeAfterMs = 7 * dayMs;
const cursorSchema = z.object({
  etag: z.string().optional(),
  lastModified: z.string().optional(),
  expandedAt: z.number(),
});

/** Whether there is a calendar at an address, and what it calls itself. */
export async function checkUrl(io: AdapterIo, url: string): Promise<{ key: string; title: string }> {
  const fetched = await fetchFeed(io, url, {});
  if (!fetched) throw new AppError("invalid", "There is no calendar at this address.");
  const { title } = await expand(io, fetched.root);
  const address = new URL(toHttpUrl(url));
  return { key: address.href, title: title || address.hostname };
}

/**
 * Brings the events of a feed up to date. The whole of it is read each time, as feeds know no differences; when the server says
 * that nothing changed, nothing is done.
 */
export async function syncUrl(io: AdapterIo, url: string, store: CalendarStore): Promise<SyncReport> {
  const remembered = calendars.get(keyOf(url));
  const stored = remembered ? await readCursor(store, remembered) : null;
  const isFresh = stored !== null && io.now().getTime() - stored.expandedAt < recomputeAfterMs;
  const fetched = await fetchFeed(io, url, isFresh ? stored : {});
  if (!fetched) return { isComplete: true, written: 0, removed: 0 };
  const feed = await expand(io, fetched.root);
  const calendar = toCalendar(feed, new URL(toHttpUrl(url)).hostname);
  await store.saveCalendars([calendar]);
  remember(keyOf(url), calendar);
  const cursor = JSON.stringify({ ...fetched.validators, expandedAt: io.now().getTime() });
  const done = await store.commit({ calendarId, isFull: true, upserts: feed.events, removed: [], cursor });
  if (feed.skipped + feed.leftOut > 0)
    logger.warn({ room: "ics", skipped: feed.skipped, leftOut: feed.leftOut }, "feed not whole");
  return { isComplete: true, ...done };
}

async function expand(io: AdapterIo, root: FeedComponent): Promise<Feed> {
  const entries = root.children.flatMap(({ children }) => children.filter(({ name }) => name === "VEVENT"));
  if (entries.length > maxEvents)
    throw new AppError("invalid", `This calendar has more than ${maxEvents} events, which is more than Burgeon reads.`);
  const { TZ: zone = "UTC" } = env();
  const homeZone = isTimeZone(zone) ? zone : "UTC";
  return expandFeed(root, { now: io.now(), homeZone, maxEvents, signal: io.signal });
}

function toCalendar({ title, timeZone, color }: Feed, host: string): SourceCalendar {
  return { id: calendarId, title: title || host, timeZone, color, access: "read", isPrimary: false };
}

async function readCursor(
  store: CalendarStore,
  calendar: SourceCalendar,
): Promise<z.output<typeof cursorSchema> | null> {
  const found = (await store.saveCalendars([calendar])).find(({ id }) => id === calendarId);
  if (!found || found.cursor === null) return null;
  try {
    return cursorSchema.safeParse(JSON.parse(found.cursor)).data ?? null;
  } catch {
    return null;
  }
}

/**
 * What feeds called themselves last. The store hands out a cursor only for a calendar with its title, and the title is known only
 * once a feed was read: so the first read of a process is a whole one, and the later ones are conditional.
 */
const calendars = new Map<string, SourceCalendar>();
const maxRemembered = 1000;

function remember(key: string, calendar: SourceCalendar): void {
  const [oldest] = calendars.keys();
  if (calendars.size >= maxRemembered && oldest !== undefined && !calendars.has(key)) calendars.delete(oldest);
  calendars.set(key, calendar);
}

/** Addresses of feeds are secrets: only a digest of them is held. */
function keyOf(url: string): string {
  return createHash("sha256").update(url).digest("hex");
}
