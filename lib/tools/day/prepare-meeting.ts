import { z } from "zod";
import { clockSpan } from "@/lib/context/clock";
import { prepareMeeting } from "@/lib/context/meeting-prep";
import { defineTool } from "../define-tool";
import { eventReferenceSchema } from "../calendar/event-reference";
import { showEvent, shownEventSchema } from "../calendar/show-event";

/** What to know before a meeting. */
export const prepareMeetingTool = defineTool({
  name: "prepare_meeting",
  title: "Prepare a meeting",
  description:
    "What is known about one event of the person's calendar: when and where, who comes, what the person has kept about its topic and its people, related events, and what overlaps. The next event with other people unless one is named.",
  effect: "read",
  idempotency: "read",
  timeoutMs: 10_000,
  quotes: "your calendars",
  input: z.strictObject({
    event: eventReferenceSchema.optional().describe("event_id, or words of its title; the next meeting when left out"),
  }),
  output: z.object({
    event: shownEventSchema,
    minutes_to_start: z.int(),
    people: z.array(z.string()),
    knowledge: z.array(
      z.object({ document_id: z.string(), title: z.string(), excerpt: z.string(), source: z.string().nullable() }),
    ),
    related: z.array(z.object({ event_id: z.string(), title: z.string(), when: z.string() })),
    overlaps: z.array(z.string()),
  }),
  questions: [
    "Prepare me for my next meeting",
    "What do I need to know for the budget review?",
    "Who is in my next meeting?",
    "Get me ready for the call with Ann",
  ],
  async execute({ event: reference }, { viewer }) {
    const prep = await prepareMeeting(viewer, reference, new Date());
    const { event, timeZone } = prep;
    return {
      kind: "done",
      output: {
        event: showEvent(event, timeZone),
        minutes_to_start: prep.minutesToStart,
        people: prep.people,
        knowledge: prep.knowledge.map(({ documentId, title, excerpt, source }) => ({
          document_id: documentId,
          title,
          excerpt,
          source,
        })),
        related: prep.related.map((other) => {
          const { event_id: eventId, title, when } = showEvent(other, timeZone);
          return { event_id: eventId, title, when };
        }),
        overlaps: prep.overlaps.map(({ title, start, end }) =>
          "at" in start && "at" in end ? `${title} (${clockSpan(start.at, end.at, timeZone)})` : title,
        ),
      },
      // Whoever sent the invitation wrote it.
      tainted: true,
      source: `the event ${event.title} of your calendar`,
    };
  },
});
