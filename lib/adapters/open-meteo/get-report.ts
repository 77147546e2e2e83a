import { z } from "zod";
import type { AdapterIo } from "../../contracts/adapter";
import { AppError } from "../../contracts/errors";
import type { GeoPoint, WeatherReport } from "../../contracts/open-data";
import { env } from "../../env";
import { askJson } from "../ask-json";
import { readWeatherCode } from "./weather-code";

const hours = 48;
const days = 7;
const dayMs = 86_400_000;

/** Models reach different hours ahead: a value that a model does not have is null. */
const values = z.array(z.number().nullable());
const times = z.array(z.int());
const answerSchema = z.object({
  timezone: z.string().min(1),
  utc_offset_seconds: z.int(),
  // Asked for below; a server that does not know them would be off by a factor.
  current_units: z.object({ temperature_2m: z.literal("°C"), wind_speed_10m: z.literal("m/s") }),
  current: z.object({
    time: z.int(),
    temperature_2m: z.number(),
    apparent_temperature: z.number().nullish(),
    relative_humidity_2m: z.number().nullish(),
    pressure_msl: z.number().nullish(),
    wind_speed_10m: z.number().nullish(),
    wind_direction_10m: z.number().nullish(),
    weather_code: z.int().nullish(),
  }),
  hourly: z.object({
    time: times,
    temperature_2m: values,
    weather_code: values,
    precipitation_probability: values,
    precipitation: values,
    wind_speed_10m: values,
  }),
  daily: z.object({
    time: times,
    temperature_2m_max: values,
    temperature_2m_min: values,
    weather_code: values,
    precipitation_probability_max: values,
    precipitation_sum: values,
    wind_speed_10m_max: values,
  }),
});
type Answer = z.output<typeof answerSchema>;

/** Weather of a place now, for the next 48 hours and for seven days, in its own time zone. */
export async function getReport(io: AdapterIo, place: GeoPoint): Promise<WeatherReport> {
  const url = new URL(`${env().OPEN_METEO_BASE_URL}/v1/forecast`);
  url.search = new URLSearchParams({
    // Four decimals are 11 metres: finer than any model, and no more than anybody needs to know.
    latitude: place.latitude.toFixed(4),
    longitude: place.longitude.toFixed(4),
    current: without(answerSchema.shape.current, "time"),
    hourly: without(answerSchema.shape.hourly, "time"),
    daily: without(answerSchema.shape.daily, "time"),
    wind_speed_unit: "ms",
    timeformat: "unixtime",
    timezone: "auto",
    forecast_hours: String(hours),
    forecast_days: String(days),
  }).toString();
  const answer = await askJson(io, {
    service: "Open-Meteo",
    url: url.href,
    schema: answerSchema,
    readFailure: ({ status }) =>
      status === 400
        ? new AppError("invalid", "Open-Meteo has no weather for this place. Try another one near it.")
        : undefined,
  });
  return {
    place,
    timeZone: answer.timezone,
    current: readCurrent(answer, place),
    hourly: readHours(answer, place).slice(0, hours),
    daily: readDays(answer, place).slice(0, days),
  };
}

function readCurrent({ current }: Answer, location: GeoPoint): WeatherReport["current"] {
  return {
    at: instant(current.time),
    location,
    temperatureCelsius: current.temperature_2m,
    ...defined({
      feelsLikeCelsius: current.apparent_temperature,
      humidityPercent: current.relative_humidity_2m,
      pressureHpa: current.pressure_msl,
      windMetersPerSecond: current.wind_speed_10m,
      windDirectionDegrees: current.wind_direction_10m,
    }),
    ...readWeatherCode(current.weather_code ?? -1),
  };
}

function readHours({ hourly }: Answer, location: GeoPoint): WeatherReport["hourly"] {
  return hourly.time.flatMap((time, at) => {
    const temperatureCelsius = hourly.temperature_2m[at];
    if (temperatureCelsius === null || temperatureCelsius === undefined) return [];
    return {
      at: instant(time),
      location,
      temperatureCelsius,
      condition: readWeatherCode(hourly.weather_code[at] ?? -1).condition,
      ...defined({
        precipitationProbability: share(hourly.precipitation_probability[at]),
        precipitationMm: hourly.precipitation[at],
        windMetersPerSecond: hourly.wind_speed_10m[at],
      }),
    };
  });
}

/** A day's temperature is the middle between its extremes. */
function readDays({ daily, utc_offset_seconds: offset }: Answer, location: GeoPoint): WeatherReport["daily"] {
  return daily.time.flatMap((time, at) => {
    const max = daily.temperature_2m_max[at];
    const min = daily.temperature_2m_min[at];
    if (max === null || max === undefined || min === null || min === undefined) return [];
    // Midnight of the place; half a day more, because the offset is today's and a day may have 23 hours.
    const noon = new Date((time + offset) * 1000 + dayMs / 2);
    return {
      at: noon.toISOString().slice(0, 10),
      location,
      temperatureCelsius: Math.round((max + min) * 5) / 10,
      temperatureMinCelsius: min,
      temperatureMaxCelsius: max,
      condition: readWeatherCode(daily.weather_code[at] ?? -1).condition,
      ...defined({
        precipitationProbability: share(daily.precipitation_probability_max[at]),
        precipitationMm: daily.precipitation_sum[at],
        windMetersPerSecond: daily.wind_speed_10m_max[at],
      }),
    };
  });
}

function without(schema: z.ZodObject, name: string): string {
  return Object.keys(schema.shape)
    .filter((field) => field !== name)
    .join(",");
}

/** What the service does not know is left out; zero is known. */
function defined<Key extends string>(fields: Record<Key, number | null | undefined>): Partial<Record<Key, number>> {
  const known = Object.entries<number | null | undefined>(fields).filter(
    ([, value]) => value !== null && value !== undefined,
  );
  return Object.fromEntries(known) as Partial<Record<Key, number>>;
}

function share(percent: number | null | undefined): number | undefined {
  return percent === null || percent === undefined ? undefined : Math.min(Math.max(percent / 100, 0), 1);
}

function instant(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
