import type { Section, WeatherContext } from "@/lib/contracts/context";
import { listPlaces } from "@/lib/db/places";
import { findOwnPlace, ownPlace } from "../own-places";
import { describeWeather } from "../weather-line";
import { readWeather } from "./open-data";
import { cachedSection, missingSection, type Scope } from "./section";

export const weatherTitle = "Open-Meteo";

/** Weather at home. */
export async function readHomeWeather(scope: Scope): Promise<Section<WeatherContext>> {
  const home = findOwnPlace(await listPlaces(scope.viewer), "home");
  if (!home)
    return missingSection(
      weatherTitle,
      "Burgeon does not know where home is.",
      "Set home under Settings › Places & profile.",
    );
  const { name, point } = ownPlace(home);
  const read = await readWeather(scope, point);
  const section = cachedSection(`${weatherTitle}, for ${name}`, read);
  const report = read.value;
  return { ...section, data: { placeName: name, report, line: describeWeather(report, `at ${name}`, scope) } };
}
