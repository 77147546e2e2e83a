import { createHash } from "node:crypto";
import { z } from "zod";
import type { AdapterIo, CalendarStore, SourceCalendar, SyncReport } from "../../contracts/adapter";
import { isTimeZone } from "../../contracts/calendar";
import type { Skipped } from "../../contracts/connection";
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
  /** Of which address: a digest. */
  address: z.string(),
  /** What could not be read then is still so while the server answers "as before". */
  skipped: z.object({ count: z.int(), reasons: z.array(z.string()) }).optional(),
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
 * that nothing changed, nothing is done, also by another process and after a restart.
 */
export async function syncUrl(io: AdapterIo, url: string, store: CalendarStore): Promise<SyncReport> {
  const stored = await readCursor(store, url);
  const ageMs = stored === null ? Number.POSITIVE_INFINITY : io.now().getTime() - stored.expandedAt;
  const fresh = stored !== null && ageMs >= 0 && ageMs < recomputeAfterMs ? stored : null;
  const fetched = await fetchFeed(io, url, fresh ?? {});
  if (!fetched) return { isComplete: true, written: 0, removed: 0, ...withSkipped(fresh?.skipped) };
  const feed = await expand(io, fetched.root);
  const calendar = toCalendar(feed, new URL(toHttpUrl(url)).hostname);
  await store.saveCalendars([calendar]);
  const skipped = tellSkipped(feed);
  const cursor = JSON.stringify({
    ...{ ...fetched.validators, expandedAt: io.now().getTime(), address: digestOf(url) },
    ...withSkipped(skipped),
  } satisfies z.input<typeof cursorSchema>);
  const done = await store.commit({ calendarId, isFull: true, upserts: feed.events, removed: [], cursor });
  return { isComplete: true, ...done, ...withSkipped(skipped) };
}

function tellSkipped({ skipped, leftOut }: Feed): Skipped | undefined {
  if (skipped + leftOut === 0) return undefined;
  logger.warn({ room: "ics", skipped, leftOut }, "feed not whole");
  const reasons = [
    ...(skipped > 0 ? ["no beginning that can be read"] : []),
    ...(leftOut > 0 ? [`more than ${maxEvents.toLocaleString("en")} in one calendar`] : []),
  ];
  return { count: skipped + leftOut, reasons };
}

const withSkipped = (skipped: Skipped | undefined): { skipped?: Skipped } => (skipped === undefined ? {} : { skipped });

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

/** @returns null when there is none, or it is of another address: what its server said of it does not count for this one */
async function readCursor(store: CalendarStore, url: string): Promise<z.output<typeof cursorSchema> | null> {
  const text = await store.cursor(calendarId);
  if (text === null) return null;
  try {
    const cursor = cursorSchema.safeParse(JSON.parse(text)).data;
    return cursor?.address === digestOf(url) ? cursor : null;
  } catch {
    // Not one of ours: the feed is read as a whole and leaves a new one.
    return null;
  }
}

/** Addresses of feeds are secrets: only a digest of them is kept. */
function digestOf(url: string): string {
  return createHash("sha256").update(url).digest("hex");
}
