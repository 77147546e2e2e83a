import { type Ctx, ensureOk, type GeoPoint, ModuleError } from "@burgeon/sdk";

export type OpenMeteoCtx = Ctx<"geocoding" | "forecast">;

export interface Place extends GeoPoint {
  id: string;
  name: string;
  country?: string;
  region?: string;
  timeZone?: string;
  population?: number;
}

interface SearchReply {
  /** Left out when nothing was found. */
  results?: {
    id: number;
    name: string;
    latitude: number;
    longitude: number;
    country?: string;
    admin1?: string;
    timezone?: string;
    population?: number;
  }[];
}

/** Places with this name, the best known first. */
export async function findPlaces(ctx: OpenMeteoCtx, name: string, count: number): Promise<Place[]> {
  const response = await ctx.http.geocoding.request({
    path: "/search",
    query: { name: name.trim(), count, language: "en", format: "json" },
  });
  const { results = [] } = ensureOk(response, "Open-Meteo's place search").json<SearchReply>();
  return results.map((place) => ({
    id: String(place.id),
    name: place.name,
    latitude: place.latitude,
    longitude: place.longitude,
    ...(place.country ? { country: place.country } : {}),
    ...(place.admin1 ? { region: place.admin1 } : {}),
    ...(place.timezone ? { timeZone: place.timezone } : {}),
    ...(place.population ? { population: place.population } : {}),
  }));
}

/**
 * The point that a person means: "52.52,13.41", or the name of a place, also with what it lies in: "Paris, Texas".
 * @throws ModuleError not_found
 */
export async function locate(ctx: OpenMeteoCtx, place: string): Promise<GeoPoint> {
  const point = /^\s*(-?\d{1,2}(?:\.\d+)?)\s*,\s*(-?\d{1,3}(?:\.\d+)?)\s*$/.exec(place);
  if (point) return toPoint(Number(point[1]), Number(point[2]));
  const [name = "", ...within] = place.split(",").map((part) => part.trim());
  if (name === "") throw new ModuleError("invalid_input", "The name of a place is needed.");
  // Several places share a name: with more to choose from, the words behind the comma decide.
  const places = await findPlaces(ctx, name, within.length > 0 ? 20 : 1);
  const wanted = within.map((part) => part.toLowerCase());
  const found = places.find((candidate) => {
    const around = `${candidate.region ?? ""} ${candidate.country ?? ""}`.toLowerCase();
    return wanted.every((part) => around.includes(part));
  });
  if (!found) throw new ModuleError("not_found", `Open-Meteo knows no place called "${place}".`);
  const around = [found.region, found.country].filter((part) => part !== undefined && part !== found.name);
  return {
    latitude: found.latitude,
    longitude: found.longitude,
    name: [found.name, ...around].join(", "),
  };
}

function toPoint(latitude: number, longitude: number): GeoPoint {
  if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180)
    throw new ModuleError("invalid_input", "A latitude is from -90 to 90, a longitude from -180 to 180.");
  return { latitude, longitude };
}
