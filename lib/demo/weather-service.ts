import { json, problem, type SampleService } from "./serve";

interface Place {
  id: string;
  name: string;
  country: string;
  latitude: number;
  longitude: number;
  /** Yearly mean and half the distance between summer and winter, °C: enough for a believable climate. */
  meanCelsius: number;
  swingCelsius: number;
}

const places: Place[] = [
  {
    id: "berlin",
    name: "Berlin",
    country: "Germany",
    latitude: 52.52,
    longitude: 13.41,
    meanCelsius: 10,
    swingCelsius: 10,
  },
  {
    id: "lisbon",
    name: "Lisbon",
    country: "Portugal",
    latitude: 38.72,
    longitude: -9.14,
    meanCelsius: 17,
    swingCelsius: 6,
  },
  {
    id: "ottawa",
    name: "Ottawa",
    country: "Canada",
    latitude: 45.42,
    longitude: -75.7,
    meanCelsius: 6,
    swingCelsius: 16,
  },
  {
    id: "kathmandu",
    name: "Kathmandu",
    country: "Nepal",
    latitude: 27.72,
    longitude: 85.32,
    meanCelsius: 18,
    swingCelsius: 7,
  },
  {
    id: "tokyo",
    name: "Tokyo",
    country: "Japan",
    latitude: 35.68,
    longitude: 139.69,
    meanCelsius: 16,
    swingCelsius: 11,
  },
];

const conditions = ["clear", "clouds", "rain", "drizzle", "mist"] as const;

/**
 * A made-up weather service without a key. The same place and day always give the same weather, so that an answer can be
 * compared with what the service says.
 */
export function createWeatherService(now: () => Date = () => new Date()): SampleService {
  return async (request) => {
    const url = new URL(request.url);
    if (request.method !== "GET") return problem(405, "method_not_allowed", "Only GET is offered here");
    if (url.pathname === "/openapi.json") return json(weatherDocument(url.origin));
    if (url.pathname === "/v1/places")
      return json({ places: findPlaces(url.searchParams.get("search") ?? "").map(toPlaceReply) });
    const place = places.find((candidate) => candidate.id === url.searchParams.get("place")?.trim().toLowerCase());
    if (url.pathname === "/v1/current" || url.pathname === "/v1/forecast") {
      if (!place) return problem(404, "unknown_place", "No such place; search /v1/places");
      if (url.pathname === "/v1/current")
        return json({ place: toPlaceReply(place), current: weatherOn(place, now(), 0) });
      const days = Number(url.searchParams.get("days") ?? "5");
      if (!Number.isInteger(days) || days < 1 || days > 10)
        return problem(400, "bad_days", "days is a whole number from 1 to 10");
      return json({
        place: toPlaceReply(place),
        days: Array.from({ length: days }, (_, day) => weatherOn(place, now(), day)),
      });
    }
    return problem(404, "not_found", "No such resource");
  };
}

function findPlaces(search: string): Place[] {
  const wanted = search.trim().toLowerCase();
  return places.filter((place) => place.name.toLowerCase().startsWith(wanted));
}

function toPlaceReply({ id, name, country, latitude, longitude }: Place) {
  return { id, name, country, latitude, longitude };
}

function weatherOn(place: Place, today: Date, daysAhead: number) {
  const at = new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate() + daysAhead, 12));
  const dayOfYear = (at.getTime() - Date.UTC(at.getUTCFullYear(), 0, 1)) / 86_400_000;
  const season = -Math.cos(((dayOfYear - 15) / 365) * 2 * Math.PI);
  const chance = pseudoRandom(`${place.id} ${at.toISOString().slice(0, 10)}`);
  const temperature = place.meanCelsius + place.swingCelsius * season + (chance - 0.5) * 8;
  return {
    time: at.toISOString(),
    temperature_celsius: Math.round(temperature * 10) / 10,
    feels_like_celsius: Math.round((temperature - 1.5 * chance) * 10) / 10,
    humidity_percent: Math.round(45 + chance * 45),
    wind_speed_ms: Math.round(chance * 110) / 10,
    precipitation_probability: Math.round(chance * 100) / 100,
    condition: conditions[Math.floor(chance * conditions.length)] ?? "clear",
  };
}

/** FNV-1a, mapped to [0, 1): repeatable, and no generator state to keep. */
function pseudoRandom(seed: string): number {
  let hash = 0x811c9dc5;
  for (const character of seed) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193) >>> 0;
  return hash / 2 ** 32;
}

const weatherSchema = {
  type: "object",
  required: ["time", "temperature_celsius", "condition"],
  properties: {
    time: { type: "string", format: "date-time", example: "2026-11-24T12:00:00.000Z" },
    temperature_celsius: { type: "number", example: 7.4 },
    feels_like_celsius: { type: "number", example: 6.1 },
    humidity_percent: { type: "integer", example: 71 },
    wind_speed_ms: { type: "number", example: 4.2 },
    precipitation_probability: { type: "number", minimum: 0, maximum: 1, example: 0.35 },
    condition: { type: "string", enum: [...conditions], example: "clouds" },
  },
};

const placeSchema = {
  type: "object",
  required: ["id", "name", "latitude", "longitude"],
  properties: {
    id: { type: "string", example: "berlin" },
    name: { type: "string", example: "Berlin" },
    country: { type: "string", example: "Germany" },
    latitude: { type: "number", example: 52.52 },
    longitude: { type: "number", example: 13.41 },
  },
};

function weatherDocument(origin: string) {
  const placeParameter = {
    name: "place",
    in: "query",
    required: true,
    description: "Id of a place, such as berlin",
    schema: { type: "string" },
  };
  const reply = (properties: Record<string, unknown>) => ({
    "200": {
      description: "OK",
      content: { "application/json": { schema: { type: "object", required: Object.keys(properties), properties } } },
    },
    "404": { description: "No such place" },
  });
  return {
    openapi: "3.1.0",
    info: {
      title: "Sample Weather",
      version: "1.0.0",
      description: "A sample weather service that comes with the demo. Its values are made up.",
    },
    servers: [{ url: origin }],
    paths: {
      "/v1/places": {
        get: {
          operationId: "searchPlaces",
          summary: "Search places by name",
          parameters: [{ name: "search", in: "query", schema: { type: "string" } }],
          responses: reply({ places: { type: "array", items: placeSchema } }),
        },
      },
      "/v1/current": {
        get: {
          operationId: "getCurrentWeather",
          summary: "Current weather of a place",
          parameters: [placeParameter],
          responses: reply({ place: placeSchema, current: weatherSchema }),
        },
      },
      "/v1/forecast": {
        get: {
          operationId: "getForecast",
          summary: "Weather forecast of a place, one entry per day",
          parameters: [
            placeParameter,
            { name: "days", in: "query", schema: { type: "integer", minimum: 1, maximum: 10, default: 5 } },
          ],
          responses: reply({ place: placeSchema, days: { type: "array", items: weatherSchema } }),
        },
      },
    },
  };
}
