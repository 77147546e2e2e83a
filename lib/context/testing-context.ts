import type { EventView } from "@/lib/contracts/calendar";
import type { Context, FinanceContext, Section } from "@/lib/contracts/context";
import type { WeatherReport } from "@/lib/contracts/open-data";
import type { Viewer } from "@/lib/contracts/viewer";
import { calendarStore } from "@/lib/db/calendar/calendar-store";
import { testConnection } from "@/lib/db/finance/testing-money";
import type { SourceEvent } from "@/lib/contracts/adapter";

export const zone = "America/Toronto";

export function event(more: Partial<EventView> & { startsAt?: string; endsAt?: string } = {}): EventView {
  const { startsAt = "2026-11-27T15:00:00Z", endsAt, ...rest } = more;
  const end = endsAt ?? new Date(Date.parse(startsAt) + 30 * 60_000).toISOString();
  return {
    ...{ id: "cev_1", calendarId: "cal_1", calendarTitle: "Work", title: "Stand-up" },
    start: { at: startsAt, timeZone: zone },
    end: { at: end, timeZone: zone },
    ...{ status: "confirmed", isBusy: true, isWritable: false, isRecurring: false, description: null, location: null },
    ...{ attendees: [], organizer: null, url: null, etag: null, alsoIn: [] },
    ...rest,
  };
}

export function section<Data>(data: Data, more: Partial<Section<Data>> = {}): Section<Data> {
  return { state: "fresh", asOf: "2026-11-27T14:00:00Z", source: "a test", problem: null, hint: null, data, ...more };
}

export function finance(more: Partial<FinanceContext> = {}): FinanceContext {
  return {
    period: { from: "2026-11-01", to: "2026-11-27" },
    totals: [],
    topCategories: [],
    pending: { count: 0, totals: [] },
    recent: [],
    provenance: { transactionCount: 0, accountCount: 1, syncedAt: null, transfersLeftOut: 0, excluded: [] },
    basis: "412 transactions from 2 accounts, synced 09:12",
    ...more,
  };
}

export function total(currency: string, inMinor: number, outMinor: number) {
  return { currency, count: 1, inMinor, outMinor, netMinor: inMinor - outMinor };
}

const point = { latitude: 45.4, longitude: -75.7 };

export function report(
  more: Partial<WeatherReport["current"]> = {},
  hourly: Partial<WeatherReport["hourly"][number]>[] = [],
): WeatherReport {
  return {
    place: point,
    timeZone: zone,
    current: {
      at: "2026-11-27T14:00:00Z",
      location: point,
      temperatureCelsius: 4,
      condition: "clouds",
      description: "Overcast",
      ...more,
    },
    hourly: hourly.map((hour) => ({
      at: "2026-11-27T15:00:00Z",
      location: point,
      temperatureCelsius: 4,
      condition: "clouds",
      ...hour,
    })),
    daily: [
      {
        at: "2026-11-27",
        location: point,
        temperatureCelsius: 3,
        temperatureMinCelsius: -0.4,
        temperatureMaxCelsius: 6,
        condition: "clouds",
      },
      {
        at: "2026-11-28",
        location: point,
        temperatureCelsius: 1,
        temperatureMinCelsius: -3,
        temperatureMaxCelsius: 5,
        condition: "rain",
        precipitationProbability: 0.8,
      },
    ],
  };
}

export function context(more: Partial<Context> = {}): Context {
  return {
    at: "2026-11-27T14:00:00Z",
    timeZone: zone,
    today: "2026-11-27",
    modules: [],
    items: [],
    alerts: [],
    ...more,
  };
}

/** A connected calendar of the viewer's with these events. @returns its connection */
export async function plantCalendar(viewer: Viewer, events: readonly SourceEvent[]): Promise<string> {
  const connectionId = await testConnection(viewer, { adapter: "google-calendar", title: "ann@example.test" });
  const store = calendarStore(viewer, connectionId);
  const [calendar] = await store.saveCalendars([
    { id: "primary", title: "Ann", timeZone: zone, color: null, access: "write", isPrimary: true },
  ]);
  if (!calendar) throw new Error("no calendar was saved");
  await store.commit({ calendarId: calendar.id, isFull: true, upserts: events, removed: [], cursor: null });
  return connectionId;
}

export function sourceEvent(id: string, startsAt: string, more: Partial<SourceEvent> = {}): SourceEvent {
  return {
    ...{ id, title: id, status: "confirmed", attendees: [] },
    start: { at: startsAt, timeZone: zone },
    end: { at: new Date(Date.parse(startsAt) + 60 * 60_000).toISOString(), timeZone: zone },
    ...more,
  };
}
