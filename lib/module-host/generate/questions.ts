import type { OperationDraft, ParameterDraft } from "./draft";
import { plainText } from "./quote";
import { plural, singular, splitWords } from "./words";

const leadingVerb =
  /^(list|get|show|fetch|retrieve|return|find|search|look up|read|view|query|browse|load|display|check)s?(?:\s+for)?\s+/i;
/** Verbs of documents, not of people. */
const stiffVerb = /^(get|fetch|retrieve|return|query|load|display|read|view)/i;
const maxQuestions = 6;
const searchNames = /^(q|query|search|search_?term|term|keywords?)$/i;

interface Phrases {
  /** The summary as a request. */
  base: string;
  /** The summary without its verb. */
  object: string;
  isQuestion: boolean;
}

type Asked = Pick<OperationDraft, "summary" | "noun" | "method" | "parameters"> & { isList: boolean };

/** Natural ways to ask for an operation, with `{parameter}` where a value is needed. The planner and the evals choose tools by them. */
export function askQuestions(operation: Asked): string[] {
  const required = operation.parameters
    .filter((one) => one.input !== null && one.isRequired && isSayable(one))
    .slice(0, 3);
  const summary = cleanSummary(operation.summary);
  const [verb = ""] = leadingVerb.exec(summary) ?? [];
  const thing = summary.slice(verb.length);
  const isQuestion =
    /\?\s*$/.test(operation.summary) ||
    /^(is|are|does|do|has|have|can|what|which|who|when|where|how|why)\b/i.test(summary);
  const spoken = stiffVerb.test(verb)
    ? `Show ${lowerFirst(thing)}`
    : verb === "" && operation.method === "GET" && !isQuestion
      ? `Show ${lowerFirst(summary)}`
      : summary;
  const asked: Phrases = {
    base: `${fill(spoken, required)}${isQuestion ? "?" : ""}`,
    object: fill(isQuestion ? operation.noun : thing, required),
    isQuestion,
  };
  const questions =
    operation.method === "GET"
      ? askForReading(operation, asked, required)
      : askForChange(operation, asked.base, required);
  const unique = new Map<string, string>();
  for (const question of questions.map(tidy))
    if (question.length >= 3 && question.length <= 200 && !unique.has(question.toLowerCase()))
      unique.set(question.toLowerCase(), question);
  return [...unique.values()].slice(0, maxQuestions);
}

function askForReading(asked: Asked, { base, object }: Phrases, required: ParameterDraft[]): string[] {
  const { noun, isList } = asked;
  const isMine = /\b(my|mine)\b/.test(base);
  const tail = required.length > 0 ? ` ${sayParameters(required, noun)}` : "";
  const what = isPluralThing(object) ? `What are ${the(object)}?` : `What is ${the(object)}?`;
  const search = isList
    ? asked.parameters.find((one) => one.input !== null && searchNames.test(one.wire) && one.shape.kind === "text")
    : undefined;
  if (search) return [...(required.length > 0 ? [] : [base]), ...askForSearch(asked, search)];
  const place = required.find((one) => preposition(one) === "in");
  const weather = place && required.length === 1 ? askForWeather(base, place) : [];
  if (isList) return [base, ...weather, what, ...askForList(noun, isMine, tail)];
  const own = required.every((one) => isOwnId(one, noun))
    ? `${required.length > 0 ? "" : "the "}${noun} ${sayBare(required)}`
    : `the ${noun}${tail}`;
  return [
    base,
    ...weather,
    what,
    `Show ${own}`,
    `Tell me about ${own}`,
    ...(required.length > 0 ? [`Look up ${own}`] : []),
  ];
}

/** What everybody says, whatever the document calls it. */
function askForWeather(base: string, { input }: ParameterDraft): string[] {
  if (/\bforecast\b/i.test(base)) return [`What will the weather be like in {${input}}?`];
  return /\bweather\b/i.test(base) ? [`What is the weather in {${input}}?`] : [];
}

function askForList(noun: string, isMine: boolean, tail: string): string[] {
  const many = plural(noun);
  return [
    `Show ${isMine ? "my" : "the"} ${many}${tail}`,
    isMine ? `Which ${many} do I have${tail}?` : `Which ${many} are there${tail}?`,
    `List ${isMine ? "my" : "all"} ${many}${tail}`,
    ...(tail === "" ? [`How many ${many}${isMine ? " do I have" : " are there"}?`] : []),
  ];
}

function askForSearch({ noun }: Asked, search: ParameterDraft): string[] {
  const many = plural(noun);
  const value = `{${search.input}}`;
  return [
    `Search ${many} for ${value}`,
    `Find ${many} matching ${value}`,
    `Which ${many} match ${value}?`,
    `Look for the ${noun} ${value}`,
  ];
}

/** Is the parameter the id of the thing itself: `/books/{id}`, `/books/{bookId}`? */
function isOwnId(parameter: ParameterDraft, noun: string): boolean {
  const about = nounOfParameter(parameter);
  return about === "" || noun.endsWith(about) || about.endsWith(noun);
}

