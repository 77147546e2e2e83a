import { z } from "zod";
import { getBriefing } from "@/lib/context/briefing";
import { defineTool } from "../define-tool";

/** A day in words that are made by code. */
export const getDailyBriefing = defineTool({
  name: "get_daily_briefing",
  title: "Brief you on the day",
  description:
    "The person's day in finished sentences: what needs them now, what is coming, this month's money, the weather, and what could not be read. All figures are exact; repeat them as they are. Today unless a date is given.",
  effect: "read",
  idempotency: "read",
  timeoutMs: 30_000,
  quotes: "your calendars, accounts and modules",
  input: z.strictObject({ date: z.iso.date().optional().describe("such as 2026-11-30; today when left out") }),
  output: z.object({
    date: z.string(),
    time_zone: z.string(),
    headline: z.string(),
    needs_you: z.array(z.string()),
    coming: z.array(z.string()),
    money: z.array(z.string()),
    weather: z.string().nullable(),
    more: z.array(z.string()),
    missing: z.array(z.string()),
    text: z.string(),
  }),
  questions: [
    "What does my day look like?",
    "Give me my daily briefing",
    "Brief me",
    "What is my day like?",
    "Good morning, what is ahead today?",
    "How does tomorrow look?",
  ],
  async execute({ date }, { viewer, signal }) {
    const briefing = await getBriefing(viewer, { signal, ...(date === undefined ? {} : { date }) });
    const { coming, more, needsYou, hasFailure } = briefing;
    const isTainted = hasFailure || [coming, more, needsYou].some((lines) => lines.length > 0);
    return {
      kind: "done",
      output: {
        ...{ date: briefing.date, time_zone: briefing.timeZone, headline: briefing.headline, coming: briefing.coming },
        ...{ money: briefing.money, weather: briefing.weather, more: briefing.more, missing: briefing.gaps },
        needs_you: briefing.needsYou.map(({ text }) => text),
        text: briefing.text,
      },
      // Events have titles that others wrote.
      tainted: isTainted,
      source: isTainted ? "your calendars, accounts and modules" : "your day",
    };
  },
});
