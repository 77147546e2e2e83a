import { z } from "zod";
import { spanOfDays } from "@/lib/connections/calendar/event-times";
import { addDays, dayIn } from "@/lib/contracts/day";
import { AppError } from "@/lib/contracts/errors";
import { listEvents } from "@/lib/db/calendar/events";
import { defineTool } from "../define-tool";
import { describeCalendars } from "./calendar-source";
import { showEvent, shownEventSchema } from "./show-event";

const maxDays = 370;
const maxShown = 200;

/** What is on, from one day to another. */
export const listEventsTool = defineTool({
  name: "list_events",
  title: "Look at the calendar",
  description:
    "The events of the person's calendars from one day to another, both included, in their time zone. Today when no day is given. Use it for anything about their schedule, meetings or appointments.",
  effect: "read",
  idempotency: "read",
  timeoutMs: 10_000,
  quotes: "your calendars",
  input: z.strictObject({
    from: z.iso.date().optional().describe("first day, such as 2026-11-30; today when left out"),
    to: z.iso.date().optional().describe("last day, included; the first day when left out"),
  }),
  output: z.object({
    from: z.string(),
    to: z.string(),
    time_zone: z.string(),
    events: z.array(shownEventSchema),
    total: z.int(),
    problems: z.array(z.string()),
  }),
  questions: [
    "What is on tomorrow?",
    "What is on my calendar today?",
    "What is on my calendar on Friday?",
    "Do I have any meetings on Friday?",
    "Show my appointments next week",
    "What does my week look like?",
    "What are my events on 3 May?",
    "Am I free on Monday?",
  ],
  async execute({ from, to }, { viewer, timeZone }) {
    const { source, problems } = await describeCalendars(viewer, timeZone);
    const first = from ?? dayIn(new Date(), timeZone);
    const last = to ?? first;
    if (last < first) throw new AppError("invalid", "The last day is before the first.");
    if (addDays(first, maxDays) < last) throw new AppError("invalid", `At most ${maxDays} days can be listed at once.`);
    const events = await listEvents(viewer, spanOfDays(first, addDays(last, 1), timeZone));
    return {
      kind: "done",
      output: {
        ...{ from: first, to: last, time_zone: timeZone, problems, total: events.length },
        events: events.slice(0, maxShown).map((event) => showEvent(event, timeZone)),
      },
      // Anybody can send an invitation: titles and descriptions are other people's words.
      tainted: events.length > 0,
      source,
    };
  },
});
