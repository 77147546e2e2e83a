import { z } from "zod";
import { longDay } from "@/lib/context/clock";
import { describeForecast, describeWeather } from "@/lib/context/weather-line";
import { findOwnPlace, ownPlace, resolvePlace, whereText } from "@/lib/context/own-places";
import { type Ask, readWeather } from "@/lib/context/sources/open-data";
import type { When } from "@/lib/context/relevance";
import { AppError } from "@/lib/contracts/errors";
import { dayIn } from "@/lib/contracts/day";
import type { WeatherReport } from "@/lib/contracts/open-data";
import { listPlaces } from "@/lib/db/places";
import { defineTool } from "../define-tool";

const hoursShown = 24;

/** Weather now and for the next days. */
export const getWeather = defineTool({
  name: "get_weather",
  title: "Look up the weather",
  description:
    "Weather of a place now, for the next 24 hours and for seven days: temperature, feels-like, wind, rain and how likely it is. At home unless a place is given: one of the person's own places or any town. The summary tells of now, or of the days from `from` to `to`.",
  effect: "read",
  idempotency: "read",
  timeoutMs: 20_000,
  input: z.strictObject({
    place: z.string().trim().min(1).max(200).optional().describe("such as Ottawa or work; home when left out"),
    from: z.iso.date().optional().describe("first day of a forecast, such as 2026-11-30; now when left out"),
    to: z.iso.date().optional().describe("its last day; the first one when left out"),
  }),
  output: z.object({
    place: z.string(),
    time_zone: z.string(),
    as_of: z.string(),
    summary: z.string(),
    now: z.object({
      celsius: z.number(),
      feels_like_celsius: z.number().nullable(),
      condition: z.string(),
      humidity_percent: z.number().nullable(),
      wind_kmh: z.number().nullable(),
    }),
    hours: z.array(
      z.object({ at: z.string(), celsius: z.number(), condition: z.string(), rain_probability: z.number().nullable() }),
    ),
    days: z.array(z.object({ date: z.string(), summary: z.string(), rain_probability: z.number().nullable() })),
    problem: z.string().nullable(),
  }),
  questions: [
    "What is the weather like?",
    "What is the weather in Ottawa?",
    "Do I need an umbrella?",
    "Will it rain tomorrow?",
    "How cold is it outside?",
    "What is the temperature in Berlin?",
    "What is the forecast for the weekend?",
  ],
  async execute({ place, from, to }, { viewer, signal, timeZone }) {
    const ask: Ask = { viewer, signal, now: new Date() };
    const places = await listPlaces(viewer);
    const home = findOwnPlace(places, "home");
    if (place === undefined && !home)
      throw new AppError("invalid", "Burgeon does not know which place you mean.", {
        hint: "Say a town, or set home under Settings › Places & profile.",
      });
    const known = place === undefined && home ? ownPlace(home) : await resolvePlace(ask, places, place ?? "home");
    const { value: report, readAt, failure } = await readWeather(ask, known.point);
    const { current } = report;
    return {
      kind: "done",
      output: {
        place: known.name,
        time_zone: report.timeZone,
        as_of: readAt.toISOString(),
        summary:
          describeDays(report, whereText(known), { now: ask.now, timeZone, from, to }) ??
          describeWeather(report, whereText(known), { now: ask.now, timeZone }).text,
        now: {
          celsius: current.temperatureCelsius,
          feels_like_celsius: current.feelsLikeCelsius ?? null,
          condition: current.description ?? current.condition,
          humidity_percent: current.humidityPercent ?? null,
          wind_kmh: current.windMetersPerSecond === undefined ? null : Math.round(current.windMetersPerSecond * 3.6),
        },
        hours: report.hourly
          .slice(0, hoursShown)
          .map(({ at, temperatureCelsius, condition, precipitationProbability }) => ({
            ...{ at, celsius: temperatureCelsius, condition, rain_probability: precipitationProbability ?? null },
          })),
        days: report.daily.map(({ at, precipitationProbability }) => ({
          date: at,
          summary: describeForecast(report, whereText(known), at) ?? "",
          rain_probability: precipitationProbability ?? null,
        })),
        problem:
          failure instanceof AppError
            ? failure.message
            : failure === null
              ? null
              : "The newest weather could not be read.",
      },
      source: `Open-Meteo, for ${known.name}`,
    };
  },
});

interface Days extends When {
  from: string | undefined;
  to: string | undefined;
}

/**
 * A line for each of the days, by the place's own calendar, or null when only today is meant, which is told as it is now. Today of
 * the person who asks is today there.
 * @throws AppError invalid for days that no forecast reaches, and for a span that ends before it begins
 */
function describeDays(report: WeatherReport, where: string, { now, timeZone, from, to }: Days): string | null {
  const [today, ownToday] = [dayIn(now, report.timeZone), dayIn(now, timeZone)];
  const there = (day: string) => (day === ownToday ? today : day);
  const first = there(from ?? ownToday);
  const last = there(to ?? from ?? ownToday);
  if (first === today && last === today) return null;
  if (last < first) throw new AppError("invalid", `There is no day from ${first} to ${last}.`);
  const end = report.daily.at(-1)?.at ?? today;
  const [only, ...others] = report.daily.filter(({ at }) => at >= today && at >= first && at <= last);
  const reach = `The forecast reaches ${longDay(end)}`;
  if (!only)
    throw new AppError("invalid", `${reach}, and ${longDay(first)} ${first.slice(0, 4)} lies outside it.`, {
      hint: "Ask for a day of this coming week.",
    });
  const more = last > end ? `${reach}.` : "";
  if (others.length === 0)
    return `${longDay(only.at)}: ${describeForecast(report, where, only.at)}${more && ` ${more}`}`;
  const lines = [only, ...others].map(({ at }) => `- ${longDay(at)}: ${describeForecast(report, null, at)}`);
  return [`The forecast ${where}:`, lines.join("\n"), more].filter(Boolean).join("\n\n");
}
