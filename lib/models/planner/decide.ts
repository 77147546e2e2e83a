import type { LanguageModelV4CallOptions } from "@ai-sdk/provider";
import {
  type Clause,
  isAsking,
  isNegated,
  listForms,
  listSplits,
  stripPoliteness,
  toSentences,
} from "./language/clauses";
import { followUps, type IntentName, intents } from "./intents";
import { type Message, readMessage } from "./language/message";
import { matchPattern } from "./language/pattern";
import { readTools, readToday, readTurns, type Turn } from "./read-prompt";
import { type Context, matchAny, type PlannedCall, type ReadTask, sayTask, type Step, type Task, textOf } from "./task";
import { askWhetherToBuild, readBuild } from "./tasks/build";
import { readAgenda, readCancel, readCreate, readMove, readWhenIs } from "./tasks/calendar";
import { continueCalculation, mathTool, readCalculation } from "./tasks/calculate";
import { readPersonalQuestion, readSearch, readStore, search, searchTool } from "./tasks/knowledge";
import { readSpending } from "./tasks/money";
import { readDisable, readEnable, readList, readRollback, readState } from "./tasks/modules";
import { pageTool, readPage, readUrl } from "./tasks/read-page";
import { readCode } from "./tasks/run-code";
import { isCancel, readTalk, sayNotUnderstood } from "./tasks/talk";
import { continueTime, readTime, timeTool } from "./tasks/tell-time";
import { continueTool, readToolRequest } from "./tasks/use-tool";
import type { Word } from "./language/words";

export interface Decision {
  text: string;
  calls: readonly PlannedCall[];
  /** Which turn and which step of it this is, from 1. */
  turn: number;
  step: number;
}

/** Questions about questions end somewhere. */
const maxDepth = 6;
const maxTasks = 6;
/** A list of many things is one wish; only the first few "and" can join two. */
const maxSplits = 8;
const maxSplitDepth = 3;
const readers: Partial<Record<IntentName, ReadTask>> = {
  build: readBuild,
  disable: readDisable,
  enable: readEnable,
  rollback: readRollback,
  "list-modules": readList,
  "module-state": readState,
  store: readStore,
  search: readSearch,
  "move-event": readMove,
  "cancel-event": readCancel,
  "create-event": readCreate,
  agenda: readAgenda,
  "when-is": readWhenIs,
  spending: readSpending,
  time: readTime,
  "read-page": readPage,
  "run-code": readCode,
};
/** Intents that change something: a request not to do it is no request. */
const changing = new Set<IntentName>([
  ...(["build", "disable", "enable", "rollback", "store"] as const),
  ...(["move-event", "cancel-event", "create-event"] as const),
]);
const mayFollow = new Set(["math", "time", "page", "search", "list-modules", "module-state", "build"]);
/** Said alone they are a request; beside one they are manners. */
const small = new Set(["greeting", "thanks", "goodbye"]);

/** What to do next in the last turn of the prompt: call tools, or answer. A pure function of prompt and tools. */
export function decide({ prompt, tools }: Pick<LanguageModelV4CallOptions, "prompt" | "tools">): Decision {
  const turns = readTurns(prompt);
  const last = turns.at(-1);
  const offered = readTools(tools);
  const today = readToday(prompt);
  if (!last) return { text: "There is no message to answer.", calls: [], turn: 0, step: 1 };
  const steps = advance(readTasks(turns, { tools: offered, today }, 0), last);
  const calls = steps.flatMap((step) => (step.kind === "call" ? step.calls : []));
  const position = { turn: turns.length, step: last.steps + 1 };
  return calls.length > 0
    ? { text: "", calls: withoutRepeats(calls), ...position }
    : { text: sayAll(steps), calls: [], ...position };
}

type Offer = Pick<Context, "tools" | "today">;

