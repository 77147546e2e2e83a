import type { NewPlace, PlaceView } from "@/lib/contracts/profile";
import { AppError } from "@/lib/contracts/errors";
import { newId } from "@/lib/contracts/id";
import type { Viewer } from "@/lib/contracts/viewer";
import { execute } from "./statement";
import { toStorableText } from "./storable-json";

const columns = `id, name, aliases, label, latitude, longitude, "timeZone"`;

/** The viewer's own places, by name. */
export async function listPlaces(viewer: Viewer): Promise<PlaceView[]> {
  const { rows } = await execute<PlaceView>({
    name: "list-places",
    text: `SELECT ${columns} FROM "Place" WHERE "userId" = $1 ORDER BY name`,
    values: [viewer.userId],
  });
  return rows;
}

/** Keeps a place; one of the same name is replaced. */
export async function putPlace(viewer: Viewer, place: NewPlace): Promise<PlaceView> {
  const { rows } = await execute<PlaceView>({
    name: "put-place",
    text: `INSERT INTO "Place" (id, "userId", name, aliases, label, latitude, longitude, "timeZone", "createdAt")
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, clock_timestamp())
           ON CONFLICT ("userId", name) DO UPDATE SET aliases = excluded.aliases, label = excluded.label, latitude = excluded.latitude,
             longitude = excluded.longitude, "timeZone" = excluded."timeZone" RETURNING ${columns}`,
    values: [
      newId("place"),
      viewer.userId,
      toStorableText(place.name),
      place.aliases.map(toStorableText),
      toStorableText(place.label),
      place.latitude,
      place.longitude,
      place.timeZone,
    ],
  });
  if (!rows[0]) throw new Error("put-place returned no row");
  return rows[0];
}

/** @throws AppError not-found when the viewer has no such place */
export async function deletePlace(viewer: Viewer, placeId: string): Promise<void> {
  const { rowCount } = await execute({
    name: "delete-place",
    text: `DELETE FROM "Place" WHERE "userId" = $1 AND id = $2`,
    values: [viewer.userId, placeId],
  });
  if (rowCount === 0) throw new AppError("not-found", "There is no such place.");
}
