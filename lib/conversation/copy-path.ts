import type { ConversationEvent, EventType } from "@/lib/contracts/conversation";
import { groupByRun, pathTo } from "./path";

export interface PathCopy {
  /** The turns up to and with the one that was asked for, first to last. */
  runIds: string[];
  /** Sequence numbers of their events, in the order in which a log of just these turns has them. */
  seqs: number[];
  /** The turn that each event belongs to there, as a place in `runIds`. */
  places: number[];
}

// What was said and what came of it. Questions to the person, builds and waiting belong to the conversation they happened in.
const copied: readonly EventType[] = [
  "step-started",
  "text-appended",
  "step-finished",
  "tool-started",
  "tool-finished",
  "effect-undone",
  "context-compacted",
  "run-finished",
];

/**
 * What a conversation that branches off here begins with. A fork becomes a turn like any other: the steps that it took over
 * become its own. Null when there is no such turn.
 */
export function copyPath(events: readonly ConversationEvent[], runId: string): PathCopy | null {
  const runIds = pathTo(events, runId);
  if (runIds.length === 0) return null;
  const copy: PathCopy = { runIds, seqs: [], places: [] };
  const eventsOf = groupByRun(events);
  for (const [place, id] of runIds.entries()) {
    const all = eventsOf(id);
    const said = all.filter((event) => event.type === "message-sent");
    for (const event of [...said, ...all.filter((one) => isCopied(one, runIds))]) {
      copy.seqs.push(event.seq);
      copy.places.push(place);
    }
  }
  return copy;
}

function isCopied(event: ConversationEvent, runIds: readonly string[]): boolean {
  if (event.type === "context-compacted") return runIds.includes(event.payload.throughRunId);
  return copied.includes(event.type);
}
