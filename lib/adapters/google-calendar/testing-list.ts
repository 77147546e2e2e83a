import { createHash } from "node:crypto";
import { ApiProblem } from "./testing-answers";
import { type FakeCalendar, type FakeEvent, singleView, startMs } from "./testing-events";

/** How lists behave, beyond what was asked for. */
export interface ListHabits {
  /** Pages hold at most this many, whatever was asked for. */
  maxPageSize: number;
  /** An empty page before each other one. */
  hasEmptyPages: boolean;
  /** An incremental answer names the occurrences of a deleted series only this far around today. */
  cancelledWithinDays: number;
}

const notWithSyncToken = [
  "iCalUID",
  "orderBy",
  "privateExtendedProperty",
  "q",
  "sharedExtendedProperty",
  "timeMin",
  "timeMax",
  "updatedMin",
];
/** These make a list that cannot be gone on with. */
const withoutSyncToken = ["iCalUID", "orderBy", "privateExtendedProperty", "q", "sharedExtendedProperty", "updatedMin"];
const dayMs = 86_400_000;

interface PageToken {
  query: string;
  after: string;
  /** The revision that the first page was read at: what changes meanwhile comes again with the sync token. */
  revision: number;
  isEmptyDone: boolean;
}
interface SyncToken {
  query: string;
  revision: number;
}

/** `events.list`: pages, sync tokens and their rules. */
export function listEvents(calendar: FakeCalendar, parameters: URLSearchParams, habits: ListHabits, now: Date) {
  const sync = readSyncToken(calendar, parameters);
  const isSingle = parameters.get("singleEvents") === "true";
  if (parameters.get("orderBy") === "startTime" && !isSingle)
    throw new ApiProblem(400, "badRequest", "The requested ordering is not available for the particular query.");
  const query = fingerprint(parameters, ["pageToken"]);
  const page = readPageToken(parameters.get("pageToken"), query) ?? {
    query,
    after: "",
    revision: calendar.revision,
    isEmptyDone: false,
  };
  const head = {
    kind: "calendar#events",
    etag: `"p${calendar.revision}"`,
    summary: calendar.summary,
    updated: now.toISOString(),
    timeZone: calendar.timeZone,
  };
  if (habits.hasEmptyPages && !page.isEmptyDone)
    return { ...head, items: [], nextPageToken: encode({ ...page, isEmptyDone: true }) };
  const events = sync
    ? changedSince(calendar, isSingle, sync.revision, habits, now)
    : current(calendar, isSingle, parameters);
  const rest = events.filter(({ id }) => id > page.after).sort((one, other) => (one.id < other.id ? -1 : 1));
  const items = rest.slice(0, Math.min(readSize(parameters), habits.maxPageSize));
  const last = items.at(-1);
  if (last && items.length < rest.length)
    return { ...head, items, nextPageToken: encode({ ...page, after: last.id, isEmptyDone: false }) };
  if (withoutSyncToken.some((name) => parameters.has(name))) return { ...head, items };
  const token: SyncToken = { query: syncQuery(parameters), revision: page.revision };
  return { ...head, items, nextSyncToken: encode(token) };
}

function current(calendar: FakeCalendar, isSingle: boolean, parameters: URLSearchParams): FakeEvent[] {
  const from = readBound(parameters, "timeMin");
  const to = readBound(parameters, "timeMax");
  const events = isSingle
    ? [...singleView(calendar).values()].map(({ event }) => event)
    : [...calendar.events.values()];
  const uid = parameters.get("iCalUID");
  return events.filter(
    (event) =>
      (event.status !== "cancelled" || parameters.get("showDeleted") === "true") &&
      (uid === null || event.iCalUID === uid) &&
      (from === null || startMs(event.end) > from) &&
      (to === null || startMs(event.start) < to),
  );
}

function changedSince(
  calendar: FakeCalendar,
  isSingle: boolean,
  revision: number,
  habits: ListHabits,
  now: Date,
): FakeEvent[] {
  if (!isSingle) return [...calendar.events.values()].filter(({ id }) => (calendar.changedAt.get(id) ?? 0) > revision);
  return [...singleView(calendar).values()]
    .filter(({ event, revision: at, isSeriesGone }) => {
      if (at <= revision) return false;
      const away = Math.abs(startMs(event.originalStartTime) - now.getTime());
      return !isSeriesGone || !(away > habits.cancelledWithinDays * dayMs);
    })
    .map(({ event }) => event);
}

function readSyncToken(calendar: FakeCalendar, parameters: URLSearchParams): SyncToken | null {
  const text = parameters.get("syncToken");
  if (text === null) return null;
  const mixed = notWithSyncToken.find((name) => parameters.has(name));
  if (mixed || parameters.get("showDeleted") === "false")
    throw new ApiProblem(
      400,
      "badRequest",
      `Sync token cannot be used with the ${mixed ?? "showDeleted=false"} parameter.`,
    );
  const token = decode<SyncToken>(text);
  if (!token || typeof token.revision !== "number" || token.revision < calendar.oldestRevision)
    throw new ApiProblem(410, "fullSyncRequired", "Sync token is no longer valid, a full sync is required.");
  if (token.query !== syncQuery(parameters))
    throw new ApiProblem(400, "badRequest", "The sync token belongs to another query.");
  return token;
}

function readPageToken(text: string | null, query: string): PageToken | null {
  if (text === null) return null;
  const token = decode<PageToken>(text);
  if (token?.query === query) return token;
  throw new ApiProblem(400, "invalid", "Invalid page token value.");
}

function readSize(parameters: URLSearchParams): number {
  const size = Number(parameters.get("maxResults") ?? 250);
  if (!Number.isInteger(size) || size < 1) throw new ApiProblem(400, "invalid", "Invalid value for maxResults.");
  return Math.min(size, 2500);
}

function readBound(parameters: URLSearchParams, name: string): number | null {
  const text = parameters.get(name);
  if (text === null) return null;
  const ms = Date.parse(text);
  if (Number.isNaN(ms) || !/(Z|[+-]\d{2}:\d{2})$/.test(text)) throw new ApiProblem(400, "badRequest", "Bad Request");
  return ms;
}

/** What has to be the same from one synchronisation to the next. */
function syncQuery(parameters: URLSearchParams): string {
  return fingerprint(parameters, [...notWithSyncToken, "pageToken", "syncToken", "maxResults"]);
}

function fingerprint(parameters: URLSearchParams, without: readonly string[]): string {
  const kept = [...parameters].filter(([name]) => !without.includes(name)).map(String);
  return createHash("sha256").update(kept.sort().join("&")).digest("base64url").slice(0, 12);
}

function encode(token: PageToken | SyncToken): string {
  return Buffer.from(JSON.stringify(token)).toString("base64url");
}

function decode<T>(text: string): T | null {
  try {
    return JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
  } catch {
    // Not one of ours: the callers answer as Google does.
    return null;
  }
}
