import { alignQuestion, type Capture, compileQuestion, type QuestionPattern } from "./language/question-pattern";
import type { OfferedTool } from "./read-prompt";
import { formOf, readProperties, splitName } from "./slots/read-schema";
import { synonyms, verbClasses } from "./language/vocabulary";
import { isMistyped, stemOf, stopWords, toWords, type Word } from "./language/words";

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
const classOf = new Map(
  Object.entries(verbClasses).flatMap(([name, verbs]) => verbs.map((verb) => [stemOf(verb), name] as const)),
);
/** Nouns that fit everything and choose nothing. */
const general = new Set(
  "detail info information data item entry record thing list result overview summary status".split(" ").map(stemOf),
);
/** Below this, saying that nothing was understood is more honest than an answer. */
export const minScore = 0.5;
const [synonymWeight, minCoverage] = [0.7, 0.5];

/** Reads the tools of modules. */
export function profileTools(tools: readonly OfferedTool[]): ToolProfile[] {
  const names = tools.map(({ name }) => splitName(name).map(stemOf));
  return tools.map((tool, index) => {
    const own = names[index] ?? [];
    // Titles of modules' tools are "<module>: <operation>"; without one, what tools of a module share is the module's name.
    const said = /^.{1,80}?: (.+)$/.exec(tool.title)?.[1];
    const operation = said ? splitName(said).map(stemOf) : own.slice(longestShared(own, names, index));
    const title = contentStems(tool.title);
    // "book" and "order" are verbs only where an operation's name begins.
    const isVerb = (stem: string, at: number) =>
      (at === 0 && operation.length > 1 && classOf.has(stem)) || classOf.get(stem) === "read";
    const nouns = operation.filter((stem, at) => !isVerb(stem, at) && !stopWords.has(stem));
    const subject = new Set(
      nouns.some((stem) => !general.has(stem)) ? nouns.filter((stem) => !general.has(stem)) : nouns,
    );
    const questions = tool.questions.map(compileQuestion);
    const weights = new Map<string, number>();
    const add = (stems: Iterable<string>, weight: number) => {
      for (const stem of stems) weights.set(stem, Math.max(weight, weights.get(stem) ?? 0));
    };
    const properties = readProperties(tool);
    add(
      properties.flatMap(({ stems }) => stems),
      0.6,
    );
    add(
      properties.flatMap(({ choices, item }) =>
        [...choices, ...(item?.choices ?? [])].flatMap((choice) => contentStems(String(choice))),
      ),
      0.9,
    );
    add(contentStems(tool.description), 0.7);
    add(
      questions.flatMap(({ stems }) => stems),
      1,
    );
    add([...own, ...title], 1);
    const verb = [...operation, ...title, ...(questions[0]?.stems ?? [])].find((stem) => classOf.has(stem)) ?? "";
    return {
      tool,
      weights,
      subject,
      questions,
      verbClass: classOf.get(operation[0] ?? "") ?? classOf.get(verb) ?? "read",
      isList: /^(list|search)/.test(operation[0] ?? ""),
    };
  });
}

/** The tools that fit the request, best first. A tool that changes something fits only a request that says so. */
export function chooseTools(
  words: readonly Word[],
  profiles: readonly ToolProfile[],
  isNegated: boolean,
  isQuestion = false,
): Choice[] {
  if (!isRequest(words, isQuestion)) return [];
  const rarity = countRarity(profiles);
  const asked = requestedClass(words);
  const stems = requestStems(words, profiles);
  return profiles
    .flatMap((profile): Choice[] => {
      const isRead = profile.verbClass === "read";
      if (isNegated && !isRead) return [];
      const captures = bestAlignment(profile.questions, words);
      const isAllowed = isRead ? !asked.isSure || asked.verbClass === "read" : asked.verbClass === profile.verbClass;
      const overlap = isAllowed ? scoreOf(words, stems, profile, profiles.length, rarity) : 0;
      // Asked word for word beats a question that takes some of the words for values.
      const isLiteral = captures?.length === 0 && !words.some(({ text }) => /\d/.test(text));
      if (captures) return [{ profile, score: (isLiteral ? 1.1 : 1) + 0.2 * overlap, overlap, captures }];
      return overlap >= minScore ? [{ profile, score: overlap, overlap, captures: [] }] : [];
    })
    .sort((left, right) => right.score - left.score);
}

/** Statements and questions of why and how-to are about a thing, and no tool is called for them. */
function isRequest(words: readonly Word[], isQuestion: boolean): boolean {
  const said = words.filter(({ isWord }) => isWord).map(({ lower }) => lower);
  const text = said.join(" ");
  if (
    /^(?:why|how come|how to|how (?:do|can|could|should|would|did) (?:i|we|you|one)|should|shall|what (?:if|happens|would happen|does it mean)|if|when(?= i | you | we | it )|because|although|could an?|can an?|may an?)\b/.test(
      text,
    )
  )
    return false;
  const isAsking =
    isQuestion ||
    /^(?:what|which|who|whose|whom|when|where|how|is|are|was|were|do|does|did|can|could|will|would|have|has|any)$/.test(
      said[0] ?? "",
    ) ||
    classOf.has(words.find(({ isWord }) => isWord)?.stem ?? "");
  return (
    isAsking || !said.slice(1).some((word) => /^(?:is|are|was|were|am|had|went|got|did|has been|have been)$/.test(word))
  );
}

