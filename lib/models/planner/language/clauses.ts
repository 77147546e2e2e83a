import type { Message } from "./message";
import { compilePattern, matchPattern, type Pattern } from "./pattern";
import { politeBeginnings, politeEndings } from "./vocabulary";
import type { Word } from "./words";

/** A stretch of the message that may be a request of its own. Words are those of the message, with its offsets. */
export interface Clause {
  words: readonly Word[];
  /** Ends with a question mark. */
  isQuestion: boolean;
}

const maxWords = 400;
const beginnings = politeBeginnings.map(compilePattern);
const endings = politeEndings.map((text) => compilePattern(`${text} $`));
const joiners = new Set(["and", "then", "also", "plus"]);

/** The sentences of a message. */
export function toSentences({ words, text }: Message): Clause[] {
  const sentences: Clause[] = [];
  let current: Word[] = [];
  const close = (sign: string) => {
    if (current.some((word) => word.isWord || word.text.startsWith("§")))
      sentences.push({ words: current, isQuestion: sign === "?" });
    current = [];
  };
  const limited = words.slice(0, maxWords);
  limited.forEach((word, index) => {
    const next = limited[index + 1];
    if (next && word.end < next.start && text.slice(word.end, next.start).includes("\n")) {
      current.push(word);
      if (!/[:,]/.test(word.text)) close(word.text);
      return;
    }
    const isEnd =
      /^[.!?;]$/.test(word.text) &&
      (!next || next.start > word.end || /^[.!?]$/.test(next.text)) &&
      !isInside(current.at(-1), word, next);
    if (!isEnd) current.push(word);
    else close(word.text);
  });
  close("");
  return sentences;
}

/** "Mr. Novak", "A. Lem" and "5! + 1": a sign that ends no sentence. */
function isInside(before: Word | undefined, sign: Word, next: Word | undefined): boolean {
  if (!before || before.end !== sign.start || !next) return false;
  if (sign.text === ".")
    return (
      /^(mr|mrs|ms|dr|prof|st|no|nr|vs|etc|e\.g|i\.e|approx|str)$/.test(before.lower) || /^\p{Lu}$/u.test(before.text)
    );
  return sign.text === "!" && /\d$/.test(before.text) && !next.isCapital;
}

const isAside = (words: readonly Word[]) => words.slice(0, 2).some(({ lower }) => lower === "note");

/** The places where a sentence may fall into two requests: "and", "then", a comma before a new beginning. */
export function listSplits(clause: Clause): { left: Clause; right: Clause }[] {
  const { words } = clause;
  const splits: { left: Clause; right: Clause }[] = [];
  words.forEach((word, index) => {
    const isJoiner = joiners.has(word.lower);
    if (!isJoiner && word.text !== "," && word.text !== "&") return;
    const left = words.slice(0, index).filter((_, at) => at < index);
    const right = words.slice(index + 1);
    if (countWords(left) < 2 || countWords(right) < 2) return;
    const isJoined = isJoiner || joiners.has(right[0]?.lower ?? "");
    splits.push({
      // In "remember the code is 12, and what time is it?" the mark belongs to what asks, also where "and" is left out;
      // "note that I am no morning person, what time is it?" only says why.
      left: {
        words: trimJoiners(left),
        isQuestion: clause.isQuestion && !(isAsking(right) && (isJoined || !(isAsking(left) || isAside(left)))),
      },
      right: { words: right, isQuestion: clause.isQuestion },
    });
  });
  return splits;
}

const questionWords = new Set("what which who whose when where why how is are do does did can could will".split(" "));

/** Does it begin as a question does? */
export function isAsking(words: readonly Word[]): boolean {
  return questionWords.has(words.find(({ isWord, lower }) => isWord && !joiners.has(lower))?.lower ?? "");
}

/** The clause without politeness around it. */
export function stripPoliteness(clause: Clause): Clause {
  let words = clause.words;
  for (;;) {
    const shorter = stripOnce(words);
    if (shorter === null) break;
    words = shorter;
  }
  return { ...clause, words: stripEnd(words) };
}

/** Every form the clause takes while politeness is removed: as it was said, then shorter and shorter. */
export function listForms(clause: Clause): Clause[] {
  const forms: Clause[] = [];
  let words: readonly Word[] | null = clause.words;
  while (words !== null) {
    const trimmed = stripEnd(words);
    if (trimmed.length > 0) forms.push({ ...clause, words: trimmed });
    if (trimmed.length < words.length) forms.push({ ...clause, words });
    words = stripOnce(words);
  }
  return forms;
}

/** Was it said that this should not be done? */
export function isNegated(clause: Clause): boolean {
  const forms = [clause.words, stripPoliteness(clause).words];
  if (forms.some((words) => matchPattern(notNegations, words))) return false;
  return forms.some((words) => negations.some((pattern) => matchPattern(pattern, words) !== null));
}

/** "Do not forget …" and "do not let me forget …" ask for something. */
const notNegations = compilePattern("please? do not|never let? me|us? forget");

const negations: readonly Pattern[] = [
  "do not|never",
  "not",
  "there is no need to",
  "no need to",
  "stop|avoid|refrain from?",
  "i do not|never want|need|think",
  "you do not have|need to",
  "you should|must not|never",
  "i will not",
  "without",
].map(compilePattern);

function stripOnce(words: readonly Word[]): readonly Word[] | null {
  const first = words.findIndex((word) => word.isWord || word.text.startsWith("§"));
  if (first > 0) return words.slice(first);
  for (const pattern of beginnings) {
    const found = matchPattern(pattern, words);
    // Something has to be left that the politeness was about.
    if (found && found.end > 0 && countWords(words.slice(found.end)) > 0) return words.slice(found.end);
  }
  return null;
}

function stripEnd(words: readonly Word[]): readonly Word[] {
  let last = words.length;
  while (last > 0 && isClosingSign(words[last - 1]) && !isFactorial(words, last - 1)) last--;
  const trimmed = words.slice(0, last);
  for (let at = Math.max(1, trimmed.length - 8); at < trimmed.length; at++)
    if (trimmed[at]?.isWord && endings.some((pattern) => matchPattern(pattern, trimmed.slice(at))))
      return stripEnd(trimmed.slice(0, at));
  return trimmed;
}

/** "5!" */
function isFactorial(words: readonly Word[], at: number): boolean {
  const [number, sign] = [words[at - 1], words[at]];
  return sign?.text === "!" && number !== undefined && /^\d+$/.test(number.text) && number.end === sign.start;
}

function isClosingSign(word: Word | undefined): boolean {
  return word !== undefined && !word.isWord && /^[.,!?;…]$/.test(word.text);
}

function trimJoiners(words: readonly Word[]): readonly Word[] {
  const last = words.at(-1);
  return last && (joiners.has(last.lower) || last.text === ",") ? trimJoiners(words.slice(0, -1)) : words;
}

function countWords(words: readonly Word[]): number {
  return words.filter((word) => word.isWord || word.text.startsWith("§")).length;
}
