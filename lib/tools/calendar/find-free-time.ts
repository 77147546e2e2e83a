import { z } from "zod";
import { describeTimes, spanOfDays } from "@/lib/connections/calendar/event-times";
import { findFreeTime } from "@/lib/connections/calendar/free-time";
import { eventTimeSchema } from "@/lib/contracts/calendar";
import { addDays, dayIn } from "@/lib/contracts/day";
import { AppError } from "@/lib/contracts/errors";
import { listEvents } from "@/lib/db/calendar/events";
import { defineTool } from "../define-tool";
import { describeCalendars } from "./calendar-source";

const maxDays = 62;
const maxSlots = 50;
const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "a time of day such as 09:00");

/** When nothing is on. */
export const findFreeTimeTool = defineTool({
  name: "find_free_time",
  title: "Find free time",
  description:
    "Times in which none of the person's calendars has something on, from one day to another, between two times of day, at least so many minutes long.",
  effect: "read",
  idempotency: "read",
  timeoutMs: 10_000,
  quotes: "your calendars",
  input: z.strictObject({
    from: z.iso.date().optional().describe("first day; today when left out"),
    to: z.iso.date().optional().describe("last day, included; a week later when left out"),
    minutes: z.int().min(5).max(1440).default(30),
    day_start: clock.default("09:00"),
    day_end: clock.default("18:00"),
  }),
  output: z.object({
    time_zone: z.string(),
    slots: z.array(z.object({ when: z.string(), start: eventTimeSchema, end: eventTimeSchema, minutes: z.int() })),
    problems: z.array(z.string()),
  }),
  questions: ["When am I free this week?", "Find a free hour on Thursday", "When do I have time for a 45 minute call?"],
  async execute({ from, to, minutes, day_start: dayStart, day_end: dayEnd }, { viewer, timeZone }) {
    const { source, problems } = await describeCalendars(viewer, timeZone);
    const now = new Date();
    const first = from ?? dayIn(now, timeZone);
    const last = to ?? (from === undefined ? addDays(first, 6) : first);
    if (last < first || dayEnd <= dayStart) throw new AppError("invalid", "The end must be after the start.");
    if (addDays(first, maxDays) < last)
      throw new AppError("invalid", `At most ${maxDays} days can be searched at once.`);
    const days: string[] = [];
    for (let day = first; day <= last; day = addDays(day, 1)) days.push(day);
    const events = await listEvents(viewer, spanOfDays(first, addDays(last, 1), timeZone));
    const slots = findFreeTime(events, { days, dayStart, dayEnd, minutes, timeZone, now });
    return {
      kind: "done",
      output: {
        time_zone: timeZone,
        slots: slots.slice(0, maxSlots).map((slot) => ({ when: describeTimes(slot, timeZone), ...slot })),
        problems,
      },
      source,
    };
  },
});
