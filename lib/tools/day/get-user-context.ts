import { z } from "zod";
import { getContext } from "@/lib/context/aggregate";
import type { Context } from "@/lib/contracts/context";
import { formatMinor } from "@/lib/contracts/money";
import { defineTool } from "../define-tool";
import { showEvent } from "../calendar/show-event";
import { describeOutside } from "./outside-text";

const maxItems = 15;
const maxEvents = 30;

const state = {
  state: z.enum(["fresh", "stale", "failed", "none"]),
  as_of: z.string().nullable(),
  source: z.string(),
  problem: z.string().nullable(),
};

/** Everything at once: calendar, money, weather, the next way, and what modules know. */
export const getUserContext = defineTool({
  name: "get_user_context",
  title: "Look at everything",
  description:
    "What is known of the person right now: events of the next days, this month's money by currency, weather at home, the next way, and what their modules bring, each with how fresh it is and where it comes from; the most important first. Use it for questions about several of these at once. `categories` narrows it: calendar, finance, weather, navigation, health, gaming or a module's own.",
  effect: "read",
  idempotency: "read",
  timeoutMs: 30_000,
  quotes: "your calendars, accounts and modules",
  input: z.strictObject({
    categories: z.array(z.string().trim().min(1).max(40)).max(20).optional().describe("all when left out"),
  }),
  output: z.object({
    at: z.string(),
    time_zone: z.string(),
    alerts: z.array(z.string()),
    important: z.array(z.object({ priority: z.string(), category: z.string(), what: z.string() })),
    sections: z.array(z.object({ category: z.string(), ...state, data: z.json() })),
  }),
  questions: [
    "How are things?",
    "Give me the full status",
    "What should I know right now?",
    "What is going on?",
    "Show me everything at once",
  ],
  async execute({ categories }, { viewer, signal }) {
    const wanted = categories?.map((name) => name.toLowerCase());
    const context = await getContext(viewer, { signal, ...(wanted ? { categories: wanted } : {}) });
    const outside = describeOutside(context);
    return {
      kind: "done",
      output: showContext(context),
      tainted: outside !== null,
      source: outside ?? "your context",
    };
  },
});

function showContext(context: Context) {
  const { calendar, finance, weather, navigation, modules } = context;
  const head = (
    category: string,
    section: { state: string; asOf: string | null; source: string; problem: string | null },
  ) => ({
    ...{ category, state: section.state, as_of: section.asOf, source: section.source, problem: section.problem },
  });
  return {
    at: context.at,
    time_zone: context.timeZone,
    alerts: context.alerts.map(({ text }) => text),
    important: context.items.slice(0, maxItems).map(({ priority, category, title, detail }) => ({
      priority,
      category,
      what: detail ? `${title} (${detail})` : title,
    })),
    sections: [
      ...(calendar
        ? [
            {
              ...head("calendar", calendar),
              data:
                calendar.data?.events.slice(0, maxEvents).map((event) => showEvent(event, context.timeZone)) ?? null,
            },
          ]
        : []),
      ...(finance ? [{ ...head("finance", finance), data: finance.data && showFinance(finance.data) }] : []),
      ...(weather ? [{ ...head("weather", weather), data: weather.data?.line ?? null }] : []),
      ...(navigation ? [{ ...head("navigation", navigation), data: navigation.data && showWay(navigation.data) }] : []),
      ...modules.map((module) => ({ ...head(module.category, module), data: module.data?.items ?? null })),
    ],
  };
}

/** Amounts in words: a model does not divide by a hundred. */
function showFinance({
  period,
  totals,
  topCategories,
  pending,
  basis,
}: NonNullable<NonNullable<Context["finance"]>["data"]>) {
  return {
    from: period.from,
    to: period.to,
    by_currency: totals.map(({ currency, inMinor, outMinor, netMinor }) => ({
      currency,
      in: formatMinor(inMinor, currency),
      out: formatMinor(outMinor, currency),
      net: formatMinor(netMinor, currency),
    })),
    spent_most_on: topCategories.map(({ category, totals: spent }) => ({
      category,
      spent: spent.map(({ outMinor, currency }) => formatMinor(outMinor, currency)),
    })),
    pending: pending.count,
    basis,
  };
}

function showWay({ from, to, route, event, departure }: NonNullable<NonNullable<Context["navigation"]>["data"]>) {
  return {
    ...{
      from,
      to,
      minutes: Math.round(route.durationSeconds / 60),
      traffic: route.traffic,
      transport: route.transport,
    },
    event: event?.title ?? null,
    leave: departure?.text ?? null,
  };
}
