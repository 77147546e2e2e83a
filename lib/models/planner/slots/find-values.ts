import { isAdjunctWord } from "../language/question-pattern";
import type { Property } from "./read-schema";
import { stopWords, type Word } from "../language/words";

/** A stretch of the message that may be a value. */
export interface Candidate {
  text: string;
  /** Indices of its words, the last one excluded. */
  first: number;
  end: number;
  how: "quoted" | "id" | "name" | "phrase" | "possessive" | "called" | "colon" | "left";
  /** The word before it: "in", "for", … */
  preposition: string | null;
}

const prepositions = new Set(
  "in for of from about by to at near on with matching around named called as like containing regarding mentioning using via under".split(
    " ",
  ),
);
/** A phrase ends before these. */
const stoppers = new Set([
  ...prepositions,
  ..."and or but please thanks today tomorrow yesterday now tonight this next last that which who is are was were do does have has due since until before after between right currently via than if when what how".split(
    " ",
  ),
]);
const articles = new Set("the a an my our your his her their this that these those some any".split(" "));

/** Everything in the clause that may be a value, in the order of trust. `known` are stems that belong to the tool itself. */
export function findCandidates(words: readonly Word[], text: string, known: ReadonlySet<string>): Candidate[] {
  return [
    ...findQuoted(words, text),
    ...findCalled(words, text),
    ...findIds(words),
    ...findPossessives(words, text),
    ...findNames(words, text, known),
    ...findPhrases(words, text, known),
    ...findLeft(words, text, known),
  ];
}

function findQuoted(words: readonly Word[], text: string): Candidate[] {
  const found: Candidate[] = [];
  const start = words[0]?.start ?? 0;
  const piece = text.slice(start, words.at(-1)?.end ?? start);
  for (const match of piece.matchAll(
    /"([^"\n]{1,200})"|“([^”\n]{1,200})”|(?<![\w])'([^'\n]{1,200})'(?![\w])|„([^“”\n]{1,200})[“”]/g,
  )) {
    const inner = match[1] ?? match[2] ?? match[3] ?? match[4] ?? "";
    const [from, to] = [start + match.index, start + match.index + match[0].length];
    const inside = words.flatMap((word, index) => (word.start >= from && word.end <= to ? [index] : []));
    const [first, last] = [inside[0], inside.at(-1)];
    if (first !== undefined && last !== undefined)
      found.push({ text: inner.trim(), first, end: last + 1, how: "quoted", preposition: before(words, first) });
  }
  return found;
}

/** "called Buy milk", "named …", "titled …", "saying …", and whatever follows a colon. */
function findCalled(words: readonly Word[], text: string): Candidate[] {
  const found: Candidate[] = [];
  words.forEach((word, index) => {
    if (/^(called|named|titled|saying|says|labelled|labeled)$/.test(word.lower) && words[index + 1]?.isWord)
      found.push(make(words, text, index + 1, phraseEnd(words, index + 1, false), "called"));
    if (word.text === ":" && index + 1 < words.length)
      found.push(make(words, text, index + 1, trimSigns(words, words.length), "colon"));
  });
  return found;
}

