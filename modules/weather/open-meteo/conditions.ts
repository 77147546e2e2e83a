import type { WeatherCondition } from "@burgeon/sdk";

/** WMO weather interpretation codes, as Open-Meteo documents them: first code of a group, its condition and words. */
const groups: [from: number, condition: WeatherCondition, words: string][] = [
  [0, "clear", "clear sky"],
  [1, "clear", "mainly clear"],
  [2, "clouds", "partly cloudy"],
  [3, "clouds", "overcast"],
  [45, "fog", "fog"],
  [48, "fog", "depositing rime fog"],
  [51, "drizzle", "light drizzle"],
  [53, "drizzle", "moderate drizzle"],
  [55, "drizzle", "dense drizzle"],
  [56, "drizzle", "freezing drizzle"],
  [61, "rain", "slight rain"],
  [63, "rain", "moderate rain"],
  [65, "rain", "heavy rain"],
  [66, "rain", "freezing rain"],
  [71, "snow", "slight snowfall"],
  [73, "snow", "moderate snowfall"],
  [75, "snow", "heavy snowfall"],
  [77, "snow", "snow grains"],
  [80, "rain", "slight rain showers"],
  [81, "rain", "moderate rain showers"],
  [82, "rain", "violent rain showers"],
  [85, "snow", "snow showers"],
  [95, "thunderstorm", "thunderstorm"],
  [96, "thunderstorm", "thunderstorm with hail"],
];

export function conditionOf(code: number | null | undefined): WeatherCondition {
  return find(code)?.[1] ?? "clouds";
}

export function describeCode(code: number | null | undefined): string {
  return find(code)?.[2] ?? "unknown";
}

function find(code: number | null | undefined) {
  if (code === null || code === undefined) return undefined;
  return groups.findLast(([from]) => from <= code);
}
