import { alignQuestion, type Capture, compileQuestion, type QuestionPattern } from "./question-pattern";
import type { OfferedTool } from "./read-prompt";
import { readProperties, splitName } from "./read-schema";
import { synonyms, verbClasses } from "./vocabulary";
import { isMistyped, stemOf, stopWords, toWords, type Word } from "./words";

/** What the planner knows of a tool it has never seen. */
export interface ToolProfile {
  tool: OfferedTool;
  /** How much each stem speaks for this tool, 0 to 1. */
  weights: ReadonlyMap<string, number>;
  /** What it is about: the words of its name and title, without the module's own. */
  subject: ReadonlySet<string>;
  questions: readonly QuestionPattern[];
  verbClass: string;
  isList: boolean;
}

export interface Choice {
  profile: ToolProfile;
  score: number;
  /** The same without its questions, for when the values of a question turn out to be none. */
  overlap: number;
  captures: readonly Capture[];
}

const related = new Map<string, Set<string>>();
for (const row of synonyms)
  for (const word of row) {
    const stem = stemOf(word);
    const others = related.get(stem) ?? new Set<string>();
    for (const other of row) if (stemOf(other) !== stem) others.add(stemOf(other));
    related.set(stem, others);
  }
const classOf = new Map(Object.entries(verbClasses).flatMap(([name, verbs]) => verbs.map((verb) => [stemOf(verb), name] as const)));
/** Below this, saying that nothing was understood is more honest than an answer. */
export const minScore = 0.5;
const synonymWeight = 0.7;

/** Reads the tools of modules once per call of the model. */
export function profileTools(tools: readonly OfferedTool[]): ToolProfile[] {
  const names = tools.map(({ name }) => splitName(name).map(stemOf));
  return tools.map((tool, index) => {
    const own = names[index] ?? [];
    // Titles of modules' tools are "<module>: <operation>"; without one, what tools of a module share is the module's name.
    const said = /^.{1,80}?: (.+)$/.exec(tool.title)?.[1];
    const operation = said ? splitName(said).map(stemOf) : own.slice(longestShared(own, names, index));
    const title = contentStems(tool.title);
    // "book" and "order" are verbs only where an operation's name begins.
    const isVerb = (stem: string, at: number) => (at === 0 && operation.length > 1 && classOf.has(stem)) || classOf.get(stem) === "read";
    const subject = new Set(operation.filter((stem, at) => !isVerb(stem, at) && !stopWords.has(stem)));
    const questions = tool.questions.map(compileQuestion);
    const weights = new Map<string, number>();
    const add = (stems: Iterable<string>, weight: number) => {
      for (const stem of stems) weights.set(stem, Math.max(weight, weights.get(stem) ?? 0));
    };
    const properties = readProperties(tool);
    add(properties.flatMap(({ stems }) => stems), 0.6);
    add(properties.flatMap(({ choices, item }) => [...choices, ...(item?.choices ?? [])].flatMap((choice) => contentStems(String(choice)))), 0.9);
    add(contentStems(tool.description), 0.7);
    add(questions.flatMap(({ stems }) => stems), 1);
    add([...own, ...title], 1);
    const verb = [...operation, ...title, ...(questions[0]?.stems ?? [])].find((stem) => classOf.has(stem)) ?? "";
    return { tool, weights, subject, questions, verbClass: classOf.get(operation[0] ?? "") ?? classOf.get(verb) ?? "read", isList: /^(list|search)/.test(operation[0] ?? "") };
  });
}

/** The tools that fit the request, best first. A tool that changes something fits only a request that says so. */
export function chooseTools(words: readonly Word[], profiles: readonly ToolProfile[], isNegated: boolean): Choice[] {
  const rarity = countRarity(profiles);
  const asked = requestedClass(words);
  return profiles
    .flatMap((profile): Choice[] => {
      const isRead = profile.verbClass === "read";
      if (isNegated && !isRead) return [];
      const captures = bestAlignment(profile.questions, words);
      const isAllowed = isRead ? !asked.isSure || asked.verbClass === "read" : asked.verbClass === profile.verbClass;
      const overlap = isAllowed ? scoreOf(words, profile, profiles, rarity) : 0;
      if (captures) return [{ profile, score: 1 + 0.2 * overlap, overlap, captures }];
      return overlap >= minScore ? [{ profile, score: overlap, overlap, captures: [] }] : [];
    })
    .sort((left, right) => right.score - left.score);
}

function bestAlignment(questions: readonly QuestionPattern[], words: readonly Word[]): readonly Capture[] | null {
  const found = questions.flatMap((question) => {
    const captures = alignQuestion(question, words);
    // A question of slots alone would fit everything.
    return captures && question.stems.length > 0 ? [{ captures, length: captures.reduce((sum, { words: own }) => sum + own.length, 0) }] : [];
  });
  return found.sort((left, right) => left.length - right.length)[0]?.captures ?? null;
}

