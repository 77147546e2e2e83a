import type { AdapterFake } from "../../contracts/adapter";
import { createFaults, type Faults } from "../testing-faults";
import { plainName, samplePlaces, zoneOf } from "./testing-places";

const hourSeconds = 3600;
const daySeconds = 86_400;
/** Likelier first; the code of the coldest column below zero degrees. */
const skies: { upTo: number; code: number; cold: number; mm: number }[] = [
  { upTo: 0.3, code: 1, cold: 1, mm: 0 },
  { upTo: 0.55, code: 3, cold: 3, mm: 0 },
  { upTo: 0.63, code: 45, cold: 45, mm: 0 },
  { upTo: 0.76, code: 51, cold: 71, mm: 0.2 },
  { upTo: 0.92, code: 61, cold: 73, mm: 1.4 },
  { upTo: 0.97, code: 80, cold: 85, mm: 3.1 },
  { upTo: 1, code: 95, cold: 75, mm: 6.5 },
];

/**
 * A sample of Open-Meteo: place search under `/v1/search`, forecasts under `/v1/forecast`. The same place and hour always have the
 * same weather: by latitude, season, time of day and a little chance of their own.
 */
export function createOpenMeteoFake(now: () => Date = () => new Date()): { serve: AdapterFake; faults: Faults } {
  const faults = createFaults();
  return {
    faults,
    async serve(request) {
      const fault = await faults.meet(request);
      if (fault) return fault;
      const { pathname, searchParams } = new URL(request.url);
      if (pathname === "/v1/search") return search(searchParams);
      if (pathname === "/v1/forecast") return forecast(searchParams, now());
      return refuse("Not Found", 404);
    },
  };
}

function search(query: URLSearchParams): Response {
  const name = plainName(query.get("name") ?? "");
  if (name === "") return refuse("Parameter 'name' must be set");
  const count = Number(query.get("count") ?? "10");
  // Two letters must be the whole name, as in the real one.
  const isHit = (candidate: string) => (name.length < 3 ? candidate === name : candidate.startsWith(name));
  const results = samplePlaces.filter((place) => isHit(plainName(place.name))).slice(0, count);
  return Response.json({ ...(results.length > 0 ? { results } : {}), generationtime_ms: 0.5 });
}

function forecast(query: URLSearchParams, now: Date): Response {
  const latitude = Number(query.get("latitude") ?? "NaN");
  const longitude = Number(query.get("longitude") ?? "NaN");
  if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180))
    return refuse("Latitude must be in range of -90 to 90°. Given: nan.");
  if (query.get("timeformat") !== "unixtime" || query.get("timezone") !== "auto")
    return refuse("The sample service knows timeformat=unixtime and timezone=auto only");
  const isMetric = query.get("wind_speed_unit") === "ms";
  const timezone = zoneOf(latitude, longitude);
  const offset = offsetSeconds(timezone, now);
  const at = (seconds: number) => weatherAt(latitude, longitude, seconds);
  const hour = Math.floor(now.getTime() / 1000 / hourSeconds) * hourSeconds;
  const hours = list(Number(query.get("forecast_hours") ?? "48"), (step) => hour + step * hourSeconds);
  const midnight = Math.floor((hour + offset) / daySeconds) * daySeconds - offset;
  const days = list(Number(query.get("forecast_days") ?? "7"), (step) => midnight + step * daySeconds);
  const hourly = { time: hours, ...columns(hours.map(at)) };
  const current = { time: Math.floor(now.getTime() / 900_000) * 900, interval: 900, ...at(hour) };
  return Response.json({
    latitude,
    longitude,
    generationtime_ms: 0.1,
    utc_offset_seconds: offset,
    timezone,
    elevation: 38,
    current_units: { time: "unixtime", temperature_2m: "°C", wind_speed_10m: isMetric ? "m/s" : "km/h" },
    current: pick(current, query.get("current"), ["time", "interval"]),
    hourly: pick(hourly, query.get("hourly"), ["time"]),
    daily: pick({ time: days, ...columns(days.map((day) => dayOf(day, at))) }, query.get("daily"), ["time"]),
  });
}

