import type { WeatherReport } from "../../contracts/open-data";

type Condition = WeatherReport["current"]["condition"];

/** WMO code table 4677, as far as Open-Meteo uses it (open-meteo.com/en/docs, "WMO Weather interpretation codes"). */
const meanings: Record<number, [Condition, string]> = {
  0: ["clear", "Clear sky"],
  1: ["clear", "Mainly clear"],
  2: ["clouds", "Partly cloudy"],
  3: ["clouds", "Overcast"],
  45: ["fog", "Fog"],
  48: ["fog", "Depositing rime fog"],
  51: ["drizzle", "Light drizzle"],
  53: ["drizzle", "Drizzle"],
  55: ["drizzle", "Dense drizzle"],
  56: ["drizzle", "Light freezing drizzle"],
  57: ["drizzle", "Freezing drizzle"],
  61: ["rain", "Light rain"],
  63: ["rain", "Rain"],
  65: ["rain", "Heavy rain"],
  66: ["rain", "Light freezing rain"],
  67: ["rain", "Freezing rain"],
  71: ["snow", "Light snow"],
  73: ["snow", "Snow"],
  75: ["snow", "Heavy snow"],
  77: ["snow", "Snow grains"],
  80: ["rain", "Light rain showers"],
  81: ["rain", "Rain showers"],
  82: ["rain", "Violent rain showers"],
  85: ["snow", "Light snow showers"],
  86: ["snow", "Heavy snow showers"],
  95: ["thunderstorm", "Thunderstorm"],
  96: ["thunderstorm", "Thunderstorm with light hail"],
  99: ["thunderstorm", "Thunderstorm with heavy hail"],
};
/** The tens of the same table, for codes that Open-Meteo does not use today. */
const groups: Condition[] = ["haze", "mist", "rain", "haze", "fog", "drizzle", "rain", "snow", "rain", "thunderstorm"];

/** What a code means, in our words; without a description where it is not one of Open-Meteo's. */
export function readWeatherCode(code: number): { condition: Condition; description?: string } {
  const known = meanings[code];
  if (known) return { condition: known[0], description: known[1] };
  return { condition: groups[Math.floor(code / 10)] ?? "clouds" };
}
