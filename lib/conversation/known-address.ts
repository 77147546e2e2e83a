import type { ConversationEvent } from "@/lib/contracts/conversation";
import { groupByRun, pathTo } from "./path";

// With a scheme or without, as people write addresses; what ends a sentence is not part of one.
const written = /(?:https?:\/\/)?[^\s<>"'()[\]{}]+\.[^\s<>"']+/giu;
const sentenceEnd = /[.,;:!?)\]}]+$/u;

/**
 * Whether an address stands in what leads to this run: the person wrote it, or it is a whole value of a tool's result, as in a list
 * of search results. One that is put together from parts, or that stands in the middle of somebody's text, does not: what it says
 * may come from anywhere and tell anything.
 */
export function isKnownAddress(events: readonly ConversationEvent[], runId: string, address: string): boolean {
  const wanted = toKey(address);
  if (wanted === null) return false;
  const eventsOf = groupByRun(events);
  const path = pathTo(events, runId);
  return (path.length > 0 ? path : [runId]).some((id) =>
    eventsOf(id).some((event) => {
      if (event.type === "message-sent") return event.payload.via !== "system" && says(event.payload.text, wanted);
      return event.type === "tool-finished" && event.payload.ok && holds(event.payload.output, wanted);
    }),
  );
}

function says(text: string, wanted: string): boolean {
  for (const [found] of text.matchAll(written))
    if (toKey(found) === wanted || toKey(found.replace(sentenceEnd, "")) === wanted) return true;
  return false;
}

function holds(value: unknown, wanted: string): boolean {
  if (typeof value === "string") return value.length <= 2000 && /^https?:/i.test(value) && toKey(value) === wanted;
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some((inner) => holds(inner, wanted));
}

/** The same for two ways to write one address: scheme, "www.", a slash at the end and the fragment tell nothing to anybody. */
function toKey(address: string): string | null {
  const whole = /^https?:\/\//i.test(address) ? address : `https://${address}`;
  if (!URL.canParse(whole)) return null;
  const { username, password, host, pathname, search } = new URL(whole);
  return `${username}:${password}@${host.replace(/^www\./, "")}${pathname.replace(/\/$/, "")}${search}`;
}
