import type { ConversationEvent } from "@/lib/contracts/conversation";
import type { BuildView } from "./build-view";
import type { ConversationItem, ConversationView } from "./display";
import { chooseIn, findPlace, growTree, pathIn, rootId, siblingsIn, type TurnTree, turnIdOf } from "./path";
import { RunDraft } from "./run-draft";
import type { ChatRunView } from "./run-view";

type MessageItem = Extract<ConversationItem, { kind: "message" }>;

/**
 * A view at work. Each part of it is copied once, when it is first changed, however many events follow; what no event touches
 * stays the very same object.
 */
export class ViewDraft {
  private readonly view: ConversationView;
  private readonly copied = new Set<keyof ConversationView>();
  private readonly drafts = new Map<string, RunDraft>();
  /** Items by turn, once the path has changed: what is shown of them is sorted out at the end. */
  private turns: Map<string, ConversationItem[]> | null = null;

  constructor(before: ConversationView) {
    this.view = { ...before };
  }

  get lastSeq(): number {
    return this.view.lastSeq;
  }

  get runs(): ChatRunView[] {
    return this.view.runs;
  }

  get builds(): Readonly<Record<string, BuildView>> {
    return this.view.builds;
  }

  finish(lastSeq: number): ConversationView {
    if (this.turns) this.arrange(this.turns);
    this.view.lastSeq = lastSeq;
    return this.view;
  }

  addRun(run: ChatRunView): void {
    this.own("runs", (runs) => [...runs]).push(run);
  }

  /** A run that is about to change; null when there is none. Looked for from the newest on: that is where things happen. */
  draftOf(runId: string): RunDraft | null {
    const known = this.drafts.get(runId);
    if (known) return known;
    const place = this.view.runs.findLastIndex((run) => run.runId === runId);
    const run = this.view.runs[place];
    if (!run) return null;
    const draft = new RunDraft(run);
    this.drafts.set(runId, draft);
    this.own("runs", (runs) => [...runs])[place] = draft.run;
    return draft;
  }

  setBuild(build: BuildView): void {
    this.own("builds", (builds) => ({ ...builds }))[build.buildId] = build;
  }

  /** Puts an item where the conversation is now: it stays with the turn that is the last one on the path. */
  addItem(item: ConversationItem): void {
    const { leaf } = this.view.tree;
    if (this.turns) this.turns.set(leaf, [...(this.turns.get(leaf) ?? []), item]);
    else this.own("items", (items) => [...items]).push(item);
  }

  /** A new turn: at the end of the path, or beside another one, which is then no longer looked at. */
  addTurn(event: Extract<ConversationEvent, { type: "message-sent" }>, message: Omit<MessageItem, "siblings">): void {
    const tree = this.tree();
    if (findPlace(tree, event.payload) !== tree.leaf) this.turns ??= this.groupByTurn();
    growTree(tree, event);
    const items: ConversationItem[] = [{ ...message, siblings: null }];
    if (event.runId !== null) items.push({ kind: "run", key: event.runId, runId: event.runId });
    if (this.turns) this.turns.set(turnIdOf(event), items);
    else this.own("items", (before) => [...before]).push(...items);
  }

  /** The person looks at another turn. */
  chooseTurn(turnId: string): void {
    this.turns ??= this.groupByTurn();
    chooseIn(this.tree(), turnId);
  }

  private groupByTurn(): Map<string, ConversationItem[]> {
    return new Map([...Object.entries(this.view.asides), ...groupByTurn(this.view.items)]);
  }

  /** Parts the turns into those on the path and those aside, and numbers those that have siblings. */
  private arrange(turns: Map<string, ConversationItem[]>): void {
    const { tree } = this.view;
    for (const runIds of siblingsIn(tree))
      for (const [index, turnId] of runIds.entries()) turns.set(turnId, numberTurn(turns.get(turnId), index, runIds));
    const path = [rootId, ...pathIn(tree, tree.leaf)];
    this.view.items = path.flatMap((turnId) => turns.get(turnId) ?? []);
    for (const turnId of path) turns.delete(turnId);
    this.view.asides = Object.fromEntries(turns);
  }

  private tree(): TurnTree {
    return this.own("tree", ({ turnIds, parents, chosen, leaf }) => ({
      turnIds: [...turnIds],
      parents: { ...parents },
      chosen: { ...chosen },
      leaf,
    }));
  }

  private own<Part extends keyof ConversationView>(
    part: Part,
    copy: (value: ConversationView[Part]) => ConversationView[Part],
  ): ConversationView[Part] {
    if (!this.copied.has(part)) this.view[part] = copy(this.view[part]);
    this.copied.add(part);
    return this.view[part];
  }
}

/** A message begins its turn; what stands before the first one belongs to the beginning. */
function groupByTurn(items: readonly ConversationItem[]): Map<string, ConversationItem[]> {
  let turn: ConversationItem[] = [];
  const turns = new Map([[rootId, turn]]);
  for (const item of items) {
    if (item.kind === "message") {
      turn = [];
      turns.set(item.runId ?? item.key, turn);
    }
    turn.push(item);
  }
  return turns;
}

function numberTurn(items: ConversationItem[] | undefined, index: number, runIds: string[]): ConversationItem[] {
  return (items ?? []).map((item) => {
    if (item.kind !== "message" || item.siblings?.count === runIds.length) return item;
    return { ...item, siblings: { index, count: runIds.length, runIds } };
  });
}
