import { z } from "zod";
import { calendarEventSchema } from "./canonical";

export const eventTimeSchema = calendarEventSchema.shape.start;
export type EventTime = z.infer<typeof eventTimeSchema>;

export const calendarViewSchema = z.object({
  id: z.string(),
  connectionId: z.string(),
  title: z.string(),
  timeZone: z.string(),
  color: z.string().nullable(),
  access: z.enum(["read", "write"]),
  /** The calendar can be written to, and the person allowed it. */
  isWritable: z.boolean(),
  isPrimary: z.boolean(),
  isShown: z.boolean(),
});
export type CalendarView = z.infer<typeof calendarViewSchema>;

export const eventViewSchema = z.object({
  id: z.string(),
  calendarId: z.string(),
  calendarTitle: z.string(),
  title: z.string(),
  start: eventTimeSchema,
  /** Exclusive. */
  end: eventTimeSchema,
  status: z.enum(["confirmed", "tentative", "cancelled"]),
  isBusy: z.boolean(),
  isWritable: z.boolean(),
  isRecurring: z.boolean(),
  description: z.string().nullable(),
  location: z.string().nullable(),
  attendees: z.array(z.object({ name: z.string().optional(), email: z.string().optional() })),
  organizer: z.object({ name: z.string().optional(), email: z.string().optional() }).nullable(),
  url: z.string().nullable(),
  /** The state it is in at its source: for `If-Match` of a change. Null where a source tells none. */
  etag: z.string().nullable(),
  /** Other shown calendars that hold the same meeting at the same time; it is shown once, as it stands in `calendarId`. */
  alsoIn: z.array(z.object({ calendarId: z.string(), calendarTitle: z.string() })),
});
export type EventView = z.infer<typeof eventViewSchema>;

/** Whether two are one meeting, as it stands in two calendars. */
export function isSameMeeting(first: EventView, second: EventView): boolean {
  if (first.id === second.id) return true;
  return first.alsoIn.some(({ calendarId }) => calendarId === second.calendarId) && isSameTime(first, second);
}

function isSameTime(first: EventView, second: EventView): boolean {
  const at = (time: EventTime) => ("at" in time ? Date.parse(time.at) : time.date);
  return at(first.start) === at(second.start) && at(first.end) === at(second.end);
}

const text = (max: number) => z.string().trim().max(max);
const zoneSchema = z.string().refine(isTimeZone, "a time zone such as Europe/Berlin");

/** As a person or a model says it: a wall clock time with its zone, or days (the last one included). */
export const newEventSchema = z.strictObject({
  title: text(300).min(1),
  start: z
    .union([z.iso.datetime({ local: true }), z.iso.date()])
    .describe("2026-11-30T10:00 or, for whole days, 2026-11-30"),
  end: z
    .union([z.iso.datetime({ local: true }), z.iso.date()])
    .describe("2026-11-30T10:30; for whole days the last day, included"),
  timeZone: zoneSchema.optional().describe("IANA zone of start and end; the person's when left out"),
  calendarId: z.string().max(100).optional().describe("the person's main calendar when left out"),
  location: text(500).optional(),
  description: text(8000).optional(),
  attendees: z.array(z.email()).max(50).optional().describe("each gets an invitation"),
});
export type NewEventInput = z.infer<typeof newEventSchema>;

export const eventChangeSchema = newEventSchema.omit({ calendarId: true }).partial();
export type EventChange = z.infer<typeof eventChangeSchema>;

export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
