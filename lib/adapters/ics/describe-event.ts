import type { SourceEvent } from "../../contracts/adapter";
import { type FeedProperty, readProperties, readText } from "./read-property";
import type { FeedComponent } from "./split-feed";

const maxTextChars = 10_000;
const maxAttendees = 200;
const statuses: Record<string, SourceEvent["status"]> = { TENTATIVE: "tentative", CANCELLED: "cancelled" };

/** What an entry says besides its times. */
export function describeEvent(part: FeedComponent): Omit<SourceEvent, "id" | "start" | "end"> {
  const description = readText(part, "DESCRIPTION", maxTextChars);
  const location = readText(part, "LOCATION", 1000);
  const url = readText(part, "URL", 2000);
  const [organizer] = readProperties(part, "ORGANIZER").map(toContact);
  return {
    title: readText(part, "SUMMARY") || "No title",
    status: statuses[readText(part, "STATUS").toUpperCase()] ?? "confirmed",
    attendees: readProperties(part, "ATTENDEE").slice(0, maxAttendees).map(toContact),
    isBusy: !isFree(part),
    ...(description ? { description } : {}),
    ...(location ? { location } : {}),
    ...(/^https?:\/\//i.test(url) ? { url } : {}),
    ...(organizer ? { organizer } : {}),
  };
}

function isFree(part: FeedComponent): boolean {
  const outlook = readText(part, "X-MICROSOFT-CDO-BUSYSTATUS").toUpperCase();
  return readText(part, "TRANSP").toUpperCase() === "TRANSPARENT" || outlook === "FREE";
}

function toContact({ values: [value], parameters: { cn, email: named } }: FeedProperty): {
  name?: string;
  email?: string;
} {
  const address = /^mailto:(.+)$/i.exec(String(value))?.[1] ?? (typeof named === "string" ? named : undefined);
  return {
    ...(typeof cn === "string" && cn !== "" ? { name: cn.slice(0, 200) } : {}),
    ...(address ? { email: address.trim().slice(0, 320) } : {}),
  };
}
