import type { EventView } from "@/lib/contracts/calendar";
import type { ContextItem, FinanceContext, Priority } from "@/lib/contracts/context";
import { dayIn, shortDay } from "@/lib/contracts/day";
import { formatMinor } from "@/lib/contracts/money";
import type { NavigationRoute, WeatherReport } from "@/lib/contracts/open-data";
import { clockIn, spanOf } from "./clock";
import { wayText } from "./leave-time";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** From these on weather is a thing to know of before one goes out. */
export const extremeCelsius = { low: -20, high: 35 };
export const likelyRain = 0.7;
const rainAheadMs = 12 * hourMs;
const wet = ["rain", "drizzle", "thunderstorm", "snow", "extreme"];

export interface When {
  now: Date;
  timeZone: string;
}

const order: Record<Priority, number> = { high: 0, medium: 1, low: 2 };

export function compareItems(a: ContextItem, b: ContextItem): number {
  return order[a.priority] - order[b.priority] || b.score - a.score || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** Within two hours it is urgent, the more the nearer; within a day it is worth knowing; what is over is not. */
export function rankEvent(
  event: Pick<EventView, "id" | "title" | "start" | "end">,
  { now, timeZone }: When,
): ContextItem {
  const { from, to, isWholeDay } = spanOf(event, timeZone);
  const minutes = (from - now.getTime()) / minuteMs;
  const [priority, score] = rankTime(minutes, (to - now.getTime()) / minuteMs, isWholeDay);
  const day = dayIn(new Date(from), timeZone);
  const isToday = day === dayIn(now, timeZone);
  const detail = isWholeDay
    ? `${isToday ? "today" : shortDay(day)}, whole day`
    : `${isToday ? "" : `${shortDay(day)}, `}${clockIn(new Date(from), timeZone)}`;
  return {
    id: `event:${event.id}`,
    category: "calendar",
    priority,
    score,
    title: event.title,
    detail,
    at: new Date(from).toISOString(),
  };
}

function rankTime(minutes: number, minutesToEnd: number, isWholeDay: boolean): [Priority, number] {
  if (minutes <= 0) return minutesToEnd > 0 ? ["medium", 50] : ["low", 0];
  // A whole day begins at midnight, and nobody has to be anywhere then.
  if (minutes < 120 && !isWholeDay) return ["high", Math.max(0, 100 - minutes)];
  return minutes < 24 * 60 ? ["medium", 50] : ["low", 10];
}

/** Each currency for itself: what one lost is no comfort to the other. */
export function rankFinance(
  { totals, pending, recent, period }: Pick<FinanceContext, "totals" | "pending" | "recent" | "period">,
  { now, timeZone }: When,
): ContextItem[] {
  const item = (
    id: string,
    priority: Priority,
    score: number,
    title: string,
    detail: string | null = null,
    at: string | null = null,
  ) => ({ id: `finance:${id}`, category: "finance", priority, score, title, detail, at }) satisfies ContextItem;
  const yesterday = dayIn(new Date(now.getTime() - 24 * hourMs), timeZone);
  const money = (minor: number, currency: string) => formatMinor(minor, currency);
  return [
    ...totals.map(({ currency, netMinor, inMinor, outMinor }) => {
      const detail = `in ${money(inMinor, currency)}, out ${money(outMinor, currency)} since ${shortDay(period.from)}`;
      return netMinor < 0
        ? item(
            `net:${currency}`,
            "high",
            80,
            `${money(-netMinor, currency)} more went out than came in this month`,
            detail,
          )
        : item(
            `net:${currency}`,
            "low",
            5,
            `${money(netMinor, currency)} more came in than went out this month`,
            detail,
          );
    }),
    ...(pending.count > 0
      ? [
          item(
            "pending",
            "high",
            70,
            pending.count === 1 ? "1 transaction is pending" : `${pending.count} transactions are pending`,
          ),
        ]
      : []),
    ...recent.map(({ id, date, company, amountMinor, currency }) =>
      date >= yesterday
        ? item(id, "medium", 40, company, money(amountMinor, currency), date)
        : item(id, "low", 5, company, money(amountMinor, currency), date),
    ),
  ];
}

export function rankWeather(
  report: Pick<WeatherReport, "current" | "hourly">,
  { now }: Pick<When, "now">,
): ContextItem {
  const { temperatureCelsius, condition, description } = report.current;
  const item = (priority: Priority, score: number) =>
    ({
      id: "weather:now",
      category: "weather",
      priority,
      score,
      title: description ?? condition,
      detail: `${Math.round(temperatureCelsius) + 0} °C`,
      at: report.current.at,
    }) satisfies ContextItem;
  if (isExtreme(temperatureCelsius) || condition === "extreme") return item("high", 70);
  if (condition === "thunderstorm") return item("high", 60);
  return findRain(report, now) ? item("medium", 55) : item("low", 10);
}

export const isExtreme = (celsius: number): boolean => celsius < extremeCelsius.low || celsius > extremeCelsius.high;

/** The first hour of the next twelve in which rain or snow is more than likely. */
export function findRain({ hourly }: Pick<WeatherReport, "hourly">, now: Date): WeatherReport["hourly"][number] | null {
  const isNear = (at: string) =>
    Date.parse(at) > now.getTime() - hourMs && Date.parse(at) < now.getTime() + rainAheadMs;
  return (
    hourly.find(
      ({ at, condition, precipitationProbability = 0 }) =>
        isNear(at) && precipitationProbability > likelyRain && wet.includes(condition),
    ) ?? null
  );
}

export function rankRoute(
  route: Pick<NavigationRoute, "id" | "traffic" | "durationSeconds" | "transport">,
  to: string,
): ContextItem {
  const [priority, score] = trafficRanks[route.traffic];
  const detail = route.traffic === "unknown" ? null : `${route.traffic} traffic`;
  return {
    id: `route:${route.id}`,
    category: "navigation",
    priority,
    score,
    title: `${wayText(route)} to ${to}`,
    detail,
    at: null,
  };
}

const trafficRanks: Record<NavigationRoute["traffic"], [Priority, number]> = {
  blocked: ["high", 65],
  heavy: ["high", 65],
  moderate: ["medium", 25],
  light: ["medium", 25],
  unknown: ["low", 5],
};
