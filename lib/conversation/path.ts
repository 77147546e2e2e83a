import type { ConversationEvent, EventPayload } from "@/lib/contracts/conversation";

/** Where the first turns of a conversation hang. */
export const rootId = "";

/**
 * The turns of a conversation: a message and the run that answers it, each following another one. Several that follow the
 * same one are siblings: an edited question, an answer made again, a fork. Plain data; only what differs from a straight line
 * is written down, because it travels to the browser and is copied with every message.
 */
export interface TurnTree {
  /** All turns, in the order of the log. */
  turnIds: string[];
  /** The turn that one follows, where that is not the one before it in the log. */
  parents: Record<string, string>;
  /** Which of several siblings is looked at, by the turn they follow. */
  chosen: Record<string, string>;
  /** The last turn of the path: the one that a message without a place of its own follows. */
  leaf: string;
}

/** Which one of how many: `index` counts from 0. */
export interface Siblings {
  index: number;
  count: number;
  /** Oldest first. */
  runIds: string[];
}

export function emptyTree(): TurnTree {
  return { turnIds: [], parents: {}, chosen: {}, leaf: rootId };
}

/** A turn is called by its run; a message that nothing answers by its place in the log. */
export function turnIdOf(event: Extract<ConversationEvent, { type: "message-sent" }>): string {
  return event.runId ?? `message-${event.seq}`;
}

/**
 * Lets the tree grow by one event, in place. A new turn, and a turn that is chosen, is looked at from then on: at each place
 * above it the sibling that leads to it, below it what was looked at there last. A message at the end costs the same however
 * long the conversation is.
 */
export function growTree(tree: TurnTree, event: ConversationEvent): void {
  if (event.type === "message-sent") addTurn(tree, turnIdOf(event), findPlace(tree, event.payload));
  else if (event.type === "branch-chosen") chooseIn(tree, event.payload.runId);
}

function addTurn(tree: TurnTree, turnId: string, parent: string): void {
  const isNext = parent === (tree.turnIds.at(-1) ?? rootId);
  if (!isNext && tree.turnIds.includes(turnId)) return;
  tree.turnIds.push(turnId);
  if (!isNext) tree.parents[turnId] = parent;
  const index = indexes.get(tree);
  if (index) addToIndex(index, turnId, parent);
  if (parent === tree.leaf) tree.leaf = turnId;
  else chooseIn(tree, turnId);
}

/** Looks at a turn, in place. One that is not there changes nothing. */
export function chooseIn(tree: TurnTree, turnId: string): void {
  const { parents, children } = indexOf(tree);
  if (!parents.has(turnId)) return;
  for (let at = turnId; at !== rootId; at = parents.get(at) ?? rootId) {
    const parent = parents.get(at) ?? rootId;
    if ((children.get(parent)?.length ?? 0) > 1) tree.chosen[parent] = at;
  }
  let leaf: string | undefined = turnId;
  while (leaf !== undefined) {
    tree.leaf = leaf;
    leaf = tree.chosen[leaf] ?? children.get(leaf)?.[0];
  }
}

/** The turns from the first one to this one, which is the last; none for a turn that is not there. */
export function pathIn(tree: TurnTree, turnId: string): string[] {
  const { parents } = indexOf(tree);
  const path: string[] = [];
  for (let at = turnId; parents.has(at); at = parents.get(at) ?? rootId) path.push(at);
  return path.reverse();
}

/** All turns that have siblings, group by group, each oldest first. */
export function siblingsIn(tree: TurnTree): string[][] {
  const groups: string[][] = [];
  for (const runIds of indexOf(tree).children.values()) if (runIds.length > 1) groups.push([...runIds]);
  return groups;
}

interface TreeIndex {
  /** The turn that each one follows. */
  parents: Map<string, string>;
  /** The turns that follow each one, oldest first. */
  children: Map<string, string[]>;
}

// What is derived from a tree is kept for as long as the tree is: a log with many branches asks for it at each of them.
const indexes = new WeakMap<TurnTree, TreeIndex>();

function indexOf(tree: TurnTree): TreeIndex {
  const known = indexes.get(tree);
  if (known) return known;
  const index: TreeIndex = { parents: new Map(), children: new Map() };
  let before = rootId;
  for (const turnId of tree.turnIds) {
    addToIndex(index, turnId, tree.parents[turnId] ?? before);
    before = turnId;
  }
  indexes.set(tree, index);
  return index;
}

