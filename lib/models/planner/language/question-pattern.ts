import { sameThings, verbClasses } from "./vocabulary";
import { isMistyped, stemOf, stopWords, toWords, type Word } from "./words";

/** A question a tool says it answers: "Which loans does {member} have?" */
export interface QuestionPattern {
  items: readonly Item[];
  /** Stems that carry it. */
  stems: readonly string[];
}

type Item = { kind: "word"; lower: string; stem: string; isOptional: boolean } | { kind: "slot"; name: string };

const maxSlotWords = 8;
const maxItems = 30;
const readVerbs = new Set((verbClasses.read ?? []).map(stemOf));
/** By its stem, in the singular and the plural ("movies" and "movie" have two). */
const sameThing = new Map(
  sameThings.flatMap((row) => row.flatMap((word) => [word, `${word}s`].map((form) => [stemOf(form), row] as const))),
);
/** Left out when a question is compared, because people leave them out. */
const optional = new Set([...stopWords, "there"]);

/** Reads `{name}` as a slot; a name or number of an example ("the weather in Berlin") as a slot without a name. */
export function compileQuestion(text: string): QuestionPattern {
  const items: Item[] = [];
  for (const piece of text.split(/(\{\w+\})/)) {
    const slot = /^\{(\w+)\}$/.exec(piece);
    if (slot) items.push({ kind: "slot", name: slot[1] ?? "" });
    else
      for (const word of toWords(piece).filter(({ isWord }) => isWord)) {
        const isExample = items.length > 0 && (/\d/.test(word.text) || (word.isCapital && word.lower !== "i"));
        const last = items.at(-1);
        if (!isExample)
          items.push({ kind: "word", lower: word.lower, stem: word.stem, isOptional: optional.has(word.lower) });
        else if (last?.kind !== "slot") items.push({ kind: "slot", name: "" });
      }
  }
  const limited = items.slice(0, maxItems);
  return {
    items: limited,
    stems: limited.flatMap((item) => (item.kind === "word" && !item.isOptional ? [item.stem] : [])),
  };
}

/** A value that a message has where the question has a slot. */
export interface Capture {
  name: string;
  words: readonly Word[];
}

/** Does the message ask this question? The words of its slots, or null. Small words may be missing on both sides. */
export function alignQuestion({ items }: QuestionPattern, all: readonly Word[]): Capture[] | null {
  const words = all.filter(({ isWord, text }) => isWord || text.startsWith("§"));
  if (words.length === 0 || words.length > 60) return null;
  return align({ items, words, dead: new Set() }, 0, 0);
}

interface Search {
  items: readonly Item[];
  words: readonly Word[];
  /** Positions from which nothing was found: no way of getting there changes that. */
  dead: Set<number>;
}

function align(search: Search, at: number, index: number): Capture[] | null {
  const key = at * 1000 + index;
  if (search.dead.has(key)) return null;
  const found = alignItem(search, at, index);
  if (!found) search.dead.add(key);
  return found;
}

function alignItem(search: Search, at: number, index: number): Capture[] | null {
  const { items, words } = search;
  const item = items[at];
  const word = words[index];
  if (!item) return words.slice(index).every((rest) => isSkippable(rest) || isAdjunct(rest)) ? [] : null;
  if (item.kind === "slot") return alignSlot(search, at, item.name, index);
  if (word && isSame(item, word)) {
    const rest = align(search, at + 1, index + 1);
    if (rest) return rest;
  }
  if (item.isOptional) {
    const rest = align(search, at + 1, index);
    if (rest) return rest;
  }
  return word && isSkippable(word) ? align(search, at, index + 1) : null;
}

function alignSlot(search: Search, at: number, name: string, index: number): Capture[] | null {
  const { words } = search;
  const first = words[index];
  if (!first) return null;
  // Small words before a value belong to the sentence, unless the value begins with one ("The Hague").
  if ((isSkippable(first) && !first.isCapital) || introducers.has(first.lower))
    return alignSlot(search, at, name, index + 1);
  for (let to = index + 1; to <= Math.min(index + maxSlotWords, words.length); to++) {
    if (!isValueWord(words, to - 1, index)) return null;
    const rest = isSkippable(words[to - 1] as Word) && !words[to - 1]?.isCapital ? null : align(search, at + 1, to);
    if (rest) return [{ name, words: words.slice(index, to) }, ...rest];
  }
  return null;
}

/** A value has no verbs and no new beginnings in it: small words only where names have them ("Tale of Genji"). */
function isValueWord(words: readonly Word[], at: number, first: number): boolean {
  const word = words[at];
  if (!word || word.isCapital || !optional.has(word.lower)) return true;
  const isJoined =
    /^(and|or|in|to|for|on)$/.test(word.lower) &&
    words[at + 1]?.isCapital === true &&
    words[at - 1]?.isCapital === true;
  return at > first && (/^(of|the|a|an|de|la|with|by)$/.test(word.lower) || isJoined);
}

/** Words that announce a value and are no part of it. */
const introducers = new Set(["called", "named", "titled", "matching", "like"]);

function isSame(item: Extract<Item, { kind: "word" }>, word: Word): boolean {
  if (item.lower === word.lower || item.stem === word.stem || isMistyped(word.lower, item.lower)) return true;
  const thing = sameThing.get(item.stem);
  if (thing !== undefined && thing === sameThing.get(word.stem)) return true;
  return readVerbs.has(item.stem) && readVerbs.has(word.stem);
}

/** When and how many: a question with such words at its end is the same question with one more wish. */
function isAdjunct({ lower }: Word): boolean {
  return adjuncts.has(lower) || /^\d{1,4}(?:st|nd|rd|th)?$/.test(lower) || /^\d{4}-\d\d-\d\d$/.test(lower);
}

const adjuncts = new Set(
  "recent latest newest upcoming current today tomorrow yesterday tonight since until till before after between next last past previous this first top day days week weeks month months year years weekend hour hours monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec".split(
    " ",
  ),
);

/** Is this a time ("since 1 November", "month") and no name? */
export function isTime(words: readonly Word[]): boolean {
  const isNumber = words.every(({ lower }) => /^\d/.test(lower));
  return (
    !isNumber &&
    (/^(since|until|till|before|after|between|next|last|past)$/.test(words[0]?.lower ?? "") ||
      words.every((word) => isAdjunct(word) && !word.isCapital))
  );
}

/** Words of when and how many. */
export function isAdjunctWord(lower: string): boolean {
  return adjuncts.has(lower);
}

function isSkippable(word: Word): boolean {
  return optional.has(word.lower) && !/^(?:not|no)$/.test(word.lower);
}
