import { isTimeZone } from "../../../contracts/calendar";
import { type Budget, expandRule } from "../recurrence/expand-rule";
import { parseRule } from "../recurrence/parse-rule";
import type { FeedComponent } from "../split-feed";
import { readRaw, readText, readTime, toTime } from "../read-property";
import { findWindowsZone } from "./windows-zones";
import { ianaZone, type Zone, zoneOfChanges } from "./zone";

/** Years that the rules of a feed's own zones are followed for. Many begin in 1601. */
const years = { from: Date.UTC(1970, 0, 1), to: Date.UTC(2050, 0, 1) };
const maxChanges = 400;
const maxParts = 50;
/** What all zones of a feed may look at: about fifty of their own making. */
const limits = { steps: 3_000_000, starts: 20_000 };

/** Zones by the names that a feed uses: what the platform knows goes before what the feed says, as it is kept up to date. */
export function createZoneFinder(
  definitions: readonly FeedComponent[],
  shownName: string,
): (tzid: string) => Zone | null {
  const known = new Map<string, Zone | null>();
  const budget: Budget = { ...limits };
  const own = new Map(definitions.map((definition) => [readText(definition, "TZID"), definition]));
  return (tzid) => {
    const before = known.get(tzid);
    if (before !== undefined) return before;
    const name = findIanaName(tzid) ?? findIanaName(readText(own.get(tzid), "X-LIC-LOCATION"));
    const definition = own.get(tzid);
    const defined = name === null && definition ? readDefinition(definition, shownName, budget) : null;
    // Names such as EST are the platform's only where the feed does not define them.
    const zone = name !== null ? ianaZone(name) : (defined ?? (isTimeZone(tzid) ? ianaZone(tzid) : null));
    known.set(tzid, zone);
    return zone;
  };
}

/** `Europe/Berlin`, also at the end of a longer name (`/citadel.org/20210210_1/Europe/Berlin`), or one of Windows' names. */
export function findIanaName(text: string): string | null {
  const clean = text.trim().replace(/^"|"$/g, "");
  const windows = findWindowsZone(clean);
  if (windows !== null) return windows;
  if (/^(UTC|GMT|Z|Etc\/(UTC|GMT))$/i.test(clean)) return "UTC";
  const parts = clean.split("/").filter(Boolean);
  for (const length of [3, 2]) {
    const name = parts.slice(-length).join("/");
    if (parts.length >= length && isTimeZone(name)) return name;
  }
  return null;
}

/** A zone by the VTIMEZONE of the feed; null when it defines nothing. */
function readDefinition(definition: FeedComponent, shownName: string, budget: Budget): Zone | null {
  const parts = definition.children.slice(0, maxParts).flatMap((part) => {
    const start = readTime(part, "DTSTART");
    const from = readOffset(readRaw(part, "TZOFFSETFROM")[0]);
    const to = readOffset(readRaw(part, "TZOFFSETTO")[0]);
    return start && from !== null && to !== null ? [{ part, start: start.wallMs, from, to }] : [];
  });
  const changes = parts.flatMap(({ part, start, from, to }) => {
    const rule = parseRule(readRaw(part, "RRULE")[0] ?? "");
    const until = rule?.until ? toTime(rule.until, null) : null;
    const starts = rule
      ? expandRule(rule, {
          start,
          until: until ? until.wallMs + (until.isUtc ? from : 0) : null,
          window: years,
          maxStarts: maxChanges,
          budget,
        })
      : [start];
    return starts.map((wallMs) => ({ at: wallMs - from, offsetMs: to }));
  });
  const [first] = [...parts].sort((one, other) => one.start - other.start);
  return first ? zoneOfChanges(shownName, changes, first.from) : null;
}

function readOffset(text = ""): number | null {
  const match = /^([-+])(\d\d):?(\d\d):?(\d\d)?$/.exec(text.trim());
  if (!match) return null;
  const seconds = Number(match[2]) * 3600 + Number(match[3]) * 60 + Number(match[4] ?? 0);
  return (match[1] === "-" ? -1 : 1) * seconds * 1000;
}
