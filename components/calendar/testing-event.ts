import type { EventView } from "@/lib/contracts/calendar";

/** An event of half an hour in Berlin, with what a test changes. */
export function makeEvent(change: Partial<EventView> = {}): EventView {
  return {
    id: "cev_1",
    calendarId: "cal_1",
    calendarTitle: "Work",
    title: "Dentist",
    start: { at: "2026-11-03T09:00:00.000Z", timeZone: "Europe/Berlin" },
    end: { at: "2026-11-03T09:30:00.000Z", timeZone: "Europe/Berlin" },
    status: "confirmed",
    isBusy: true,
    isWritable: true,
    isRecurring: false,
    description: null,
    location: null,
    attendees: [],
    organizer: null,
    url: null,
    etag: '"1"',
    alsoIn: [],
    ...change,
  };
}

/** Times of a day in UTC, such as `at("10:00", "10:30")`. */
export function at(from: string, to: string, day = "2026-11-03"): Pick<EventView, "start" | "end"> {
  const time = (clock: string) => ({ at: `${day}T${clock}:00.000Z`, timeZone: "UTC" });
  return { start: time(from), end: time(to) };
}
