import { z } from "zod";
import { getDayPlan } from "@/lib/context/plan-day";
import { AppError } from "@/lib/contracts/errors";
import { defineTool } from "../define-tool";

const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "a time of day such as 09:00");

/** A day as it will go, with the ways between and the time that stays. */
export const planDayTool = defineTool({
  name: "plan_day",
  title: "Plan the day",
  description:
    "A day in order: the person's events, the ways between their own places with five minutes to spare, overlaps, and what stays free between two times of day. It changes nothing. Today unless a date is given.",
  effect: "read",
  idempotency: "read",
  timeoutMs: 20_000,
  quotes: "your calendars",
  input: z.strictObject({
    date: z.iso.date().optional().describe("today when left out"),
    day_start: clock.default("09:00"),
    day_end: clock.default("18:00"),
    minutes: z.int().min(5).max(480).default(30).describe("shorter gaps are not free time"),
  }),
  output: z.object({
    date: z.string(),
    time_zone: z.string(),
    whole_day: z.array(z.string()),
    entries: z.array(
      z.object({
        kind: z.enum(["event", "travel", "free"]),
        title: z.string(),
        when: z.string(),
        minutes: z.int(),
        event_id: z.string().nullable(),
        location: z.string().nullable(),
        problems: z.array(z.string()),
      }),
    ),
    free_minutes: z.int(),
    notes: z.array(z.string()),
  }),
  questions: ["Plan my day", "Plan my day tomorrow", "How should I organise today?", "Make a plan for Friday"],
  async execute({ date, day_start: dayStart, day_end: dayEnd, minutes }, { viewer, signal }) {
    if (dayEnd <= dayStart) throw new AppError("invalid", "The end of the day must be after its start.");
    const plan = await getDayPlan({ viewer, signal, now: new Date() }, { date, dayStart, dayEnd, minutes });
    const isTainted = plan.wholeDay.length > 0 || plan.entries.some(({ kind }) => kind === "event");
    return {
      kind: "done",
      output: {
        ...{
          date: plan.date,
          time_zone: plan.timeZone,
          whole_day: plan.wholeDay,
          free_minutes: plan.freeMinutes,
          notes: plan.notes,
        },
        entries: plan.entries.map(({ kind, title, when, minutes: length, eventId, location, problems }) => ({
          ...{ kind, title, when, minutes: length, event_id: eventId, location, problems },
        })),
      },
      tainted: isTainted,
      source: isTainted ? "the events of your calendars" : "your calendars",
    };
  },
});
