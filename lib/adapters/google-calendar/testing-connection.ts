import type { AdapterIo, CalendarStore, SourceCalendar, SourceEvent } from "../../contracts/adapter";

const root = "https://www.googleapis.com/auth/calendar";
export const readScopes = [`${root}.calendarlist.readonly`, `${root}.events.readonly`];
export const writeScopes = [`${root}.calendarlist.readonly`, `${root}.events`];

/** What the host lends, with tokens got by `refresh`. */
export function createIo(
  refresh: () => Promise<string>,
  options: { signal?: AbortSignal; now?: () => Date } = {},
): AdapterIo & { refused: string[] } {
  let held: string | undefined;
  const refused: string[] = [];
  return {
    refused,
    async accessToken(bad) {
      if (bad !== undefined) {
        refused.push(bad);
        if (bad === held) held = undefined;
      }
      held ??= await refresh();
      return held;
    },
    fetch: () => Promise.reject(new Error("This adapter goes to no chosen hosts")),
    signal: options.signal ?? new AbortController().signal,
    now: options.now ?? (() => new Date()),
  };
}

/** A store in memory that keeps to the contract: each call holds as a whole or not at all. */
export function createMemoryStore() {
  const calendars = new Map<string, SourceCalendar>();
  const events = new Map<string, Map<string, SourceEvent>>();
  const cursors = new Map<string, string | null>();
  const commits: Parameters<CalendarStore["commit"]>[0][] = [];
  const store: CalendarStore = {
    cursor: async (calendarId) => cursors.get(calendarId) ?? null,
    async saveCalendars(list) {
      const named = new Set(list.map(({ id }) => id));
      for (const id of [...calendars.keys()].filter((known) => !named.has(known))) {
        calendars.delete(id);
        events.delete(id);
        cursors.delete(id);
      }
      for (const calendar of list) calendars.set(calendar.id, calendar);
      return list.map(({ id }) => ({ id, cursor: cursors.get(id) ?? null }));
    },
    async commit(change) {
      commits.push(change);
      const next = change.isFull ? new Map<string, SourceEvent>() : new Map(events.get(change.calendarId));
      for (const event of change.upserts) next.set(event.id, event);
      for (const id of change.removed) next.delete(id);
      events.set(change.calendarId, next);
      cursors.set(change.calendarId, change.cursor);
      return { written: change.upserts.length, removed: change.removed.length };
    },
  };
  return {
    ...store,
    calendars,
    cursors,
    commits,
    events: (calendarId: string) => [...(events.get(calendarId)?.values() ?? [])],
    event: (calendarId: string, id: string) => events.get(calendarId)?.get(id),
  };
}
