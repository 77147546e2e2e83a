import type { WeatherLine } from "@/lib/contracts/context";
import { dayIn } from "@/lib/contracts/day";
import type { WeatherReport } from "@/lib/contracts/open-data";
import { clockThere } from "./clock";
import type { When } from "./relevance";

/** From here on rain is worth a word. */
const likely = 0.5;
const aheadMs = 16 * 60 * 60_000;
const wet = ["rain", "drizzle", "thunderstorm", "snow", "extreme"];

/**
 * Weather in one line: now, the day's extremes, and when it will rain. Times are those of the place.
 * @param where "at home", "in Ottawa"
 */
export function describeWeather(
  report: WeatherReport,
  where: string,
  { now, timeZone: readerZone }: When,
): WeatherLine {
  const { current, timeZone } = report;
  const today = report.daily.find(({ at }) => at === dayIn(now, timeZone));
  const condition = current.description ?? current.condition;
  const nowCelsius = Math.round(current.temperatureCelsius) + 0;
  const high = rounded(today?.temperatureMaxCelsius);
  const low = rounded(today?.temperatureMinCelsius);
  const felt = rounded(current.feelsLikeCelsius);
  const rain = describeRain(report, now, readerZone);
  const parts = [
    `${nowCelsius} °C and ${condition.toLowerCase()} ${where}`,
    ...(felt !== null && Math.abs(felt - nowCelsius) > 3 ? [`feels like ${felt} °C`] : []),
    ...(high !== null && low !== null ? [`${low} to ${high} °C today`] : []),
    ...(rain === null ? [] : [rain]),
  ];
  return {
    condition: current.condition,
    nowCelsius,
    highCelsius: high,
    lowCelsius: low,
    rain,
    text: `${parts.join("; ")}.`,
  };
}

/** The forecast of a day to come, null when it lies too far ahead. Without `where` in a list that has said it. */
export function describeForecast(report: WeatherReport, where: string | null, date: string): string | null {
  const day = report.daily.find(({ at }) => at === date);
  if (!day) return null;
  const [low, high] = [rounded(day.temperatureMinCelsius), rounded(day.temperatureMaxCelsius)];
  const range = low === null || high === null ? `${Math.round(day.temperatureCelsius)} °C` : `${low} to ${high} °C`;
  const chance = day.precipitationProbability ?? 0;
  return `${range} and ${day.condition}${where === null ? "" : ` ${where}`}${chance >= likely ? `; ${wordFor(day.condition)} likely (${percent(chance)})` : ""}.`;
}

function describeRain({ hourly, timeZone, current }: WeatherReport, now: Date, readerZone: string): string | null {
  const next = hourly.filter(({ at }) => {
    const ahead = Date.parse(at) - now.getTime();
    return ahead > -60 * 60_000 && ahead < aheadMs;
  });
  const first = next.find(({ precipitationProbability = 0 }) => precipitationProbability >= likely);
  if (!first) return null;
  const chance = `${wordFor(first.condition)} likely`;
  const isNow = wet.includes(current.condition) || Date.parse(first.at) <= now.getTime();
  const when = isNow ? "now" : `from ${clockThere(first.at, timeZone, readerZone)}`;
  return `${chance} ${when} (${percent(first.precipitationProbability ?? 0)})`;
}

/** An hour may be likely to be wet under a sky that is only said to be cloudy. */
function wordFor(condition: string): string {
  return wet.includes(condition) && condition !== "extreme" ? condition : "rain";
}

const percent = (share: number) => `${Math.round(share * 100)} %`;
const rounded = (value: number | undefined): number | null => (value === undefined ? null : Math.round(value) + 0);
