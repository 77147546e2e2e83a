import { isDeepStrictEqual } from "node:util";
import type { Clause } from "./language/clauses";
import { type Message, restore } from "./language/message";
import { type Found, matchPattern, type Pattern } from "./language/pattern";
import type { CallResult, OfferedTool, PastCall, Turn } from "./read-prompt";
import type { Word } from "./language/words";

/** A tool and what to give it. */
export interface PlannedCall {
  tool: string;
  input: Record<string, unknown>;
}

/**
 * What a task wants next: calls, or words. A question is put once; `resume` reads the reply to it and gives the task that the
 * question was about, or null when the reply is about something else.
 */
export type Step =
  | { kind: "call"; calls: PlannedCall[] }
  | { kind: "say"; text: string }
  | {
      kind: "ask";
      question: string;
      resume(reply: Message, context: Context): Task | null;
      /** True where the words are surely the reply, although they could be a request as well: "all day". */
      isReply?(reply: Message): boolean;
    };

/** One request of the person. It holds no state: what comes next follows from the calls made in this turn. */
export interface Task {
  name: string;
  /** Recognised by what was pasted alone, without a word of what to do with it. */
  isBare?: boolean;
  next(calls: readonly PastCall[]): Step;
}

/** What every task may look at. */
export interface Context {
  tools: readonly OfferedTool[];
  today: Date | null;
  /** Turns before this one, oldest first. */
  past: readonly Turn[];
}

/** Reads a clause, politeness removed, as one kind of request; null when it is none. */
export type ReadTask = (clause: Clause, message: Message, context: Context, found: Found) => Task | null;

export function hasTool(context: Context, name: string): boolean {
  return context.tools.some((tool) => tool.name === name);
}

/** A task of one call and an answer made of its result. */
export function callTask(name: string, call: PlannedCall, answer: (output: unknown) => string, isBare = false): Task {
  return {
    name,
    isBare,
    next(calls) {
      const result = findResult(calls, call);
      if (result === undefined) return { kind: "call", calls: [call] };
      return { kind: "say", text: describeResult(result, answer) };
    },
  };
}

export function sayTask(name: string, text: string): Task {
  return { name, next: () => ({ kind: "say", text }) };
}

export function askTask(
  name: string,
  question: string,
  resume: (reply: Message, context: Context) => Task | null,
  isReply?: (reply: Message) => boolean,
): Task {
  return { name, next: () => ({ kind: "ask", question, resume, isReply }) };
}

/** The result of exactly this call in this turn; undefined while it was not made. */
export function findResult(calls: readonly PastCall[], { tool, input }: PlannedCall): CallResult | undefined {
  // The log keeps the members of an object in an order of its own, so their order says nothing.
  const wanted: unknown = JSON.parse(JSON.stringify(input));
  const found = calls.find((call) => call.tool === tool && isDeepStrictEqual(call.input, wanted));
  return found ? (found.result ?? { kind: "failed", message: "There is no result yet.", hint: null }) : undefined;
}

/** Words for a result: the answer, or what went wrong. */
export function describeResult(result: CallResult, answer: (output: unknown) => string): string {
  if (result.kind === "ok") return answer(result.output);
  if (result.kind === "denied") return "I did not do this, because you did not allow it.";
  return [result.message, result.hint].filter(Boolean).join(" ");
}

/** The text of a slot, with pasted things put back; empty when it has no words. */
export function slotText(found: Found, name: string, words: readonly Word[], message: Message): string {
  const slot = found.slots[name];
  return slot ? textOf(words.slice(slot.from, slot.to), message) : "";
}

export function slotWords(found: Found, name: string, words: readonly Word[]): readonly Word[] {
  const slot = found.slots[name];
  return slot ? words.slice(slot.from, slot.to) : [];
}

export function textOf(words: readonly Word[], message: Message): string {
  const [first, last] = [words[0], words.at(-1)];
  return first && last ? restore(message, message.text.slice(first.start, last.end)) : "";
}

export function matchAny(patterns: readonly Pattern[], words: readonly Word[]): Found | null {
  for (const pattern of patterns) {
    const found = matchPattern(pattern, words);
    if (found) return found;
  }
  return null;
}
