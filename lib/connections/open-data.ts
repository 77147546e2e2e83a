import { getAdapter } from "@/lib/adapters/registry";
import { AppError } from "@/lib/contracts/errors";
import type { GeoPoint, NavigationRoute, PlaceHit, Transport, WeatherReport, WebHit } from "@/lib/contracts/open-data";
import { outsideIo } from "./io";

/** Open data is asked without saying for whom: no function here knows the viewer. */

/** @throws AppError when the weather service cannot answer */
export function getWeather(place: GeoPoint, signal: AbortSignal): Promise<WeatherReport> {
  const { weather } = getAdapter("open-meteo");
  return weather ? weather.report(outsideIo(signal), place) : missing("weather");
}

/** Best first; empty when there is no such place. */
export function searchPlaces(name: string, signal: AbortSignal): Promise<PlaceHit[]> {
  const { weather } = getAdapter("open-meteo");
  return weather ? weather.searchPlaces(outsideIo(signal), name) : missing("places");
}

/** @throws AppError not-found when no way leads there */
export function getRoute(
  request: { from: GeoPoint; to: GeoPoint; transport: Transport },
  signal: AbortSignal,
): Promise<NavigationRoute> {
  const { navigation } = getAdapter("osrm");
  return navigation ? navigation.route(outsideIo(signal), request) : missing("ways");
}

/** @throws AppError refused, with what to set, when no search service is configured */
export function searchWeb(query: string, limit: number, signal: AbortSignal): Promise<WebHit[]> {
  const { webSearch } = getAdapter("web-search");
  return webSearch ? webSearch.search(outsideIo(signal), query, limit) : missing("web search");
}

function missing(what: string): Promise<never> {
  return Promise.reject(new AppError("unavailable", `This version of Burgeon has no source for ${what}.`));
}
