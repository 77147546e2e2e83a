import { z } from "zod";
import { findPlaces } from "@/lib/context/sources/open-data";
import { AppError } from "@/lib/contracts/errors";
import { newPlaceSchema, placeAliases, placeSchema } from "@/lib/contracts/profile";
import type { NewPlace, PlaceView } from "@/lib/contracts/profile";
import type { Viewer } from "@/lib/contracts/viewer";
import { deletePlace, listPlaces, putPlace } from "@/lib/db/places";
import { defineTool } from "../define-tool";

const undoWindowMs = 24 * 60 * 60_000;
const fields = newPlaceSchema.shape;
const input = z
  .strictObject({
    name: fields.name.describe("what the person calls it: home, work, gym"),
    address: z.string().trim().min(1).max(200).optional().describe("a town, with its region if needed: Paris, Texas"),
    latitude: fields.latitude.optional(),
    longitude: fields.longitude.optional(),
    aliases: fields.aliases.describe("other words the person uses for it"),
  })
  .refine(
    ({ address, latitude, longitude }) => address !== undefined || (latitude !== undefined && longitude !== undefined),
    {
      message: "give an address or both coordinates",
    },
  );
const output = z.object({ place: placeSchema, before: placeSchema.nullable() });

/** Where the words lead, and what stood under the name before the first try. */
const targetSchema = z.object({ place: newPlaceSchema, before: placeSchema.nullable() });
type Target = z.infer<typeof targetSchema>;

/** Keeps one of the person's own places, so that weather and ways know it by its name. */
export const savePlace = defineTool({
  name: "save_place",
  title: "Save a place",
  description:
    "Keeps a place of the person's under a name such as home, work or gym, by town or by coordinates. A place of the same name is replaced. Use it when they say where they live, work or often go.",
  effect: "write",
  idempotency: "natural",
  timeoutMs: 15_000,
  input,
  output,
  questions: [
    "My home is in Ottawa",
    "I live in Berlin",
    "Save Toronto as my work",
    "Remember that the gym is in Hamburg",
  ],
  describe: ({ name, address, latitude, longitude, aliases }) => ({
    title: `Save the place "${name}"`,
    lines: [
      ...(address ? [{ label: "Where", value: address }] : []),
      ...(latitude !== undefined && longitude !== undefined
        ? [{ label: "Coordinates", value: `${latitude}, ${longitude}` }]
        : []),
      ...(aliases.length > 0 ? [{ label: "Also called", value: aliases.join(", ") }] : []),
    ],
  }),
  async inspect(given, { viewer, signal }) {
    const place = await toPlace(given, viewer, signal);
    const before = await findByName(viewer, place.name);
    return {
      target: { place, before } satisfies Target,
      state: JSON.stringify([place.latitude, place.longitude, before]),
      lines: [{ label: "Found", value: place.label }, ...(before ? [{ label: "Replaces", value: before.label }] : [])],
    };
  },
  async execute(_given, { viewer, target }) {
    const { place, before } = targetSchema.parse(target);
    return { kind: "done", output: { place: await putPlace(viewer, place), before }, source: "your places" };
  },
  undo: {
    windowMs: undoWindowMs,
    label: "Makes your places as they were before",
    async run(_input, done, { viewer }) {
      const { place, before } = output.parse(done);
      const now = await findByName(viewer, place.name);
      if (!now) return;
      if (before && isSame(now, before)) return;
      if (!isSame(now, place))
        throw new AppError("conflict", `The place "${place.name}" was changed since.`, {
          hint: "Change it under Settings › Places & profile.",
        });
      if (before) await putPlace(viewer, newPlaceSchema.strip().parse(before));
      else await deletePlace(viewer, now.id);
    },
  },
});

async function toPlace(given: z.output<typeof input>, viewer: Viewer, signal: AbortSignal): Promise<NewPlace> {
  const { name, address, latitude, longitude } = given;
  const aliases = given.aliases.length > 0 ? given.aliases : [...(placeAliases[name] ?? [])];
  if (latitude !== undefined && longitude !== undefined)
    return { name, aliases, latitude, longitude, label: address ?? `${latitude}, ${longitude}`, timeZone: null };
  const [hit] = await findPlaces({ viewer, signal, now: new Date() }, address ?? name);
  if (!hit)
    throw new AppError("not-found", `No place called "${address ?? name}" was found.`, {
      hint: "Say the town it is in, or enter coordinates under Settings › Places & profile.",
    });
  const label = hit.region ? `${hit.name}, ${hit.region}` : hit.name;
  return { name, aliases, label, latitude: hit.latitude, longitude: hit.longitude, timeZone: hit.timeZone ?? null };
}

async function findByName(viewer: Viewer, name: string): Promise<PlaceView | null> {
  return (await listPlaces(viewer)).find((place) => place.name === name) ?? null;
}

function isSame(a: PlaceView, b: PlaceView): boolean {
  return (
    a.label === b.label &&
    a.latitude === b.latitude &&
    a.longitude === b.longitude &&
    a.aliases.join("\n") === b.aliases.join("\n")
  );
}
