import { calendarEventSchema, navigationRouteSchema } from "@/lib/contracts/canonical";
import type { Context, ContextItem } from "@/lib/contracts/context";
import { rankHealth, readHealth } from "./health";
import { compareItems, rankEvent, rankFinance, rankRoute, rankWeather, type When } from "./relevance";

type Known = Pick<Context, "calendar" | "finance" | "weather" | "navigation" | "modules">;

/** Everything in the context by how much it matters now, most important first. The same context gives the same order. */
export function rankContext(context: Known, when: When): ContextItem[] {
  const { calendar, finance, weather, navigation, modules } = context;
  const items = [
    ...(calendar?.data?.events.map((event) => rankEvent(event, when)) ?? []),
    ...(finance?.data ? rankFinance(finance.data, when) : []),
    ...(weather?.data ? [rankWeather(weather.data.report, when)] : []),
    ...(navigation?.data ? [rankRoute(navigation.data.route, navigation.data.to)] : []),
    ...modules.flatMap((module) => rankModule(module, when)),
  ];
  return items.sort(compareItems);
}

/** What a module brought is ranked by what it says it is; what it is not stays low, and nothing of it can break the rest. */
function rankModule(module: Context["modules"][number], when: When): ContextItem[] {
  const items = module.data?.items ?? [];
  switch (module.canonical) {
    case "CalendarEvent":
      return items.flatMap((item) => {
        const event = calendarEventSchema.safeParse(item).data;
        return event && event.status !== "cancelled"
          ? [{ ...rankEvent(event, when), id: `event:${module.module}:${event.id}` }]
          : [];
      });
    case "HealthSummary":
    case "HealthMetric":
      return rankHealth(readHealth(module.canonical, items), module.module);
    case "NavigationRoute":
      return items.flatMap((item) => {
        const route = navigationRouteSchema.safeParse(item).data;
        return route
          ? [
              {
                ...rankRoute(route, route.destination.name ?? "where you go"),
                id: `route:${module.module}:${route.id}`,
              },
            ]
          : [];
      });
    default:
      return items.length === 0
        ? []
        : [
            {
              id: `module:${module.module}:${module.operation}`,
              category: module.category,
              priority: "low",
              score: 5,
              title: `${module.title}: ${items.length === 1 ? "1 entry" : `${items.length} entries`}`,
              detail: null,
              at: module.asOf,
            },
          ];
  }
}
