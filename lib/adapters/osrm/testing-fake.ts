import type { AdapterFake } from "../../contracts/adapter";
import { createFaults, type Faults } from "../testing-faults";

/** Kilometres an hour, and how much longer roads are than the straight line. */
const profiles: Record<string, { speed: number; detour: number }> = {
  car: { speed: 45, detour: 1.35 },
  bike: { speed: 16, detour: 1.25 },
  foot: { speed: 4.8, detour: 1.15 },
};
const earthRadiusMeters = 6_371_000;
/** The sample map is the land within these boxes: [south, west, north, east]. No road leads from one to another. */
const lands: [number, number, number, number][] = [
  [15, -170, 72, -52], // North America
  [-56, -82, 13, -34], // South America
  [36, -10, 71, 180], // Europe and northern Asia
  [-35, -18, 35.9, 120], // Africa and southern Asia
  [-44, 112, -10, 179], // Australia and New Zealand
];

/** A sample of an OSRM server per profile, as `/routed-{car|bike|foot}`: the great circle, a detour and one speed. */
export function createOsrmFake(): { serve: AdapterFake; faults: Faults } {
  const faults = createFaults();
  return {
    faults,
    async serve(request) {
      const fault = await faults.meet(request);
      if (fault) return fault;
      const match = /^\/routed-(car|bike|foot)\/route\/v1\/[a-z]+\/([-\d.,;]+)$/.exec(new URL(request.url).pathname);
      const profile = profiles[match?.[1] ?? ""];
      if (!match || !profile) return failure("InvalidUrl", "URL string malformed close to position 1");
      const points = (match[2] ?? "").split(";").map((text) => text.split(",").map(Number));
      const [from, to, ...others] = points;
      if (!from || !to || others.length > 0 || points.some((point) => !isPoint(point)))
        return failure("InvalidQuery", "Query string malformed");
      return answer(from, to, profile);
    },
  };
}

function answer(from: number[], to: number[], { speed, detour }: { speed: number; detour: number }): Response {
  const start = landOf(from);
  const end = landOf(to);
  if (start < 0 || end < 0) return failure("NoSegment", "Could not find a matching segment for coordinate 0");
  if (start !== end) return failure("NoRoute", "Impossible route between points");
  const distance = Math.round(greatCircleMeters(from, to) * detour * 10) / 10;
  const duration = Math.round((distance / (speed / 3.6)) * 10) / 10;
  return Response.json({
    code: "Ok",
    routes: [
      {
        distance,
        duration,
        weight: duration,
        weight_name: "routability",
        legs: [{ distance, duration, steps: [], summary: "" }],
      },
    ],
    waypoints: [from, to].map((location) => ({ hint: "", distance: 4.2, name: "Sample Street", location })),
  });
}

function failure(code: string, message: string): Response {
  return Response.json({ code, message }, { status: 400 });
}

function isPoint(point: number[]): boolean {
  const [longitude = Number.NaN, latitude = Number.NaN, ...others] = point;
  return Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90 && others.length === 0;
}

function landOf([longitude = 0, latitude = 0]: number[]): number {
  return lands.findIndex(
    ([south, west, north, east]) => south <= latitude && latitude <= north && west <= longitude && longitude <= east,
  );
}

function greatCircleMeters(
  [fromLongitude = 0, fromLatitude = 0]: number[],
  [toLongitude = 0, toLatitude = 0]: number[],
) {
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const half = (degrees: number) => Math.sin(radians(degrees) / 2) ** 2;
  const across = Math.cos(radians(fromLatitude)) * Math.cos(radians(toLatitude)) * half(toLongitude - fromLongitude);
  return 2 * earthRadiusMeters * Math.asin(Math.min(1, Math.sqrt(half(toLatitude - fromLatitude) + across)));
}
