import { z } from "zod";
import { describeTimes } from "@/lib/connections/calendar/event-times";
import { type EventView, eventTimeSchema } from "@/lib/contracts/calendar";

/** An event as a model reads it. */
export const shownEventSchema = z.object({
  event_id: z.string(),
  title: z.string(),
  /** For a person, with the zone. */
  when: z.string(),
  start: eventTimeSchema,
  end: eventTimeSchema,
  /** One meeting may stand in several: the first is where it is changed. */
  calendar: z.string(),
  location: z.string().optional(),
  description: z.string().optional(),
  attendees: z.array(z.string()).optional(),
  is_recurring: z.boolean().optional(),
  is_tentative: z.boolean().optional(),
});
export type ShownEvent = z.infer<typeof shownEventSchema>;

const maxDescriptionChars = 600;

/** @param timeZone the person's, IANA: the clock that `when` is told on */
export function showEvent(event: EventView, timeZone: string): ShownEvent {
  const people = event.attendees.flatMap(({ name, email }) => name ?? email ?? []);
  return {
    event_id: event.id,
    title: event.title,
    when: describeTimes(event, timeZone),
    start: event.start,
    end: event.end,
    calendar: [event, ...event.alsoIn].map(({ calendarTitle }) => calendarTitle).join(", "),
    ...(event.location ? { location: event.location } : {}),
    ...(event.description ? { description: event.description.slice(0, maxDescriptionChars) } : {}),
    ...(people.length > 0 ? { attendees: people.slice(0, 30) } : {}),
    ...(event.isRecurring ? { is_recurring: true } : {}),
    ...(event.status === "tentative" ? { is_tentative: true } : {}),
  };
}