/** The requests of the last of these turns. Turns before it tell what a short reply or follow-up is about. */
function readTasks(turns: readonly Turn[], offer: Offer, depth: number): Task[] {
  const context: Context = { ...offer, past: turns.slice(0, -1) };
  const message = readMessage(turns.at(-1)?.message ?? "");
  const fresh = readFresh(message, context);
  const pending = depth < maxDepth ? findPending(turns, offer, depth) : null;
  if (pending) {
    // A whole new request is not the reply to a question; a pasted address may well be.
    const isReply = pending.isReply?.(message) ?? false;
    if (
      !isReply &&
      fresh.length > 0 &&
      !fresh.every((task) => task.isBare || small.has(task.name) || isOnlyAsking(task))
    )
      return fresh;
    if (isCancel(message)) return [sayTask("cancelled", "All right, I leave it.")];
    const resumed = pending.resume(message, context);
    if (resumed) return [resumed];
  }
  if (fresh.length > 0) return fresh;
  // Nothing was asked that could be left; said all the same, it is no riddle.
  if (message.words.filter(({ isWord }) => isWord).length <= 3 && isCancel(message))
    return [sayTask("cancelled", "All right, I leave it.")];
  const followed = readFollowUp(message, turns, context);
  if (followed) return [followed];
  const guessed = readPersonalQuestion(message.text, context);
  return [guessed ?? sayNotUnderstood(context)];
}

/** A word such as "weather" may begin another request, but only a reply is sure. */
function isOnlyAsking(task: Task): boolean {
  return task.name === "tool" && task.next([]).kind === "ask";
}

/** The question that the answer before this turn ended with, if it was one of the planner's own. */
function findPending(turns: readonly Turn[], offer: Offer, depth: number): Extract<Step, { kind: "ask" }> | null {
  const before = turns.at(-2);
  if (!before?.answer?.includes("?")) return null;
  const steps = advance(readTasks(turns.slice(0, -1), offer, depth + 1), before);
  const asked = steps.find((step) => step.kind === "ask");
  return asked?.kind === "ask" && sameText(before.answer, sayAll(steps)) ? asked : null;
}

function readFresh(message: Message, context: Context): Task[] {
  const tasks: Task[] = [];
  const whole: Clause = { words: message.words, isQuestion: message.raw.trimEnd().endsWith("?") };
  const sentences = toSentences(message);
  for (const sentence of sentences) tasks.push(...readSentence(sentence, message, context));
  // "Here is a sample reply: … Make an integration." says it in two sentences, and a note may have several.
  const built = tasks.find((task) => task.name === "build");
  if (built)
    return unique([built, ...tasks.filter((task) => task.name !== "page" && task.name !== "build" && !task.isBare)]);
  if (tasks.some((task) => task.name === "store")) return unique(tasks.filter((task) => !task.isBare));
  if (tasks.length === 0) {
    const task = readCalculation(stripPoliteness(whole), message, context) ?? askWhetherToBuild(message, context);
    return task ? [task] : [];
  }
  const real = tasks.filter((task) => !small.has(task.name));
  return unique(real.length > 0 ? real : tasks.slice(0, 1)).slice(0, maxTasks);
}

/** One request, or two that "and" joins when each of them stands alone. */
function readSentence(sentence: Clause, message: Message, context: Context, depth = 0): Task[] {
  const whole = readClause(sentence, message, context);
  if (whole && (whole.name === "store" || whole.name === "build" || whole.name === "code")) return [whole];
  const splits = depth < maxSplitDepth ? listSplits(sentence).slice(0, maxSplits) : [];
  for (const { left, right } of splits) {
    const first = readSentence(left, message, context, depth + 1);
    if (first.length === 0) continue;
    const own = readSentence(right, message, context, depth + 1);
    const second = own.length > 0 ? own : continueRequest(first, right, message, context);
    if (second.length > 0 && !isSameKind(first, second, whole)) return [...first, ...second];
    // What is to be kept is kept, whatever becomes of the question after it.
    if (!whole && sentence.isQuestion && first.at(-1)?.name === "store" && isAsking(right.words))
      return [...first, readPersonalQuestion(textOf(right.words, message), context) ?? sayNotUnderstood(context)];
  }
  if (whole) return [whole];
  // "I have to split the bill, what is 127.80 / 4?": what comes first only explains. Nothing is changed on such grounds, but a build, which
  // is a request in plain words and comes up for review.
  for (const { right } of splits) {
    const task = readClause(right, message, context);
    if (task && mayFollow.has(task.name)) return [task];
  }
  return [];
}

/** "the weather in Lisbon and in Berlin": the second part changes only what it names. */
function continueRequest(first: readonly Task[], right: Clause, message: Message, context: Context): Task[] {
  const step = first.at(-1)?.next([]);
  const call = step?.kind === "call" ? step.calls.at(-1) : undefined;
  const isShort = right.words.filter(({ isWord }) => isWord).length <= 4;
  if (!call || !isShort || !matchAny(followUps, right.words)) return [];
  const task = continueTool(right, message, context, { ...call, result: null });
  return task ? [task] : [];
}

