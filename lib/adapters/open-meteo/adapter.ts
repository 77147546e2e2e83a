import type { Adapter } from "../../contracts/adapter";
import { manifest } from "./manifest";
import { getReport } from "./get-report";
import { searchPlaces } from "./search-places";

/** Weather from open-meteo.com: no key, no account, nothing stored. */
export const openMeteo: Adapter = { manifest, missing: () => [], weather: { searchPlaces, report: getReport } };