function addToIndex({ parents, children }: TreeIndex, turnId: string, parent: string): void {
  if (parents.has(turnId)) return;
  parents.set(turnId, parent);
  const known = children.get(parent);
  if (known) known.push(turnId);
  else children.set(parent, [turnId]);
}

/** The tree after these events. */
export function toTree(events: Iterable<ConversationEvent>): TurnTree {
  const tree = emptyTree();
  for (const event of events) growTree(tree, event);
  return tree;
}

/** The turns that are looked at, first to last. */
export function turnsOnPath(events: Iterable<ConversationEvent>): string[] {
  const tree = toTree(events);
  return pathIn(tree, tree.leaf);
}

/** The turns that lead to a run, and the run itself as the last: what its prompt tells. None for a run without a message. */
export function pathTo(events: Iterable<ConversationEvent>, runId: string): string[] {
  return pathIn(toTree(events), runId);
}

/** The turns that follow the same one as this run's, itself among them; null for a run without a message. */
export function siblingsOf(events: Iterable<ConversationEvent>, runId: string): Siblings | null {
  const tree = toTree(events);
  const { parents, children } = indexOf(tree);
  const runIds = children.get(parents.get(runId) ?? runId);
  return parents.has(runId) && runIds ? { index: runIds.indexOf(runId), count: runIds.length, runIds } : null;
}

/**
 * What a run has done: its own events, and before them those of the steps that it took over from the run it forks from, as
 * if they were its own. Whoever decides from them what comes next goes on after these steps and repeats none of them. Their
 * tokens count as nothing here: the run that made them has paid for them.
 */
export function eventsOfRun(events: readonly ConversationEvent[], runId: string): ConversationEvent[] {
  return resolveFork((id) => events.filter((event) => event.runId === id), runId);
}

/** The same, for many runs of one log. */
export function groupByRun(events: Iterable<ConversationEvent>): (runId: string) => ConversationEvent[] {
  const byRun = new Map<string, ConversationEvent[]>();
  for (const event of events) {
    if (event.runId === null) continue;
    const known = byRun.get(event.runId);
    if (known) known.push(event);
    else byRun.set(event.runId, [event]);
  }
  return (runId) => resolveFork((id) => byRun.get(id) ?? [], runId);
}

function resolveFork(
  eventsOf: (runId: string) => ConversationEvent[],
  runId: string,
  known: readonly string[] = [],
): ConversationEvent[] {
  const own = eventsOf(runId);
  const said = own.find((event) => event.type === "message-sent");
  const forkOf = said?.type === "message-sent" ? said.payload.forkOf : undefined;
  // A log in which runs fork from each other in a circle was not written by Burgeon; it must still be readable.
  if (!forkOf || known.includes(forkOf.runId)) return own;
  return [...inherit(resolveFork(eventsOf, forkOf.runId, [...known, runId]), runId, forkOf.step), ...own];
}

function inherit(events: ConversationEvent[], runId: string, throughStep: number): ConversationEvent[] {
  const calls = new Set<string>();
  return events.flatMap((event): ConversationEvent[] => {
    switch (event.type) {
      case "step-started":
      case "text-appended":
        return event.payload.step <= throughStep ? [{ ...event, runId }] : [];
      case "step-finished": {
        if (event.payload.step > throughStep) return [];
        for (const call of event.payload.toolCalls) calls.add(call.callId);
        const { costMicros: _, ...payload } = event.payload;
        return [{ ...event, runId, payload: { ...payload, usage: { inputTokens: 0, outputTokens: 0 } } }];
      }
      case "tool-finished": {
        if (!calls.has(event.payload.callId)) return [];
        // What a call did is undone where it was done.
        const { undo: _, ...payload } = event.payload;
        return [{ ...event, runId, payload }];
      }
      case "tool-started":
      case "effect-undone":
        return calls.has(event.payload.callId) ? [{ ...event, runId }] : [];
      default:
        return [];
    }
  });
}

/** A turn that asks another one's question again stands beside it; everything else says where it goes, or goes to the end. */
export function findPlace(tree: TurnTree, { parentRunId, regenerates, forkOf }: EventPayload<"message-sent">): string {
  if (parentRunId === null) return rootId;
  if (parentRunId !== undefined) return tree.turnIds.includes(parentRunId) ? parentRunId : tree.leaf;
  const like = regenerates ?? forkOf?.runId;
  return (like === undefined ? undefined : indexOf(tree).parents.get(like)) ?? tree.leaf;
}