/** "the weather in Rome and the forecast" may be one request that was understood as a whole. */
function isSameKind(first: readonly Task[], second: readonly Task[], whole: Task | null): boolean {
  const names = [...first, ...second].map((task) => task.name);
  return (
    whole !== null &&
    whole.name !== "math" &&
    whole.name !== "not-understood" &&
    new Set([...names, whole.name]).size === 1 &&
    whole.name !== "tool" &&
    whole.name !== "page"
  );
}

/** The same words come up again and again while a sentence is taken apart. */
const readings = new WeakMap<Message, Map<string, Task | null>>();

function readClause(clause: Clause, message: Message, context: Context): Task | null {
  const known = readings.get(message) ?? new Map<string, Task | null>();
  readings.set(message, known);
  const key = `${clause.words[0]?.start}-${clause.words.at(-1)?.end}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const task = readNewClause(clause, message, context);
  known.set(key, task);
  return task;
}

function readNewClause(clause: Clause, message: Message, context: Context): Task | null {
  const forms = listForms(clause);
  const bare = stripPoliteness(clause);
  const talk: Task[] = [];
  const calculate = (isWhole: boolean) =>
    forms.map((form) => readCalculation(form, message, context, isWhole)).find((task) => task !== null);
  // A calculation in the middle of what is looked up or kept is a part of that.
  const noted = () =>
    forms.map((form) => readIntent(form, bare, message, context, ofNotes)).find((task) => task !== null);
  const sure = calculate(true) ?? noted() ?? calculate(false);
  if (sure) return sure;
  for (const form of forms) {
    const task = readIntent(form, bare, message, context);
    if (task && !small.has(task.name)) return task;
    if (task) talk.push(task);
  }
  // Whatever should not be done is not looked up either.
  if (isNegated(clause)) return sayTask("declined", "All right, I will not do that.");
  return readToolRequest(clause, message, context) ?? talk[0] ?? null;
}

const ofNotes = intents.filter(({ intent }) => intent === "search" || intent === "store");

function readIntent(
  form: Clause,
  bare: Clause,
  message: Message,
  context: Context,
  among: typeof intents = intents,
): Task | null {
  for (const { intent, pattern } of among) {
    const found = matchPattern(pattern, form.words);
    if (!found) continue;
    const reader = readers[intent];
    if (changing.has(intent) && (isNegated(form) || isNegated(bare))) continue;
    const task = reader ? reader(form, message, context, found) : readTalk(intent, context);
    if (task) return task;
  }
  return null;
}

/** "and in Tokyo?", "what about tomorrow?": the tool of the turn before, with what changed. */
function readFollowUp(message: Message, turns: readonly Turn[], context: Context): Task | null {
  const last = turns.at(-2)?.calls.at(-1);
  const words: readonly Word[] = message.words.filter((word, index) => word.isWord || index < message.words.length - 1);
  const found = matchAny(followUps, words);
  const rest = found?.slots.rest;
  if (!last || !rest || words.length > 14) return null;
  const full: Clause = { words, isQuestion: true };
  const clause: Clause = { words: words.slice(rest.from, rest.to), isQuestion: true };
  if (last.tool === timeTool) return continueTime(clause, message, context);
  if (last.tool === mathTool) return continueCalculation(clause, message, last);
  if (last.tool === searchTool) return search(message.text, false);
  if (last.tool === pageTool && message.urls[0]) return readUrl(message.urls[0]);
  return continueTool(full, message, context, last);
}

function advance(tasks: readonly Task[], turn: Turn): Step[] {
  return tasks.map((task) => task.next(turn.calls));
}

/** Answers in the order of the requests, then at most one question. */
function sayAll(steps: readonly Step[]): string {
  const said = steps.flatMap((step) => (step.kind === "say" ? [step.text] : []));
  const asked = steps.find((step) => step.kind === "ask");
  return [...new Set(said), ...(asked?.kind === "ask" ? [asked.question] : [])].join("\n\n");
}

function withoutRepeats(calls: readonly PlannedCall[]): PlannedCall[] {
  const seen = new Map(calls.map((call) => [JSON.stringify(call), call]));
  return [...seen.values()];
}

/** The same wish said twice in one message is one wish. */
function unique(tasks: readonly Task[]): Task[] {
  const seen = new Set<string>();
  return tasks.filter((task) => {
    const key = `${task.name} ${JSON.stringify(task.next([]))}`;
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

function sameText(left: string, right: string): boolean {
  return left.replace(/\s+/g, " ").trim() === right.replace(/\s+/g, " ").trim();
}
