import type { Adapter } from "@/lib/contracts/adapter";
import { AppError } from "@/lib/contracts/errors";
import { bankFile } from "./bank-file/adapter";
import { googleCalendar } from "./google-calendar/adapter";
import { icsFeed } from "./ics/adapter";
import { openMeteo } from "./open-meteo/adapter";
import { osrm } from "./osrm/adapter";
import { plaid } from "./plaid/adapter";
import { webSearch } from "./web-search/adapter";

/** Every kind of source there is, in the order of the Connections page. A new one is a folder and a line here. */
export const adapters: readonly Adapter[] = [googleCalendar, icsFeed, plaid, bankFile, openMeteo, osrm, webSearch];

/** @throws AppError not-found */
export function getAdapter(id: string): Adapter {
  const adapter = adapters.find(({ manifest }) => manifest.id === id);
  if (!adapter) throw new AppError("not-found", "There is no such kind of connection.");
  return adapter;
}