function weatherAt(latitude: number, longitude: number, seconds: number) {
  const date = new Date(seconds * 1000);
  const dayOfYear = (date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000;
  const south = latitude < 0 ? -1 : 1;
  const season = -Math.cos(((dayOfYear - 15) / 365) * 2 * Math.PI) * south;
  const sunHour = (((seconds / hourSeconds + longitude / 15) % 24) + 24) % 24;
  const ofDay = Math.cos(((sunHour - 15) / 24) * 2 * Math.PI);
  const key = `${latitude.toFixed(1)} ${longitude.toFixed(1)}`;
  const dayChance = chance(`${key} ${Math.floor(seconds / daySeconds)}`);
  const hourChance = chance(`${key} ${Math.floor(seconds / hourSeconds / 3)}`);
  const mean = 27 - 0.42 * Math.abs(latitude);
  const temperature = mean + season * Math.abs(latitude) * 0.24 + ofDay * 4 + (dayChance - 0.5) * 7;
  const sky = skies.find(({ upTo }) => dayChance * 0.7 + hourChance * 0.3 <= upTo) ?? skies[0];
  const wind = 1 + hourChance * 9;
  return {
    temperature_2m: tenth(temperature),
    apparent_temperature: tenth(temperature - wind * 0.4),
    relative_humidity_2m: Math.round(45 + dayChance * 50),
    pressure_msl: tenth(1030 - dayChance * 35),
    wind_speed_10m: tenth(wind),
    wind_direction_10m: Math.round(hourChance * 359),
    weather_code: (temperature < 0.5 ? sky?.cold : sky?.code) ?? 0,
    precipitation: sky?.mm ?? 0,
    precipitation_probability: Math.round((sky?.mm ?? 0) > 0 ? 60 + hourChance * 40 : hourChance * 25),
  };
}

function dayOf(midnight: number, at: (seconds: number) => ReturnType<typeof weatherAt>) {
  const hours = list(24, (hour) => at(midnight + hour * hourSeconds));
  const of = (name: keyof ReturnType<typeof weatherAt>) => hours.map((hour) => hour[name]);
  return {
    temperature_2m_max: Math.max(...of("temperature_2m")),
    temperature_2m_min: Math.min(...of("temperature_2m")),
    weather_code: Math.max(...of("weather_code")),
    precipitation_probability_max: Math.max(...of("precipitation_probability")),
    precipitation_sum: tenth(of("precipitation").reduce((sum, mm) => sum + mm, 0)),
    wind_speed_10m_max: Math.max(...of("wind_speed_10m")),
  };
}

function columns(rows: Record<string, number>[]): Record<string, number[]> {
  const names = Object.keys(rows[0] ?? {});
  return Object.fromEntries(names.map((name) => [name, rows.map((row) => row[name] ?? 0)]));
}

function pick(values: Record<string, unknown>, wanted: string | null, always: string[]): Record<string, unknown> {
  const names = [...always, ...(wanted ?? "").split(",")];
  return Object.fromEntries(Object.entries(values).filter(([name]) => names.includes(name)));
}

function offsetSeconds(timeZone: string, at: Date): number {
  const format = new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "longOffset" });
  const name = format.formatToParts(at).find(({ type }) => type === "timeZoneName")?.value ?? "GMT";
  const [, sign = "+", hours = "0", minutes = "0"] = /GMT([-+])(\d+):(\d+)/.exec(name) ?? [];
  return (sign === "-" ? -1 : 1) * (Number(hours) * hourSeconds + Number(minutes) * 60);
}

function list<Value>(length: number, make: (step: number) => Value): Value[] {
  return Array.from({ length: Math.max(0, Math.min(length, 384)) }, (_, step) => make(step));
}

function refuse(reason: string, status = 400): Response {
  return Response.json({ error: true, reason }, { status });
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}

/** FNV-1a with a final mix, mapped to [0, 1): the same for the same words. */
function chance(seed: string): number {
  let hash = 0x811c9dc5;
  for (const character of seed) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0;
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32;
}
