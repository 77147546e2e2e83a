import { type ConversationEvent, eventPayloadSchemas, logVersion } from "@/lib/contracts/conversation";

type Payload = Record<string, unknown>;
type Upcaster = (type: string, payload: Payload) => Payload;

/** What turns a payload of one version into the next one's; the key is the version it was written in. */
const upcasters: Readonly<Record<number, Upcaster>> = {
  // Until version 2 a person could be asked only whether something may be done.
  1: (type, payload) => (type === "approval-requested" ? { kind: "permission", ...payload } : payload),
};

/** An event that this version of Burgeon cannot read: it was written by a newer one, or it is damaged. */
export class UnreadableEventError extends Error {
  constructor(seq: number, reason: string) {
    super(`event ${seq} cannot be read: ${reason}`);
    this.name = "UnreadableEventError";
  }
}

/** The payload as the present version writes it. The row in the log stays as it is. */
export function upcast(type: string, payload: unknown, version: number): unknown {
  let current = payload;
  for (let from = version; from < logVersion; from++) current = upcasters[from]?.(type, current as Payload) ?? current;
  return current;
}

/**
 * Checks an event before a run is continued from it: a guess here would be an effect that nobody asked for.
 * @throws UnreadableEventError
 */
export function requireReadable(event: ConversationEvent, version: number, isIntact: boolean): void {
  if (!isIntact) throw new UnreadableEventError(event.seq, "it is not what was written");
  if (version > logVersion)
    throw new UnreadableEventError(event.seq, `it was written in version ${version} of the log`);
  const schema = Object.hasOwn(eventPayloadSchemas, event.type) ? eventPayloadSchemas[event.type] : undefined;
  if (!schema) throw new UnreadableEventError(event.seq, `there is no event "${event.type}"`);
  const parsed = schema.safeParse(event.payload);
  if (!parsed.success) throw new UnreadableEventError(event.seq, parsed.error.issues[0]?.message ?? "its shape");
}
