import * as source from "@/lib/connections/open-data";
import type { GeoPoint, NavigationRoute, PlaceHit, Transport, WebHit } from "@/lib/contracts/open-data";
import type { WeatherReport } from "@/lib/contracts/open-data";
import type { Viewer } from "@/lib/contracts/viewer";
import { type CachedValue, readCached } from "./source-cache";

const minuteMs = 60_000;
const timeoutMs = 8_000;

export interface Ask {
  viewer: Viewer;
  now: Date;
  signal: AbortSignal;
}

/** Weather at a point, at most ten minutes old. */
export function readWeather({ viewer, now, signal }: Ask, place: GeoPoint): Promise<CachedValue<WeatherReport>> {
  return readCached({
    ...{
      userId: viewer.userId,
      source: "weather",
      title: "Open-Meteo",
      args: pointOf(place),
      freshMs: 10 * minuteMs,
      timeoutMs,
      now,
      signal,
    },
    load: (own) => source.getWeather(place, own),
  });
}

/** The way from one point to another, at most five minutes old. */
export function readRoute(
  { viewer, now, signal }: Ask,
  way: { from: GeoPoint; to: GeoPoint; transport: Transport },
): Promise<CachedValue<NavigationRoute>> {
  const args = [pointOf(way.from), pointOf(way.to), way.transport];
  return readCached({
    ...{
      userId: viewer.userId,
      source: "route",
      title: "the routing server",
      args,
      freshMs: 5 * minuteMs,
      timeoutMs,
      now,
      signal,
    },
    load: (own) => source.getRoute(way, own),
  });
}

/** Places of that name; places do not move, so what was found holds for a day. */
export async function findPlaces({ viewer, now, signal }: Ask, name: string): Promise<PlaceHit[]> {
  const args = name.trim().toLowerCase();
  const read = await readCached({
    ...{
      userId: viewer.userId,
      source: "places",
      title: "Open-Meteo",
      args,
      freshMs: 24 * 60 * minuteMs,
      timeoutMs,
      now,
      signal,
    },
    load: (own) => source.searchPlaces(name, own),
  });
  return read.value;
}

/** Pages of the web. Asked anew each time: nobody wants the results of before. */
export function findPages({ signal }: Pick<Ask, "signal">, query: string, limit: number): Promise<WebHit[]> {
  return source.searchWeb(query, limit, signal);
}

/** As exact as the services are asked. */
const pointOf = ({ latitude, longitude }: GeoPoint): string => `${latitude.toFixed(5)},${longitude.toFixed(5)}`;
