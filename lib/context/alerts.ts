import type { Alert, Context } from "@/lib/contracts/context";
import { formatMinor } from "@/lib/contracts/money";
import { clockIn, clockThere, spanOf } from "./clock";
import { readHealth } from "./health";
import { findRain, isExtreme, type When } from "./relevance";

type Known = Partial<Pick<Context, "calendar" | "finance" | "weather" | "navigation" | "modules">>;

/** What a person should be told without asking, as sentences, the most pressing first. Figures are put in by code. */
export function listAlerts(context: Known, when: When): Alert[] {
  return [
    ...eventAlerts(context, when),
    ...routeAlerts(context),
    ...financeAlerts(context),
    ...weatherAlerts(context, when),
    ...healthAlerts(context),
  ];
}

export function eventAlerts({ calendar }: Known, { now, timeZone }: When): Alert[] {
  return (calendar?.data?.events ?? []).flatMap((event) => {
    const { from, isWholeDay } = spanOf(event, timeZone);
    const minutes = Math.ceil((from - now.getTime()) / 60_000);
    if (isWholeDay || minutes <= 0 || minutes >= 120) return [];
    const text = `${event.title} begins in ${minutes === 1 ? "1 minute" : `${minutes} minutes`}, at ${clockIn(new Date(from), timeZone)}.`;
    return [{ kind: "event", text, href: "/calendar" }];
  });
}

export function financeAlerts({ finance }: Known): Alert[] {
  const data = finance?.data;
  if (!data) return [];
  const { totals, pending } = data;
  return [
    ...totals
      .filter(({ netMinor }) => netMinor < 0)
      .map(({ currency, netMinor }) => ({
        kind: "budget",
        text: `This month ${formatMinor(-netMinor, currency)} more went out than came in.`,
        href: "/money",
      })),
    ...(pending.count > 0
      ? [
          {
            kind: "pending",
            text: pending.count === 1 ? "1 transaction is pending." : `${pending.count} transactions are pending.`,
            href: "/money?pending=true",
          },
        ]
      : []),
  ];
}

export function routeAlerts({ navigation }: Known): Alert[] {
  const data = navigation?.data;
  if (!data) return [];
  const { departure, event, route, to } = data;
  return [
    ...(departure && event && departure.state !== "later"
      ? [{ kind: "leave", text: `${event.title}: ${departure.text.replace(/^L/, "l")}.`, href: "/calendar" }]
      : []),
    ...(route.traffic === "heavy" || route.traffic === "blocked"
      ? [{ kind: "traffic", text: `Traffic on the way to ${to} is ${route.traffic}.`, href: null }]
      : []),
  ];
}

export function weatherAlerts({ weather }: Known, { now, timeZone: readerZone }: When): Alert[] {
  const data = weather?.data;
  if (!data) return [];
  const { current, timeZone } = data.report;
  const rain = findRain(data.report, now);
  const chance = Math.round((rain?.precipitationProbability ?? 0) * 100);
  return [
    ...(isExtreme(current.temperatureCelsius)
      ? [
          {
            kind: "temperature",
            text: `It is ${Math.round(current.temperatureCelsius)} °C at ${data.placeName}.`,
            href: null,
          },
        ]
      : []),
    ...(rain
      ? [
          {
            kind: "rain",
            text: `${word(rain.condition)} is very likely at ${data.placeName} ${Date.parse(rain.at) <= now.getTime() ? "now" : `from ${clockThere(rain.at, timeZone, readerZone)}`} (${chance} %).`,
            href: null,
          },
        ]
      : []),
  ];
}

export function healthAlerts({ modules = [] }: Known): Alert[] {
  return modules.flatMap(({ canonical, data, title, module }) => {
    const health = readHealth(canonical, data?.items ?? []);
    if (!health) return [];
    const href = `/modules/${module}`;
    return [
      ...(health.hrv !== undefined && health.hrv < 40
        ? [{ kind: "hrv", text: `Heart rate variability is low: ${Math.round(health.hrv)} ms (${title}).`, href }]
        : []),
      ...(health.readinessScore !== undefined && health.readinessScore < 50
        ? [
            {
              kind: "readiness",
              text: `Readiness is low: ${Math.round(health.readinessScore)} of 100 (${title}).`,
              href,
            },
          ]
        : []),
    ];
  });
}

function word(condition: string): string {
  return condition === "extreme" ? "Extreme weather" : `${condition.slice(0, 1).toUpperCase()}${condition.slice(1)}`;
}
