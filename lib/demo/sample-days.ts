import type { GoogleFake } from "../adapters/google-calendar/testing-fake";

/** The person of the demo at the sample Google. */
export const samplePerson = { email: "robin@example.org", name: "Robin Sample", timeZone: "America/Toronto" };
const familyId = "family@group.calendar.example.org";

interface SampleEvent {
  /** Days from the Monday of this week. */
  day: number;
  at: string;
  minutes: number;
  summary: string;
  location?: string;
  description?: string;
  recurrence?: string;
  guests?: readonly (readonly [email: string, name: string])[];
  calendar?: "family";
}

const ann = ["ann@example.org", "Ann Example"] as const;
const lee = ["lee@example.org", "Lee Example"] as const;

const timed: readonly SampleEvent[] = [
  { day: -28, at: "09:15", minutes: 15, summary: "Stand-up", recurrence: "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR" },
  {
    day: -28,
    at: "13:00",
    minutes: 60,
    summary: "Budget review",
    guests: [ann, lee],
    recurrence: "FREQ=WEEKLY;BYDAY=TU",
  },
  {
    day: 0,
    at: "14:00",
    minutes: 45,
    summary: "1:1 with Ann",
    guests: [ann],
    location: "Room 4, 150 King St W, Toronto",
  },
  { day: 1, at: "18:30", minutes: 75, summary: "Yoga", location: "Studio Nine, 9 Ossington Ave, Toronto" },
  {
    day: 2,
    at: "15:30",
    minutes: 30,
    summary: "Dentist",
    location: "Dr. Sample, 20 Bay St, Toronto",
    description: "Bring the insurance card.",
  },
  {
    day: 3,
    at: "12:00",
    minutes: 60,
    summary: "Lunch with Lee",
    guests: [lee],
    location: "Noodle House, 300 Queen St W, Toronto",
  },
  { day: 4, at: "10:00", minutes: 90, summary: "Planning", guests: [ann, lee] },
  { day: 8, at: "15:30", minutes: 30, summary: "Dentist: check-up", location: "Dr. Sample, 20 Bay St, Toronto" },
  {
    day: 9,
    at: "17:00",
    minutes: 60,
    summary: "Parents' evening",
    calendar: "family",
    location: "School, 55 College St, Toronto",
  },
  { day: 10, at: "19:00", minutes: 120, summary: "Concert", calendar: "family", location: "Massey Hall, Toronto" },
];
/** Whole days: from, how many, what. */
const wholeDays: readonly [day: number, days: number, summary: string][] = [
  [5, 2, "Weekend at the lake"],
  [11, 1, "Lee's birthday"],
];

/** Fills the sample Google with the weeks around today. Days count from this week's Monday, so there is always something on. */
export function plantSampleDays({ control }: GoogleFake, now: Date): void {
  const { email, timeZone } = samplePerson;
  control.addPerson(samplePerson);
  control.addCalendar({ id: familyId, summary: "Family", timeZone, color: "#b45309", people: { [email]: "writer" } });
  const dateOf = (day: number) => {
    const monday = now.getTime() - ((now.getUTCDay() + 6) % 7) * 86_400_000;
    return new Date(monday + day * 86_400_000).toISOString().slice(0, 10);
  };
  for (const event of timed) {
    const start = `${dateOf(event.day)}T${event.at}:00`;
    const end = new Date(Date.parse(`${start}Z`) + event.minutes * 60_000).toISOString().slice(0, 19);
    control.putEvent(event.calendar === "family" ? familyId : email, {
      summary: event.summary,
      start: { dateTime: start, timeZone },
      end: { dateTime: end, timeZone },
      ...(event.location ? { location: event.location } : {}),
      ...(event.description ? { description: event.description } : {}),
      ...(event.recurrence ? { recurrence: [`RRULE:${event.recurrence}`] } : {}),
      ...(event.guests
        ? {
            attendees: event.guests.map(([guest, displayName]) => ({
              email: guest,
              displayName,
              responseStatus: "accepted",
            })),
          }
        : {}),
    });
  }
  for (const [day, days, summary] of wholeDays)
    control.putEvent(familyId, {
      summary,
      start: { date: dateOf(day) },
      end: { date: dateOf(day + days) },
      transparency: "transparent",
    });
}
