import { z } from "zod";
import { searchEvents } from "@/lib/db/calendar/events";
import { defineTool } from "../define-tool";
import { describeCalendars } from "./calendar-source";
import { showEvent, shownEventSchema } from "./show-event";

/** Finds events by their words, whenever they are. */
export const searchEventsTool = defineTool({
  name: "search_events",
  title: "Search the calendar",
  description:
    "Finds events of the person's calendars by words of their title, place or description, nearest to now first, past and future.",
  effect: "read",
  idempotency: "read",
  timeoutMs: 10_000,
  quotes: "your calendars",
  input: z.strictObject({
    query: z.string().trim().min(1).max(200).describe("words of the event, such as dentist"),
    limit: z.int().min(1).max(50).default(10),
  }),
  output: z.object({ events: z.array(shownEventSchema), problems: z.array(z.string()) }),
  questions: [
    "When is my dentist appointment?",
    "Find the budget review in my calendar",
    "When is the next stand-up?",
    "Search my calendar for yoga",
  ],
  async execute({ query, limit }, { viewer, timeZone }) {
    const { source, problems } = await describeCalendars(viewer, timeZone);
    const events = await searchEvents(viewer, query, limit, new Date());
    return {
      kind: "done",
      output: { events: events.map((event) => showEvent(event, timeZone)), problems },
      tainted: events.length > 0,
      source,
    };
  },
});
