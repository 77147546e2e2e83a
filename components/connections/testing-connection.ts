import type { AdapterView, ConnectionView } from "@/lib/contracts/connection";

export const now = Date.parse("2026-11-27T12:00:00Z");
export const inMinutes = (minutes: number): string => new Date(now + minutes * 60_000).toISOString();

/** A Google connection that works, with what a test changes. */
export function makeConnection(change: Partial<ConnectionView> = {}): ConnectionView {
  return {
    id: "conn_1",
    adapter: "google-calendar",
    category: "calendar",
    adapterTitle: "Google Calendar",
    title: "ann@example.com",
    health: "good",
    warning: null,
    notice: null,
    skipped: null,
    keepsHistory: true,
    isSyncing: false,
    isWriteAllowed: false,
    connect: "oauth",
    rights: ["See your calendars"],
    consentExpiresAt: null,
    lastGoodAt: inMinutes(-2),
    lastTriedAt: inMinutes(-2),
    nextAt: inMinutes(8),
    createdAt: inMinutes(-600),
    holds: { calendars: 3, events: 212, accounts: 0, transactions: 0 },
    ...change,
  };
}

export function makeAdapter(change: Partial<AdapterView> = {}): AdapterView {
  return {
    id: "google-calendar",
    title: "Google Calendar",
    description: "Your calendars",
    category: "calendar",
    connect: "oauth",
    rights: ["See your calendars"],
    missing: [],
    environment: [],
    setup: [],
    redirectUri: "http://127.0.0.1:3000/api/connect/google-calendar/callback",
    isSample: false,
    ...change,
  };
}
