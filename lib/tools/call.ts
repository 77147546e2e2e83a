import type { EventPayload, NewEvent, ToolCall } from "@/lib/contracts/conversation";
import type { Tool } from "@/lib/contracts/tool";
import type { Viewer } from "@/lib/contracts/viewer";

export interface InvokeRequest {
  viewer: Viewer;
  /** The person's own zone, IANA. */
  timeZone: string;
  conversationId: string;
  runId: string;
  fence: number;
  call: ToolCall;
  /** What may be called, by name. */
  tools: ReadonlyMap<string, Tool>;
  /** 1 for the first start of this call; higher after a wait or a crash. */
  attempt: number;
  /** Where text from outside in this run came from, or null. */
  taintedBy: string | null;
  /** Whether an address stands in the conversation, in the person's words or as a whole value of a result. */
  isKnownAddress(address: string): boolean;
  /** Writes to the run's log, under its fence. */
  append(events: NewEvent[]): Promise<unknown>;
  /** The same for what may wait for the next write: what is lost with it is only repeated. */
  stage(events: NewEvent[]): void;
  /** Aborted when the run is stopped or lost. */
  signal: AbortSignal;
}

/** A call whose arguments are those the tool promises to understand. */
export interface ParsedCall {
  tool: Tool;
  input: unknown;
  /** Over tool, version and canonical arguments: what a right is given for. */
  argumentsHash: string;
  /** Over run and call as well: what the effect is known by, here and at the provider. */
  idempotencyKey: string;
  /** What the arguments mean, once the effect has begun; null before. See `World.target`. */
  target: unknown;
}

/** What the log keeps of a call that has ended, besides which one it was. */
export type Recorded = Omit<EventPayload<"tool-finished">, "callId" | "tool" | "durationMs">;

/** What the log says when a call begins. */
export function startedEvent({ call, attempt }: InvokeRequest, { name, title, effect }: Tool): NewEvent {
  return { type: "tool-started", payload: { callId: call.callId, tool: name, title, effect, attempt } };
}

/** A right is given for one version of a module; what is built in changes only with Burgeon itself. */
export function versionOf({ source }: Pick<Tool, "source">): string {
  return source.kind === "module" ? source.digest : "";
}
