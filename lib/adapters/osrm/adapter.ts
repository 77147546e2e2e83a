import { z } from "zod";
import type { Adapter, AdapterIo } from "../../contracts/adapter";
import { AppError } from "../../contracts/errors";
import type { GeoPoint, NavigationRoute, Transport } from "../../contracts/open-data";
import { env } from "../../env";
import { askJson } from "../ask-json";
import { manifest } from "./manifest";

const profiles: Record<Transport, string> = { driving: "car", cycling: "bike", walking: "foot" };
/** Points off the map are moved to the nearest road, however far: a way from the middle of a sea is none. */
const maxSnapMeters = 10_000;

const answerSchema = z.object({
  code: z.literal("Ok"),
  routes: z.array(z.object({ distance: z.number().nonnegative(), duration: z.number().nonnegative() })).min(1),
  waypoints: z.array(z.object({ distance: z.number().nonnegative().optional() })),
});
const failureSchema = z.object({ code: z.string() });

/** Ways by OSRM. It knows roads and their speeds, not the traffic on them. */
export const osrm: Adapter = { manifest, missing: () => [], navigation: { route } };

async function route(
  io: AdapterIo,
  { from, to, transport }: { from: GeoPoint; to: GeoPoint; transport: Transport },
): Promise<NavigationRoute> {
  const points = `${point(from)};${point(to)}`;
  const answer = await askJson(io, {
    service: "The routing server",
    url: `${addressOf(transport)}/${points}?overview=false&alternatives=false&steps=false`,
    schema: answerSchema,
    readFailure: (_, body) => readFailure(failureSchema.safeParse(body).data?.code, transport),
  });
  const [way] = answer.routes;
  const isOffMap = answer.waypoints.some(({ distance = 0 }) => distance > maxSnapMeters);
  if (!way || isOffMap) throw noWay(transport);
  return {
    id: `osrm:${transport}:${points}`,
    origin: from,
    destination: to,
    distanceMeters: way.distance,
    durationSeconds: way.duration,
    traffic: "unknown",
    transport,
  };
}

/**
 * The profile in OSRM's own path is not looked at by the server, which knows the one that its map was made for. So each means of
 * transport needs an address of its own, where `{profile}` tells them apart.
 */
function addressOf(transport: Transport): string {
  const base = env().OSRM_BASE_URL;
  const isCarOnly = new URL(base.replaceAll("{profile}", "car")).hostname === "router.project-osrm.org";
  if (isCarOnly && transport !== "driving")
    throw new AppError("refused", "The routing server of this installation knows ways by car only.", {
      hint: "Leave OSRM_BASE_URL out to use one that also knows ways by bicycle and on foot.",
    });
  return `${base.replaceAll("{profile}", profiles[transport])}/route/v1/${transport}`;
}

/** OSRM's own codes (project-osrm.org/docs, "Responses"). */
function readFailure(code: string | undefined, transport: Transport): AppError | undefined {
  if (code === "NoRoute" || code === "NoSegment") return noWay(transport);
  if (code === "TooBig")
    return new AppError("invalid", "This way is too long for the routing server. Ask for a part of it.");
  return undefined;
}

function noWay(transport: Transport): AppError {
  const how = { driving: "by car", cycling: "by bicycle", walking: "on foot" }[transport];
  return new AppError("not-found", `The routing server knows no way ${how} between these places.`);
}

/** Longitude first. Five decimals are about a metre. */
function point({ latitude, longitude }: GeoPoint): string {
  return `${longitude.toFixed(5)},${latitude.toFixed(5)}`;
}
