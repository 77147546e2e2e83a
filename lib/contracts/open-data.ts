import { z } from "zod";
import type { AdapterIo } from "./adapter";
import { geoPointSchema, navigationRouteSchema, weatherDataSchema, weatherForecastSchema } from "./canonical";

/** Open data: asked when it is needed, stored nowhere. */

export const placeHitSchema = geoPointSchema.extend({
  name: z.string(),
  /** Region and country, to tell places of one name apart. */
  region: z.string().optional(),
  timeZone: z.string().optional(),
});
export type PlaceHit = z.output<typeof placeHitSchema>;
export type GeoPoint = z.output<typeof geoPointSchema>;

export const weatherReportSchema = z.object({
  place: geoPointSchema,
  timeZone: z.string(),
  current: weatherDataSchema,
  /** The next 48 hours. */
  hourly: z.array(weatherForecastSchema),
  /** Seven days; `at` is a date. */
  daily: z.array(weatherForecastSchema),
});
export type WeatherReport = z.output<typeof weatherReportSchema>;

export interface WeatherSource {
  /** Best first; empty when there is no such place. */
  searchPlaces(io: AdapterIo, name: string): Promise<PlaceHit[]>;
  report(io: AdapterIo, place: GeoPoint): Promise<WeatherReport>;
}

export type NavigationRoute = z.output<typeof navigationRouteSchema>;
export type Transport = "driving" | "walking" | "cycling";

export interface NavigationSource {
  /** @throws AppError not-found when no way leads there */
  route(io: AdapterIo, request: { from: GeoPoint; to: GeoPoint; transport: Transport }): Promise<NavigationRoute>;
}

export const webHitSchema = z.object({ title: z.string(), url: z.string(), snippet: z.string() });
export type WebHit = z.output<typeof webHitSchema>;

export interface WebSearchSource {
  search(io: AdapterIo, query: string, limit: number): Promise<WebHit[]>;
}