function askForChange({ noun, method, parameters }: Asked, base: string, required: ParameterDraft[]): string[] {
  const ways = [base, `Please ${lowerFirst(base)}`, `I want to ${lowerFirst(base)}`, `Can you ${lowerFirst(base)}?`];
  const ofPath = required.filter(({ in: place }) => place === "path");
  // What a POST below one thing does is in its own words only.
  if (method === "POST") {
    if (ofPath.length > 0) return ways;
    const tail = required.length > 0 ? ` ${sayParameters(required, noun)}` : "";
    return [base, `Create ${article(noun)} ${noun}${tail}`, `Add ${article(noun)} ${noun}${tail}`, ...ways.slice(1)];
  }
  const [verb, other] = method === "DELETE" ? ["Delete", "Remove"] : ["Update", "Change"];
  const hasMore = parameters.some(({ input }) => input !== null);
  const own = `${ofPath.length > 0 || !hasMore ? "" : "the "}${noun} ${sayBare(ofPath)}`;
  return [base, `${verb} ${own}`, `${other} ${own}`, ...ways.slice(1)];
}

/** The summary as a person would say it about their own things. */
function cleanSummary(summary: string): string {
  const text = plainText(summary, 120)
    .replace(/[{}]/g, "")
    .replace(/[.!?:;…]+$/, "")
    .replace(/\byours?\b/gi, "my")
    .replace(/\b(the )?(currently )?(authenticated|current|logged[- ]in) user'?s?\b/gi, "my")
    .replace(/,.*$/, "");
  return text.replace(
    /^(Returns|Gets|Lists|Shows|Fetches|Retrieves|Finds|Creates|Adds|Updates|Deletes|Removes|Searches)\b/,
    (word) => singular(word.toLowerCase() === "searches" ? "search" : word.replace(/s$/, "")),
  );
}

/** Puts parameters where the sentence speaks of them ("of a place" → "of {place}"), the rest at its end. */
function fill(sentence: string, required: ParameterDraft[]): string {
  let text = sentence;
  const missing: ParameterDraft[] = [];
  for (const parameter of required) {
    const noun = nounOfParameter(parameter);
    const isWord = /^[a-z ]+$/.test(noun);
    const byId = "(?: by (?:its |their )?(?:id|identifier|name)\\b)";
    const patterns = [
      `\\b(?:an?|one|the|some|any|single|specific|given)(?: single| specific| given)? ${noun}\\b${byId}?`,
      `\\b${noun}${byId}`,
      `\\b${noun}$`,
    ];
    const found = isWord ? patterns.map((pattern) => new RegExp(pattern, "i").exec(text)).find(Boolean) : null;
    if (found) {
      const isId = /id$|_id|uuid|number|key/i.test(parameter.wire);
      const before = text.slice(0, found.index);
      const kept = isId || before === "" ? `${noun} {${parameter.input}}` : `{${parameter.input}}`;
      text = `${before}${kept}${text.slice(found.index + found[0].length)}`;
    } else missing.push(parameter);
  }
  text = text.replace(/\s+by (its |their )?(id|identifier|name)\b(?=\s*$)/i, missing.length > 0 ? "" : "$&");
  return missing.length > 0 ? `${text} ${missing.map((one) => `${preposition(one)} {${one.input}}`).join(" ")}` : text;
}

function sayParameters(required: ParameterDraft[], noun: string): string {
  return required.map((one) => `${preposition(one, noun)} {${one.input}}`).join(" ");
}

function sayBare(required: ParameterDraft[]): string {
  return required.map((one) => `{${one.input}}`).join(" ");
}

function preposition(parameter: ParameterDraft, about = ""): string {
  const noun = nounOfParameter(parameter);
  if (/^(q|query|search|term|keyword|name|title|text)$/i.test(parameter.wire))
    return /^(name|title|text)$/i.test(parameter.wire) ? "named" : "matching";
  if (/(date|day|month|year)$/i.test(noun)) return "on";
  if (/^(place|city|country|location|region|zone|state)$/.test(noun)) return "in";
  if (/^(from|since|start)/.test(noun)) return "from";
  if (/^(to|until|end)\b/.test(noun)) return "to";
  return noun === "" || noun === about ? "for" : `for ${noun}`;
}

/** `bookId`, `book_id` → "book". */
function nounOfParameter({ wire }: ParameterDraft): string {
  return splitWords(wire.replace(/[_-]?(id|uuid|slug|name|login)$/i, "")).join(" ");
}

function isSayable({ shape }: ParameterDraft): boolean {
  return shape.kind !== "object" && shape.kind !== "list";
}

function isPluralThing(text: string): boolean {
  const word = splitWords(text.replace(/\s+(of|for|in|by|from|with|named|matching|on|to|that)\b.*$/, "")).at(-1) ?? "";
  return singular(word) !== word;
}

function the(text: string): string {
  const lower = lowerFirst(text);
  return /^(my|the|an?|all|one|every|each|some|any)\b/.test(lower) ? lower : `the ${lower}`;
}

function article(noun: string): string {
  return /^[aeiou]/.test(noun) ? "an" : "a";
}

/** Not of names and abbreviations: "ISBN of a book" stays. */
function lowerFirst(text: string): string {
  return /^[A-Z][a-z]/.test(text) || /^A /.test(text) ? text[0]?.toLowerCase() + text.slice(1) : text;
}

function tidy(question: string): string {
  const text = question
    .replace(/\s+/g, " ")
    .replace(/\b(the|my) (the|my|all|an?)\b/gi, "$1")
    .trim();
  return text ? text[0]?.toUpperCase() + text.slice(1) : "";
}
