import { z } from "zod";
import type { AdapterIo } from "../../contracts/adapter";
import type { PlaceHit } from "../../contracts/open-data";
import { env } from "../../env";
import { askJson } from "../ask-json";

const maxHits = 10;
/** The service answers shorter names with nothing. */
const minNameChars = 2;
const maxNameChars = 100;

const answerSchema = z.object({
  /** Left out when there is no such place. */
  results: z
    .array(
      z.object({
        name: z.string(),
        latitude: z.number().min(-90).max(90),
        longitude: z.number().min(-180).max(180),
        timezone: z.string().nullish(),
        country: z.string().nullish(),
        country_code: z.string().nullish(),
        admin1: z.string().nullish(),
        admin2: z.string().nullish(),
      }),
    )
    .optional(),
});
type Found = NonNullable<z.output<typeof answerSchema>["results"]>[number];

/**
 * Places by name, best first. The service knows names alone, so what follows a comma ("Paris, Texas") is looked for in the
 * regions of what it found.
 */
export async function searchPlaces(io: AdapterIo, name: string): Promise<PlaceHit[]> {
  const [wanted = "", ...regions] = name
    .slice(0, maxNameChars)
    .split(",")
    .map((part) => part.trim());
  if (wanted.length < minNameChars) return [];
  const url = new URL(`${env().OPEN_METEO_GEOCODING_URL}/v1/search`);
  const count = regions.length > 0 ? 100 : maxHits;
  url.search = new URLSearchParams({ name: wanted, count: String(count), language: "en", format: "json" }).toString();
  const { results = [] } = await askJson(io, { service: "Open-Meteo", url: url.href, schema: answerSchema });
  const words = regions.filter(Boolean).map((region) => region.toLowerCase());
  const fitting = results.filter((found) => words.every((word) => isIn(found, word)));
  return (fitting.length > 0 ? fitting : results).slice(0, maxHits).map(toPlace);
}

function isIn(found: Found, word: string): boolean {
  const { country, country_code: code, admin1, admin2 } = found;
  return code?.toLowerCase() === word || [country, admin1, admin2].some((part) => part?.toLowerCase().startsWith(word));
}

function toPlace(found: Found): PlaceHit {
  const region = [found.admin1, found.country].filter((part) => part && part !== found.name).join(", ");
  return {
    name: found.name,
    latitude: found.latitude,
    longitude: found.longitude,
    ...(region ? { region } : {}),
    ...(found.timezone ? { timeZone: found.timezone } : {}),
  };
}
