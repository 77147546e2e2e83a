import { defineModule, ensureOk, ModuleError, toInstant, type WeatherData, type WeatherForecast } from "@burgeon/sdk";
import { conditionOf, describeCode } from "./conditions";
import { findPlaces, locate, type OpenMeteoCtx } from "./places";

interface CurrentReply {
  current?: {
    time: string;
    temperature_2m: number | null;
    apparent_temperature?: number | null;
    relative_humidity_2m?: number | null;
    pressure_msl?: number | null;
    wind_speed_10m?: number | null;
    wind_direction_10m?: number | null;
    weather_code?: number | null;
  };
}

/** One column for each variable; a value that the models do not know is null. */
type Columns = { time: string[] } & Record<string, (number | null)[] | undefined>;

interface ForecastReply {
  hourly?: Columns;
  daily?: Columns;
}

const currentVariables =
  "temperature_2m,apparent_temperature,relative_humidity_2m,pressure_msl,wind_speed_10m,wind_direction_10m,weather_code";
const hourlyVariables = "temperature_2m,precipitation_probability,precipitation,weather_code,wind_speed_10m";
const dailyVariables =
  "temperature_2m_max,temperature_2m_min,precipitation_probability_max,precipitation_sum,weather_code,wind_speed_10m_max";

export default defineModule({
  async search_place(ctx: OpenMeteoCtx, input: { name: string; count?: number }) {
    const places = await findPlaces(ctx, input.name, input.count ?? 5);
    return { items: places };
  },

  async current_weather(ctx: OpenMeteoCtx, input: { place: string }): Promise<WeatherData> {
    const location = await locate(ctx, input.place);
    // In GMT the service's local times are UTC.
    const { current } = await load<CurrentReply>(ctx, {
      ...toQuery(location),
      current: currentVariables,
      timezone: "GMT",
    });
    if (!current || current.temperature_2m === null)
      throw new ModuleError("upstream", "Open-Meteo has no current weather for this place.");
    return {
      at: toInstant(`${current.time}Z`),
      location,
      temperatureCelsius: current.temperature_2m,
      ...pick("feelsLikeCelsius", current.apparent_temperature),
      ...pick("humidityPercent", current.relative_humidity_2m),
      ...pick("pressureHpa", current.pressure_msl),
      ...pick("windMetersPerSecond", current.wind_speed_10m),
      ...pick("windDirectionDegrees", current.wind_direction_10m),
      condition: conditionOf(current.weather_code),
      description: describeCode(current.weather_code),
    };
  },

  async daily_forecast(
    ctx: OpenMeteoCtx,
    input: { place: string; days?: number },
  ): Promise<{ items: WeatherForecast[] }> {
    const location = await locate(ctx, input.place);
    const { daily } = await load<ForecastReply>(ctx, {
      ...toQuery(location),
      daily: dailyVariables,
      forecast_days: input.days ?? 7,
      // The days of the place, not those of Greenwich.
      timezone: "auto",
    });
    const days = daily?.time.map((date, at) => readDay(date, (name) => daily[name]?.[at], location));
    return { items: days?.filter((day) => day !== undefined) ?? [] };
  },

  async hourly_forecast(
    ctx: OpenMeteoCtx,
    input: { place: string; hours?: number },
  ): Promise<{ items: WeatherForecast[] }> {
    const location = await locate(ctx, input.place);
    const { hourly } = await load<ForecastReply>(ctx, {
      ...toQuery(location),
      hourly: hourlyVariables,
      forecast_hours: input.hours ?? 24,
      timezone: "GMT",
    });
    const hours = hourly?.time.map((time, at) => readHour(time, (name) => hourly[name]?.[at], location));
    return { items: hours?.filter((hour) => hour !== undefined) ?? [] };
  },
});

type Read = (variable: string) => number | null | undefined;

function readDay(date: string, read: Read, location: WeatherForecast["location"]): WeatherForecast | undefined {
  const maximum = read("temperature_2m_max");
  const minimum = read("temperature_2m_min");
  if (maximum === null || maximum === undefined || minimum === null || minimum === undefined) return undefined;
  return {
    at: date,
    location,
    temperatureCelsius: Math.round((maximum + minimum) * 5) / 10,
    temperatureMinCelsius: minimum,
    temperatureMaxCelsius: maximum,
    condition: conditionOf(read("weather_code")),
    ...pick("precipitationProbability", toShare(read("precipitation_probability_max"))),
    ...pick("precipitationMm", read("precipitation_sum")),
    ...pick("windMetersPerSecond", read("wind_speed_10m_max")),
  };
}

function readHour(time: string, read: Read, location: WeatherForecast["location"]): WeatherForecast | undefined {
  const temperature = read("temperature_2m");
  if (temperature === null || temperature === undefined) return undefined;
  return {
    at: toInstant(`${time}Z`),
    location,
    temperatureCelsius: temperature,
    condition: conditionOf(read("weather_code")),
    ...pick("precipitationProbability", toShare(read("precipitation_probability"))),
    ...pick("precipitationMm", read("precipitation")),
    ...pick("windMetersPerSecond", read("wind_speed_10m")),
  };
}

async function load<Reply>(ctx: OpenMeteoCtx, query: Record<string, string | number>): Promise<Reply> {
  const response = await ctx.http.forecast.request({ path: "/forecast", query: { ...query, wind_speed_unit: "ms" } });
  if (response.status === 400) {
    const { reason } = response.json<{ reason?: string }>();
    throw new ModuleError("invalid_input", `Open-Meteo refused the request: ${reason ?? "no reason given"}`);
  }
  return ensureOk(response, "Open-Meteo").json<Reply>();
}

function toQuery({ latitude, longitude }: WeatherForecast["location"]) {
  return { latitude, longitude };
}

function toShare(percent: number | null | undefined): number | undefined {
  return percent === null || percent === undefined ? undefined : percent / 100;
}

/** An entry, or none where the service has no value. */
function pick<Name extends string>(name: Name, value: number | null | undefined): { [Key in Name]?: number } {
  return value === null || value === undefined ? {} : ({ [name]: value } as { [Key in Name]?: number });
}