/** Share of the request that the tool explains, and share of the tool's subject that the request names. */
function scoreOf(words: readonly Word[], profile: ToolProfile, profiles: readonly ToolProfile[], rarity: ReadonlyMap<string, number>): number {
  const stems = requestStems(words, profiles);
  if (stems.length === 0 || profile.subject.size === 0) return 0;
  const unknown = Math.log(1 + profiles.length) + 0.7;
  let total = 0;
  let matched = 0;
  for (const stem of stems) {
    const weight = rarity.get(stem) ?? unknown;
    total += weight;
    matched += weight * matchOf(stem, profile.weights);
  }
  const subjects = [...profile.subject];
  const named = subjects.filter((subject) => stems.some((stem) => stem === subject || isMistyped(stem, subject) || related.get(stem)?.has(subject)));
  if (named.length === 0) return 0;
  const isExact = named.some((subject) => stems.some((stem) => stem === subject || isMistyped(stem, subject)));
  return 0.65 * (matched / total) + 0.35 * (named.length / subjects.length) * (isExact ? 1 : synonymWeight);
}

function matchOf(stem: string, weights: ReadonlyMap<string, number>): number {
  const own = weights.get(stem);
  if (own !== undefined) return own;
  for (const [other, weight] of weights) if (isMistyped(stem, other)) return weight;
  let best = 0;
  for (const other of related.get(stem) ?? []) best = Math.max(best, (weights.get(other) ?? 0) * synonymWeight);
  return best;
}

/** Words that say what is wanted: no small words, no values, no verbs of asking. */
function requestStems(words: readonly Word[], profiles: readonly ToolProfile[]): string[] {
  const isKnown = (stem: string) => profiles.some(({ weights }) => matchOf(stem, weights) > 0);
  const stems = words.flatMap((word, index) => {
    if (!word.isWord || stopWords.has(word.lower) || word.text.startsWith("§") || /\d/.test(word.text)) return [];
    if (timeWords.has(word.lower) || (classOf.get(word.stem) === "read" && !isKnownNoun(word.stem, profiles))) return [];
    if (isKnown(word.stem)) return [word.stem];
    const isFirst = words.slice(0, index).every(({ isWord }) => !isWord);
    const isValue = (word.isCapital && !isFirst) || isInPhrase(words, index, isKnown) || isQuoted(words, index);
    return isValue ? [] : [word.stem];
  });
  return [...new Set(stems)];
}

const timeWords = new Set("today tomorrow yesterday tonight week month year weekend monday tuesday wednesday thursday friday saturday sunday next last first top latest newest recent".split(" "));

function isKnownNoun(stem: string, profiles: readonly ToolProfile[]): boolean {
  return profiles.some(({ subject }) => subject.has(stem));
}

/** An unknown word after "in", "for", "of" … is a value: "weather in lisbon". */
function isInPhrase(words: readonly Word[], index: number, isKnown: (stem: string) => boolean): boolean {
  for (let at = index - 1; at >= Math.max(0, index - 5); at--) {
    const word = words[at];
    if (!word?.isWord) return false;
    if (/^(in|for|of|about|by|at|near|from|to|matching|named|called|around|on|with|id|number)$/.test(word.lower)) return true;
    if (isKnown(word.stem) && !stopWords.has(word.lower)) return false;
  }
  return false;
}

function isQuoted(words: readonly Word[], index: number): boolean {
  const quotes = words.slice(0, index).filter(({ text }) => /["“”„]/.test(text)).length;
  return quotes % 2 === 1 && words.slice(index).some(({ text }) => /["“”]/.test(text));
}

/** What a request asks to do, by the verb it begins with. A question asks to read. */
function requestedClass(words: readonly Word[]): { verbClass: string; isSure: boolean } {
  const said = words.filter(({ isWord }) => isWord);
  const [first, second] = said;
  const verbClass = classOf.get(first?.stem ?? "");
  if (!first || !verbClass || verbClass === "read") return { verbClass: "read", isSure: false };
  // "Order 7 pizzas" begins with a verb, "order status" with a noun.
  const isVerb = second !== undefined && (/^(a|an|the|my|our|this|that|these|it|me|another|new|all|some|to|one)$/.test(second.lower) || /^\d/.test(second.text) || second.isCapital || second.text.startsWith("§"));
  return { verbClass, isSure: isVerb };
}

/** Words that few tools share say more. */
function countRarity(profiles: readonly ToolProfile[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { weights } of profiles) for (const stem of weights.keys()) counts.set(stem, (counts.get(stem) ?? 0) + 1);
  return new Map([...counts].map(([stem, count]) => [stem, Math.log(1 + profiles.length / count) + 0.1]));
}

/** Tools of one module begin with its name: what two names share from the beginning is not what the tool does. */
function longestShared(own: readonly string[], names: readonly (readonly string[])[], index: number): number {
  let longest = 0;
  names.forEach((other, at) => {
    if (at === index) return;
    let length = 0;
    while (length < own.length - 1 && own[length] === other[length]) length++;
    longest = Math.max(longest, length);
  });
  return classOf.has(own[0] ?? "") && longest === 1 ? 0 : longest;
}

function contentStems(text: string): string[] {
  return toWords(text).flatMap((word) => (word.isWord && !stopWords.has(word.lower) && !/^\d+$/.test(word.text) ? [word.stem] : []));
}