/** Letters and digits mixed, with or without a hyphen or #, and whole numbers of four digits and more. */
function findIds(words: readonly Word[]): Candidate[] {
  return words.flatMap((word, index): Candidate[] => {
    const isId = /^#?[\p{L}\p{N}._-]*\d[\p{L}\p{N}._-]*$/u.test(word.text);
    const isDate = /^\d{4}-\d\d-\d\d$|^\d{1,2}(st|nd|rd|th)$/.test(word.text);
    return (isId || /^#\w+$/.test(word.text)) && !isDate
      ? [{ text: word.text, first: index, end: index + 1, how: "id", preposition: before(words, index) }]
      : [];
  });
}

/** "Anna's loans" */
function findPossessives(words: readonly Word[], text: string): Candidate[] {
  return words.flatMap((word, index): Candidate[] => {
    if (!/[\p{L}]'s$/u.test(word.text) || !word.isCapital) return [];
    let first = index;
    while (first > 0 && words[first - 1]?.isCapital && !stopWords.has(words[first - 1]?.lower ?? "")) first--;
    const candidate = make(words, text, first, index + 1, "possessive");
    return [{ ...candidate, text: candidate.text.replace(/'s$/, "") }];
  });
}

/** Runs of capitalised words that do not begin the sentence. */
function findNames(words: readonly Word[], text: string, known: ReadonlySet<string>): Candidate[] {
  const found: Candidate[] = [];
  for (let index = 0; index < words.length; index++) {
    if (!isName(words, index, known)) continue;
    let end = index + 1;
    while (end < words.length && (isName(words, end, known) || isInnerWord(words, end, known))) end++;
    found.push(make(words, text, index, end, "name"));
    index = end;
  }
  return found;
}

function isName(words: readonly Word[], index: number, known: ReadonlySet<string>): boolean {
  const word = words[index];
  if (!word?.isCapital || word.lower === "i" || /'s$/.test(word.text)) return false;
  const isFirst = words.slice(0, index).every(({ isWord }) => !isWord);
  return (
    !(known.has(word.stem) && !words[index + 1]?.isCapital) &&
    !(isFirst && stopWords.has(word.lower)) &&
    !(isFirst && known.has(word.stem))
  );
}

/** "The Tale of Genji": small words between capitals belong to the name. */
function isInnerWord(words: readonly Word[], index: number, known: ReadonlySet<string>): boolean {
  return (
    /^(of|the|and|de|la|le|van|von|der|du|di|da|al|el|for|in|on|-|&|\.)$/.test(words[index]?.lower ?? "") &&
    (isName(words, index + 1, known) || (words[index + 1]?.lower === "the" && isName(words, index + 2, known)))
  );
}

/** What follows a preposition: "in new york", "for the red car". */
function findPhrases(words: readonly Word[], text: string, known: ReadonlySet<string>): Candidate[] {
  return words.flatMap((word, index): Candidate[] => {
    if (!prepositions.has(word.lower)) return [];
    let first = index + 1;
    while (articles.has(words[first]?.lower ?? "") && words[first + 1]?.isWord) first++;
    const end = phraseEnd(words, first, true);
    if (end <= first || words.slice(first, end).every((one) => known.has(one.stem) || stopWords.has(one.lower)))
      return [];
    return [make(words, text, first, end, "phrase")];
  });
}

/** Words that nobody else explains: "weather lisbon". */
function findLeft(words: readonly Word[], text: string, known: ReadonlySet<string>): Candidate[] {
  const isLeft = (index: number) => {
    const word = words[index];
    return (
      word?.isWord === true &&
      !stopWords.has(word.lower) &&
      !stoppers.has(word.lower) &&
      !isAdjunctWord(word.lower) &&
      !known.has(word.stem) &&
      !/^§/.test(word.text)
    );
  };
  const found: Candidate[] = [];
  for (let index = 0; index < words.length; index++) {
    if (!isLeft(index)) continue;
    let end = index + 1;
    while (isLeft(end)) end++;
    found.push(make(words, text, index, end, "left"));
    index = end;
  }
  return found.reverse();
}

function phraseEnd(words: readonly Word[], from: number, stopsAtSmallWords: boolean): number {
  let end = from;
  while (end < words.length) {
    const word = words[end];
    if (!word || (!word.isWord && !/^[-&'/]$/.test(word.text))) break;
    const isInside = word.isCapital || (words[end + 1]?.isCapital === true && words[end - 1]?.isCapital === true);
    if (stopsAtSmallWords && end > from && stoppers.has(word.lower) && !isInside) break;
    if (stopsAtSmallWords && end === from && stoppers.has(word.lower) && !word.isCapital) break;
    if (!stopsAtSmallWords && /^(please|with|due|for|on|at|by|in)$/.test(word.lower) && end > from && !word.isCapital)
      break;
    end++;
  }
  return end;
}

function make(words: readonly Word[], text: string, first: number, end: number, how: Candidate["how"]): Candidate {
  const [from, to] = [words[first]?.start ?? 0, words[end - 1]?.end ?? 0];
  return { text: text.slice(from, to).trim(), first, end, how, preposition: before(words, first) };
}

function before(words: readonly Word[], first: number): string | null {
  for (let index = first - 1; index >= 0; index--) {
    const word = words[index];
    if (!word?.isWord || articles.has(word.lower)) continue;
    return prepositions.has(word.lower) ? word.lower : null;
  }
  return null;
}

function trimSigns(words: readonly Word[], end: number): number {
  return end > 0 && !words[end - 1]?.isWord ? trimSigns(words, end - 1) : end;
}

const likedPrepositions: Partial<Record<Property["kind"], readonly string[]>> = {
  place: ["in", "at", "near", "around", "for", "to", "from", "of"],
  person: ["of", "by", "for", "from", "with", "named", "called", "to"],
  query: ["for", "about", "matching", "containing", "like", "on", "named", "called", "regarding", "mentioning"],
  id: ["of", "for", "on", "with", "to", "named", "called", "from"],
  text: ["called", "named", "of", "for", "about", "as", "by", "in", "to", "with", "from", "on", "at"],
};

/** How well a candidate fits a property: lower is better, null not at all. */
export function rankCandidate(property: Property, candidate: Candidate): number | null {
  const liked = likedPrepositions[property.kind] ?? likedPrepositions.text ?? [];
  const own = {
    quoted: 0,
    called: property.kind === "text" ? 0 : 3,
    colon: property.kind === "text" || property.kind === "query" ? 1 : 4,
    id: property.kind === "id" ? 0 : 4,
    possessive: property.kind === "person" ? 0 : 5,
    name: 2,
    phrase: 3,
    left: 5,
  }[candidate.how];
  if (property.kind === "place" && candidate.how === "id" && /^\d+$/.test(candidate.text)) return null;
  const position = candidate.preposition === null ? 2 : liked.indexOf(candidate.preposition);
  const preposition = candidate.preposition === null ? 1 : position < 0 ? 3 : position / 10;
  return own + preposition;
}
