import type { ConversationEvent } from "@/lib/contracts/conversation";
import { groupByRun, pathTo } from "./path";

/**
 * Whether an address stands in what leads to this run: the person wrote it or has allowed it, or it is a whole value of what a tool
 * brought from outside, as in a list of search results. One that is put together from parts, that the model gave to the tool
 * itself, or that stands in the middle of somebody's text does not count: what it says may come from anywhere and tell anything.
 */
export function isKnownAddress(events: readonly ConversationEvent[], runId: string, address: string): boolean {
  const wanted = readAddress(address);
  if (!wanted || !/^https?:/i.test(address)) return false;
  const eventsOf = groupByRun(events);
  const path = pathTo(events, runId);
  return (path.length > 0 ? path : [runId]).some((id) => isKnownIn(eventsOf(id), wanted));
}

function isKnownIn(events: readonly ConversationEvent[], wanted: Address): boolean {
  const inputs = new Map<string, unknown>();
  const asked = new Set<string>();
  for (const event of events) {
    switch (event.type) {
      case "message-sent":
        if (event.payload.via !== "system" && says(event.payload.text, wanted)) return true;
        break;
      case "step-finished":
        for (const { callId, input } of event.payload.toolCalls) inputs.set(callId, input);
        break;
      case "tool-finished": {
        const { ok, tainted, output, callId } = event.payload;
        // What Burgeon itself answers may be the model's own words: a program returns whatever it was written to.
        if (ok && tainted && holds(output, wanted) && !holds(inputs.get(callId), wanted)) return true;
        break;
      }
      case "approval-requested":
        if (event.payload.effect === "read" && holds(event.payload.lines, wanted)) asked.add(event.payload.approvalId);
        break;
      case "approval-decided":
        if (event.payload.decision === "allowed" && asked.has(event.payload.approvalId)) return true;
    }
  }
  return false;
}

// What parts an address from the words around it; a parenthesis may belong to it, and a sign at its end may not.
const between = /[\s<>"'`|*\\^“”„‟«»‹›‘’，。；：！？、（）「」『』…]+/u;
const ends = /[.,;:!?)\]}]$/;
const maxLength = 2100;
const maxEnds = 8;

function says(text: string, wanted: Address): boolean {
  return text.split(between).some((token) => {
    if (token.length > maxLength) return false;
    // Cheap, because a message may be a pasted book; a host in other letters than ASCII may be written in either way.
    if (!wanted.host.includes("xn--") && !token.toLowerCase().includes(wanted.host)) return false;
    return token.split(/(?=https?:\/\/)/i).some((part) => isWritten(part, wanted));
  });
}

function isWritten(part: string, wanted: Address): boolean {
  let rest = part.replace(/^[([{]+/, "");
  for (let cut = 0; cut <= maxEnds; cut++) {
    const found = readAddress(rest);
    if (found && isSame(found, wanted)) return true;
    if (!ends.test(rest)) return false;
    rest = rest.slice(0, -1);
  }
  return false;
}

function holds(value: unknown, wanted: Address): boolean {
  if (typeof value === "string") {
    const found = value.length <= maxLength && /^https?:/i.test(value) ? readAddress(value) : null;
    return found !== null && isSame(found, wanted);
  }
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some((inner) => holds(inner, wanted));
}

interface Address {
  host: string;
  /** All that reaches the other side, in one form: "www.", a slash at the end and the fragment tell nothing to anybody. */
  key: string;
  /** Nobody but the other side reads it on the way. */
  isSealed: boolean;
}

function readAddress(address: string): Address | null {
  const whole = /^https?:\/\//i.test(address) ? address : `http://${address}`;
  if (!URL.canParse(whole)) return null;
  const { protocol, username, password, host, pathname, search } = new URL(whole);
  const bareHost = host.replace(/^www\./, "");
  const path = `${pathname.replace(/\/$/, "")}${search}`.replace(/%[0-9a-f]{2}/gi, (octet) => octet.toUpperCase());
  return { host: bareHost, key: `${username}:${password}@${bareHost}${path}`, isSealed: protocol === "https:" };
}

/** What was given to be asked for in secret is not known in the clear. */
function isSame(known: Address, wanted: Address): boolean {
  return known.key === wanted.key && (wanted.isSealed || !known.isSealed);
}
