import { AppError } from "@/lib/contracts/errors";
import type { GeoPoint } from "@/lib/contracts/open-data";
import { placeAliases, type PlaceView } from "@/lib/contracts/profile";
import { type Ask, findPlaces } from "./sources/open-data";

/** A place as it is said and where it is. */
export interface KnownPlace {
  name: string;
  point: GeoPoint;
  /** Null for a place that was looked up. */
  own: PlaceView | null;
}

/** One of the person's places by its name, a word of theirs for it, or one that everybody uses ("the office"). */
export function findOwnPlace(places: readonly PlaceView[], said: string): PlaceView | null {
  const wanted = plain(said);
  if (wanted === "") return null;
  const isNamed = (place: PlaceView) =>
    plain(place.name) === wanted || place.aliases.some((alias) => plain(alias) === wanted);
  const standard = Object.entries(placeAliases).find(([, aliases]) =>
    aliases.some((alias) => plain(alias) === wanted),
  )?.[0];
  return places.find(isNamed) ?? places.find(({ name }) => name === standard) ?? null;
}

/**
 * The place of the person's that an event's location means: its name or label, or a location that begins with either
 * ("Work, room 3"). Null where nothing is certain: a wrong way is worse than none.
 */
export function placeOfLocation(places: readonly PlaceView[], location: string | null): PlaceView | null {
  if (location === null) return null;
  const parts = [location, ...location.split(/[,;(\n–-]/).slice(0, 1)];
  for (const part of parts) {
    const found = findOwnPlace(places, part);
    if (found) return found;
  }
  const said = plain(location);
  return (
    places.find(
      ({ label }) => plain(label).length > 5 && (said === plain(label) || said.startsWith(`${plain(label)} `)),
    ) ?? null
  );
}

/** True for what needs no way: a link, or a word for a call. */
export function isOnline(location: string | null): boolean {
  return (
    location !== null &&
    (/https?:\/\//i.test(location) || /\b(zoom|teams|google meet|webex|online|video call|phone)\b/i.test(location))
  );
}

/**
 * One of the person's own places, else the best place of that name in the world.
 * @throws AppError not-found when there is none
 */
export async function resolvePlace(ask: Ask, places: readonly PlaceView[], said: string): Promise<KnownPlace> {
  const own = findOwnPlace(places, said);
  if (own) return ownPlace(own);
  const isOwnWord = Object.entries(placeAliases).some(([name, words]) =>
    [name, ...words].some((word) => plain(word) === plain(said)),
  );
  if (isOwnWord)
    throw new AppError("not-found", `You have not told Burgeon yet where "${said}" is.`, {
      hint: "Save it under Settings › Places & profile, or tell Burgeon its address.",
    });
  const [hit] = await findPlaces(ask, said);
  if (!hit)
    throw new AppError("not-found", `No place called "${said}" was found.`, {
      hint: "Say a town, or save the place with its coordinates under Settings › Places & profile.",
    });
  return { name: hit.region ? `${hit.name}, ${hit.region}` : hit.name, point: hit, own: null };
}

export function ownPlace(place: PlaceView): KnownPlace {
  const { name, label, latitude, longitude } = place;
  return { name, point: { latitude, longitude, name: label }, own: place };
}

/** "at home", "in Ottawa, Ontario" */
export function whereText({ name, own }: KnownPlace): string {
  return own ? `at ${name}` : `in ${name}`;
}

/** Compared without case, accents, articles and signs. */
function plain(text: string): string {
  const words = text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu);
  return (words ?? []).join(" ").replace(/^(the|my|to) /, "");
}
