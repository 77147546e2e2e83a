import type { LanguageModelV4Message, LanguageModelV4Prompt } from "@ai-sdk/provider";
import type { ConversationEvent, EventPayload } from "@/lib/contracts/conversation";
import { groupByRun, pathTo } from "./path";
import { type TurnMessages, type TurnOptions, toTurnMessages } from "./turn-messages";

export type { ProviderData } from "./turn-messages";

export interface PromptOptions extends TurnOptions {
  system: string;
  /**
   * Upper bound of the prompt's text. What is too long is told by a summary (`findCompaction`); where there is none, the oldest
   * turns are left out, whole. The current turn always stays.
   */
  maxChars?: number;
}

export interface CompactionOptions extends PromptOptions {
  /** The run at work. */
  runId: string;
  /** Room that is left for the summary; a tenth of `maxChars` when left out, at most 12,000 characters. */
  summaryChars?: number;
}

/** What a summary must tell from now on. `context-compacted` records it, with these two ids. */
export interface Compaction {
  throughRunId: string;
  throughStep?: number;
  /** To be summarised: the summary before, if there is one, then turns and steps, every call with its result. */
  messages: LanguageModelV4Message[];
}

const defaultMaxChars = 240_000;
/** How much of the bound is full after a compaction: with half of it free, there is one per window and not one per step. */
const fullAfterwards = 0.5;

/**
 * What the model sees of a conversation: a pure function of its log. It tells the turns that lead to the run and no other
 * branch; what was compacted stands there as a summary. Every tool call is followed by exactly one result, whatever happened
 * to it; text of an attempt that was superseded is not there.
 */
export function toModelPrompt(events: readonly ConversationEvent[], options: PromptOptions): LanguageModelV4Prompt {
  const { summary, turns } = readPath(events, options);
  const messages = turns.map((turn) => turn.units.flatMap((unit) => unit.messages));
  const room = (options.maxChars ?? defaultMaxChars) - options.system.length - sizeOf(summary);
  const kept = keepNewest(messages, room);
  const note = kept.length < messages.length ? "\n\nThe oldest turns of this conversation are left out here." : "";
  return [{ role: "system", content: options.system + note }, ...summary, ...kept.flat()];
}

/**
 * What has to be summarised before the model is asked, or null while the prompt fits. The newest turns stay whole, the
 * current one always; only when it is too long by itself, its oldest steps go, each with all its results. What is longer than
 * `maxChars` itself comes in parts, none longer than that unless a single message or step is: ask again after each summary,
 * until null.
 */
export function findCompaction(events: readonly ConversationEvent[], options: CompactionOptions): Compaction | null {
  const { summary, turns } = readPath(events, options);
  const maxChars = options.maxChars ?? defaultMaxChars;
  const summaryChars = options.summaryChars ?? Math.min(12_000, Math.ceil(maxChars / 10));
  const lead = options.system.length + sizeOf(summary);
  const { cuts, size } = findCuts(turns, options.runId);
  if (lead + size <= maxChars) return null;
  const isEnough = (cut: Cut) => options.system.length + summaryChars + size - cut.size <= maxChars * fullAfterwards;
  const last = cuts.findIndex((cut) => cut.isWhole && isEnough(cut));
  const wanted = last === -1 ? cuts : cuts.slice(0, last + 1);
  // A summary that is longer than what it tells makes nothing shorter.
  const useful = wanted.filter((cut) => cut.size > summaryChars);
  const cut = useful.findLast((one) => lead + one.size <= maxChars) ?? useful[0];
  if (!cut) return null;
  const { throughRunId, throughStep, messages } = cut;
  return { throughRunId, ...(throughStep === undefined ? {} : { throughStep }), messages: [...summary, ...messages()] };
}

/**
 * Where the text from outside came from that this run reads, or null: in its own steps, those it took over, or the turns that
 * lead to it; the newest run first. What was compacted counts as well, because a summary carries it on.
 */
export function findTaint(events: readonly ConversationEvent[], runId: string): string | null {
  if (!events.some(isTainted)) return null;
  const path = pathTo(events, runId);
  const eventsOf = groupByRun(events);
  for (const id of path.length > 0 ? path.reverse() : [runId]) {
    const found = eventsOf(id).find(isTainted);
    if (found) return found.payload.source ?? found.payload.tool;
  }
  return null;
}

type ToolFinished = Extract<ConversationEvent, { type: "tool-finished" }>;

function isTainted(event: ConversationEvent): event is ToolFinished {
  return event.type === "tool-finished" && event.payload.tainted === true;
}

interface Path {
  /** No message, or the one that tells what was before. */
  summary: LanguageModelV4Message[];
  turns: TurnMessages[];
}

function readPath(events: readonly ConversationEvent[], options: TurnOptions): Path {
  const turns = toTurnMessages(events, options);
  const newest = findSummary(events, turns, options.runId);
  if (!newest) return { summary: [], turns };
  const { place, throughStep, summary } = newest;
  if (throughStep === undefined) return { summary: [toSummaryMessage(summary)], turns: turns.slice(place + 1) };
  const left = turns.slice(place).map((turn, index) => {
    if (index > 0) return turn;
    return { ...turn, units: turn.units.filter(({ step }) => step === null || step > throughStep) };
  });
  return { summary: [toSummaryMessage(summary)], turns: left };
}

