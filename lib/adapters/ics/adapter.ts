import type { Adapter } from "../../contracts/adapter";
import { checkUrl, syncUrl } from "./sync-feed";
import { manifest } from "./manifest";

/** Calendars that are published at an address, read only. */
export const icsFeed: Adapter = { manifest, missing: () => [], checkUrl, syncUrl };
