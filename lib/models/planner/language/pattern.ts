import { groups } from "./vocabulary";
import { isMistyped, stemOf, type Word } from "./words";

/**
 * A sentence pattern, matched word by word from the beginning of a clause, never inside of words:
 *
 * | part | means |
 * |---|---|
 * | `word`, `a\|b` | this word in any of its forms, or one of these |
 * | `set_up` | two words in a row |
 * | `@group` | one of the words of a group in vocabulary.ts |
 * | `word?` | may be left out |
 * | `<slot>` | one word or more, kept under this name; `<slot?>` none or more |
 * | `~` | up to four words of any kind |
 * | `:` | this sign |
 * | `$` | the clause ends here |
 */
export type Pattern = readonly Part[];

type Part =
  | { kind: "literal"; choices: string[][]; isOptional: boolean }
  | { kind: "slot"; name: string; isOptional: boolean }
  | { kind: "sign"; sign: string }
  | { kind: "gap" }
  | { kind: "end" };

/** What a pattern found: for each slot the range of words it covers. */
export interface Found {
  slots: Record<string, { from: number; to: number }>;
  /** Index of the word after the last one that was matched. */
  end: number;
}

const maxGap = 4;
const maxSlotWords = 60;
/** Signs that a pattern passes over; quotes and commas do not change what is asked. */
const passable = new Set([...`,"'“”„‘’()*-–—!.?…:`]);

export function compilePattern(text: string): Pattern {
  return text.split(/\s+/).map((part): Part => {
    if (part === "~") return { kind: "gap" };
    if (part === "$") return { kind: "end" };
    if (part === ":") return { kind: "sign", sign: ":" };
    const slot = /^<(\w+)(\?)?>$/.exec(part);
    if (slot) return { kind: "slot", name: slot[1] ?? "", isOptional: slot[2] !== undefined };
    const isOptional = part.endsWith("?");
    const body = isOptional ? part.slice(0, -1) : part;
    const choices = body.split("|").flatMap((choice) => (choice.startsWith("@") ? groupOf(choice.slice(1)) : [choice]));
    return { kind: "literal", choices: choices.map((choice) => choice.split("_")), isOptional };
  });
}

/** Matches at `from`. Slots take as few words as they can, the last one all that are left. */
export function matchPattern(pattern: Pattern, words: readonly Word[], from = 0): Found | null {
  return step(pattern, 0, words, from, {});
}

type Slots = Found["slots"];

function step(pattern: Pattern, at: number, words: readonly Word[], index: number, slots: Slots): Found | null {
  const part = pattern[at];
  if (!part) return { slots, end: index };
  switch (part.kind) {
    case "end":
      return words.slice(index).every((word) => !word.isWord) ? { slots, end: words.length } : null;
    case "sign": {
      const next = words[index];
      return next?.text === part.sign ? step(pattern, at + 1, words, index + 1, slots) : null;
    }
    case "gap":
      return firstFound(index, Math.min(index + maxGap, words.length), (next) =>
        step(pattern, at + 1, words, next, slots),
      );
    case "slot":
      return matchSlot(pattern, at, part, words, index, slots);
    case "literal":
      return matchLiteral(pattern, at, part, words, index, slots);
  }
}

function matchSlot(
  pattern: Pattern,
  at: number,
  part: Extract<Part, { kind: "slot" }>,
  words: readonly Word[],
  index: number,
  slots: Slots,
): Found | null {
  const min = part.isOptional ? index : index + 1;
  const keep = (to: number) => ({ ...slots, [part.name]: { from: index, to } });
  if (at === pattern.length - 1) return words.length >= min ? { slots: keep(words.length), end: words.length } : null;
  return firstFound(min, Math.min(index + maxSlotWords, words.length), (to) =>
    step(pattern, at + 1, words, to, keep(to)),
  );
}

function matchLiteral(
  pattern: Pattern,
  at: number,
  part: Extract<Part, { kind: "literal" }>,
  words: readonly Word[],
  index: number,
  slots: Slots,
): Found | null {
  for (const choice of part.choices) {
    const next = readChoice(choice, words, index);
    const found = next === null ? null : step(pattern, at + 1, words, next, slots);
    if (found) return found;
  }
  return part.isOptional ? step(pattern, at + 1, words, index, slots) : null;
}

function readChoice(choice: readonly string[], words: readonly Word[], index: number): number | null {
  let at = index;
  for (const meant of choice) {
    while (at < words.length && words[at]?.text !== meant && passable.has(words[at]?.text ?? "")) at++;
    const word = words[at];
    if (!word || !isSameWord(word, meant)) return null;
    at++;
  }
  return at;
}

/** The same word, one of its forms, or a slip of the finger. */
function isSameWord(word: Word, meant: string): boolean {
  return word.lower === meant || word.stem === stemOfMeant(meant) || isMistyped(word.lower, meant);
}

/** The words of patterns are few and are asked for at every word of every message. */
const meantStems = new Map<string, string>();

function stemOfMeant(meant: string): string {
  const known = meantStems.get(meant);
  if (known !== undefined) return known;
  const stem = stemOf(meant);
  meantStems.set(meant, stem);
  return stem;
}

function firstFound(from: number, to: number, find: (index: number) => Found | null): Found | null {
  for (let index = from; index <= to; index++) {
    const found = find(index);
    if (found) return found;
  }
  return null;
}

function groupOf(name: string): readonly string[] {
  const group = groups[name];
  if (!group) throw new Error(`There is no group of words "${name}".`);
  return group;
}