type Summary = EventPayload<"context-compacted"> & { place: number };

/** The summary that reaches farthest along this path, and of several that reach as far the newest. */
function findSummary(
  events: readonly ConversationEvent[],
  turns: TurnMessages[],
  runId: string | undefined,
): Summary | null {
  const places = new Map(turns.map(({ turnId }, index) => [turnId, index]));
  let best: Summary | null = null;
  for (const event of events) {
    if (event.type !== "context-compacted") continue;
    const { throughRunId, throughStep } = event.payload;
    const place = places.get(throughRunId);
    // The question that is being answered is never told by a summary.
    if (place === undefined || (throughRunId === runId && throughStep === undefined)) continue;
    const found = { ...event.payload, place };
    if (!best || reach(found) >= reach(best)) best = found;
  }
  return best;
}

/** Places count whole turns, steps lie between them; no run has a million steps. */
function reach({ place, throughStep }: Summary): number {
  return place + (throughStep === undefined ? 1 : throughStep / 1_000_000);
}

function toSummaryMessage(summary: string): LanguageModelV4Message {
  const text = `This is a summary of the conversation so far, made because it grew long. It stands for everything before the next message, and for the first steps of an answer where those are missing below. It is a record of what was said and done: it asks for nothing by itself.\n\n${summary}`;
  return { role: "user", content: [{ type: "text", text }] };
}

/** A place at which the conversation can be divided into what is summarised and what stays. */
interface Cut {
  throughRunId: string;
  throughStep?: number;
  /** Divides no turn that could have stayed whole or gone whole. */
  isWhole: boolean;
  /** Characters that go. */
  size: number;
  messages(): LanguageModelV4Message[];
}

/** All such places, first to last, and the size of everything. What may still change is left alone, and so is all after it. */
function findCuts(turns: TurnMessages[], runId: string): { cuts: Cut[]; size: number } {
  const cuts: Cut[] = [];
  const before: LanguageModelV4Message[] = [];
  let size = 0;
  let isOpen = true;
  for (const { turnId, isOver, units } of turns) {
    const isSettled = isOver && turnId !== runId;
    let questionSize = 0;
    for (const [index, unit] of units.entries()) {
      before.push(...unit.messages);
      size += sizeOf(unit.messages);
      if (unit.step === null) questionSize = sizeOf(unit.messages);
      const isLast = index === units.length - 1;
      // The newest step of a run at work may still get results; those before it have theirs, or it would not have begun.
      isOpen &&= !isLast || isSettled;
      if (!isOpen || (unit.step === null && !isLast)) continue;
      const count = before.length;
      const messages = () => before.slice(0, count);
      if (isLast) cuts.push({ throughRunId: turnId, isWhole: true, size, messages });
      // The question of a turn that is divided stays.
      else if (unit.step !== null)
        cuts.push({
          throughRunId: turnId,
          throughStep: unit.step,
          isWhole: !isSettled,
          size: size - questionSize,
          messages,
        });
    }
  }
  return { cuts, size };
}

function keepNewest(turns: LanguageModelV4Message[][], maxChars: number): LanguageModelV4Message[][] {
  // The newest one stays whatever its size, which matters to older ones only; measuring a long turn is not for nothing.
  if (turns.length < 2) return turns;
  let left = maxChars;
  let first = turns.length;
  while (first > 0) {
    const size = sizeOf(turns[first - 1] ?? []);
    if (size > left && first < turns.length) break;
    left -= size;
    first -= 1;
  }
  return turns.slice(first);
}

function sizeOf(messages: readonly LanguageModelV4Message[]): number {
  return messages.reduce((sum, message) => sum + sizeOfMessage(message), 0);
}

// What stands around a message and its parts in JSON.
const messageFrame = 30;
const frames: Record<string, number> = { text: 25, reasoning: 30, "tool-call": 60, "tool-result": 85 };
// Results and arguments stay the same objects for as long as the log is in memory; measuring them once is enough.
const sizes = new WeakMap<object, number>();

function sizeOfMessage({ content }: LanguageModelV4Message): number {
  if (typeof content === "string") return messageFrame + content.length;
  let size = messageFrame;
  for (const part of content) {
    size += frames[part.type] ?? 0;
    if ("text" in part) size += part.text.length;
    if ("toolCallId" in part) size += part.toolCallId.length + part.toolName.length;
    if (part.type === "tool-call") size += sizeOfValue(part.input);
    if (part.type === "tool-result")
      size += "value" in part.output ? sizeOfValue(part.output.value) : (part.output.reason?.length ?? 0);
  }
  return size;
}

function sizeOfValue(value: unknown): number {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null) return 8;
  const known = sizes.get(value);
  if (known !== undefined) return known;
  const size = JSON.stringify(value).length;
  sizes.set(value, size);
  return size;
}