function bestAlignment(questions: readonly QuestionPattern[], words: readonly Word[]): readonly Capture[] | null {
  const found = questions.flatMap((question) => {
    const captures = alignQuestion(question, words);
    // A question of slots alone would fit everything.
    return captures && question.stems.length > 0
      ? [{ captures, length: captures.reduce((sum, { words: own }) => sum + own.length, 0) }]
      : [];
  });
  return found.sort((left, right) => left.length - right.length)[0]?.captures ?? null;
}

/** Share of the request that the tool explains, and share of the tool's subject that the request names. */
function scoreOf(
  words: readonly Word[],
  stems: readonly string[],
  profile: ToolProfile,
  toolCount: number,
  rarity: ReadonlyMap<string, number>,
): number {
  if (stems.length === 0) return isOnlyId(words, profile) ? minScore + 0.1 : 0;
  if (profile.subject.size === 0) return 0;
  let total = 0;
  let matched = 0;
  for (const stem of stems) {
    const weight = rarity.get(stem) ?? Math.log(1 + toolCount) + 0.7;
    total += weight;
    matched += weight * matchOf(stem, profile.weights);
  }
  const subjects = [...profile.subject];
  const named = subjects.filter((subject) =>
    stems.some((stem) => stem === subject || isMistyped(stem, subject) || related.get(stem)?.has(subject)),
  );
  // "What time is my train?" is not about everything that has a time: the rest of it must be the tool's own words, too.
  const isVague = named.every((subject) => subject === "time") && stems.some((stem) => !profile.weights.has(stem));
  if (named.length === 0 || isVague) return 0;
  const isExact = named.some((subject) => stems.some((stem) => stem === subject || isMistyped(stem, subject)));
  // A tool that is meant in other words must be meant as a whole, and most of what was said must be about it.
  if ((!isExact && named.length < subjects.length) || matched / total < minCoverage) return 0;
  return 0.65 * (matched / total) + 0.35 * (named.length / subjects.length) * (isExact ? 1 : synonymWeight);
}

/** "Look up b-106": nothing but an id, of the form this tool's example has. */
function isOnlyId(words: readonly Word[], { tool, verbClass }: ToolProfile): boolean {
  const required = readProperties(tool).filter(({ isRequired }) => isRequired);
  const [only] = required;
  const values = words.filter(({ text }) => /\d/.test(text) && /\p{L}/u.test(text));
  if (
    verbClass !== "read" ||
    required.length !== 1 ||
    !only?.example ||
    !/\d/.test(only.example) ||
    values.length !== 1
  )
    return false;
  return formOf(values[0]?.text ?? "") === formOf(only.example);
}

/** Stems that mean the same as one of these. */
export function listRelated(stems: Iterable<string>): string[] {
  return [...stems].flatMap((stem) => [...(related.get(stem) ?? [])]);
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
    // What follows a colon or stands in quotation marks is a value.
    if (words.slice(0, index).some(({ text, lower }) => text === ":" || /^(?:called|named|titled)$/.test(lower)))
      return [];
    const isNoun = isKnownNoun(word.stem, profiles);
    if (timeWords.has(word.lower) || ((general.has(word.stem) || classOf.get(word.stem) === "read") && !isNoun))
      return [];
    if (isKnown(word.stem)) return [word.stem];
    const isFirst = words.slice(0, index).every(({ isWord }) => !isWord);
    const isNamedFirst = isFirst && word.isCapital && words.filter(({ isWord }) => isWord).length <= 3;
    const isValue =
      (word.isCapital && !isFirst) || isNamedFirst || isInPhrase(words, index, isKnown) || isQuoted(words, index);
    return isValue ? [] : [word.stem];
  });
  return [...new Set(stems)];
}

const timeWords = new Set(
  "today tomorrow yesterday tonight week month year weekend monday tuesday wednesday thursday friday saturday sunday next last first top latest newest recent upcoming coming future past".split(
    " ",
  ),
);

const isKnownNoun = (stem: string, profiles: readonly ToolProfile[]) =>
  profiles.some(({ subject }) => subject.has(stem));

/** An unknown word after "in", "for", "of" … is a value: "weather in lisbon". */
function isInPhrase(words: readonly Word[], index: number, isKnown: (stem: string) => boolean): boolean {
  for (let at = index - 1; at >= Math.max(0, index - 5); at--) {
    const word = words[at];
    if (!word?.isWord) return false;
    if (/^(in|for|of|about|by|at|near|from|to|matching|named|called|around|on|with|id|number)$/.test(word.lower))
      return true;
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
  const isVerb =
    second !== undefined &&
    (/^(a|an|the|my|our|this|that|these|it|me|another|new|all|some|to|one)$/.test(second.lower) ||
      /^\d/.test(second.text) ||
      second.isCapital ||
      second.text.startsWith("§"));
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
  return toWords(text).flatMap((word) =>
    word.isWord && !stopWords.has(word.lower) && !/^\d+$/.test(word.text) ? [word.stem] : [],
  );
}
