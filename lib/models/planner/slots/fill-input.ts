import { type Candidate, findCandidates, rankCandidate } from "./find-values";
import {
  findBoolean,
  findChoice,
  findChoices,
  findDate,
  findNumber,
  type Reading,
  toNumber,
} from "./find-formed-values";
import { isDayName } from "./find-dates";
import { findIdInResults } from "./find-in-results";
import type { Message } from "../language/message";
import type { Capture } from "../language/question-pattern";
import type { OfferedTool } from "../read-prompt";
import { formOf, type Property, readProperties } from "./read-schema";
import type { Context } from "../task";
import { stopWords, type Word } from "../language/words";

export interface FilledInput {
  input: Record<string, unknown>;
  /** Required, and nowhere in the message. */
  missing: Property[];
}

/**
 * Looks for the inputs of a tool in the words of a request. Required ones may be taken from anywhere; optional ones only where
 * the words leave no doubt.
 * @param known stems that belong to the tool itself and are no values
 */
export function fillInput(
  tool: OfferedTool,
  words: readonly Word[],
  message: Message,
  context: Context,
  known: ReadonlySet<string>,
  captures: readonly Capture[] = [],
): FilledInput {
  const properties = readProperties(tool);
  const candidates = findCandidates(words, message.text, known);
  const reading: Reading = { words, message, context, candidates, used: new Set() };
  const input: Record<string, unknown> = {};
  takeCaptures(properties, captures, input, reading);
  for (const property of properties.filter(({ name }) => !(name in input))) {
    const value = findSure(property, reading);
    if (value !== undefined) input[property.name] = value;
  }
  for (const property of properties.filter(({ name, isRequired }) => isRequired && !(name in input))) {
    const value = findLikely(property, reading);
    if (value !== undefined) input[property.name] = value;
  }
  return {
    input: inOrder(properties, input),
    missing: properties.filter(({ name, isRequired }) => isRequired && !(name in input)),
  };
}

/** The value of one property in a reply to the question for it; undefined when the reply has none. */
export function readReply(property: Property, reply: Message, context: Context): unknown {
  const words = reply.words;
  const reading: Reading = {
    words,
    message: reply,
    context,
    candidates: findCandidates(words, reply.text, new Set(property.stems)),
    used: new Set(),
  };
  // What may be any words is the whole reply; the rest is looked for in it.
  const isFree = /^(?:text|query|place|person)$/.test(property.kind);
  const found = isFree ? undefined : (findSure(property, reading) ?? findLikely(property, reading));
  if (found !== undefined) return found;
  const text = reply.text
    .replace(
      /^(?:it is|it's|for|in|the|use|take|please|about|of|with|named|called|to|from|i mean|i meant|make it)\s+/gi,
      "",
    )
    .replace(/[.!?,\s]+$/, "")
    .replace(/,?\s+(?:please|thanks)$/i, "")
    .replace(/^["“](.*)["”]$/s, "$1");
  return text === "" || text.split(/\s+/).length > 12 ? undefined : coerce(property, text, reading);
}

function takeCaptures(
  properties: readonly Property[],
  captures: readonly Capture[],
  input: Record<string, unknown>,
  reading: Reading,
): void {
  for (const { name, words } of captures) {
    const unnamed = properties.filter((one) => one.isRequired && !(one.name in input) && one.kind !== "boolean");
    const property =
      name === "" ? (unnamed.length === 1 ? unnamed[0] : undefined) : properties.find((one) => one.name === name);
    const [first, last] = [words[0], words.at(-1)];
    if (!property || !first || !last) continue;
    const [from, to] = [reading.words.indexOf(first), reading.words.indexOf(last)];
    const inner = { ...reading, words, candidates: [] };
    const text = reading.message.text
      .slice(first.start, last.end)
      .replace(/^["“'„]|["”'“]$/g, "")
      .replace(/'s$/, "");
    const value = readWhole(property, inner) ?? coerce(property, text, reading);
    if (value === undefined) continue;
    input[property.name] = value;
    for (let index = from; index <= to && from >= 0; index++) reading.used.add(index);
  }
}

/** Kinds whose values have a form of their own. */
function readWhole(property: Property, reading: Reading): unknown {
  return /^(?:date|date-from|date-to|choice|boolean|number|count|url|email)$/.test(property.kind)
    ? findSure(property, reading)
    : undefined;
}

/** Values that can be recognised without guessing. */
function findSure(property: Property, reading: Reading): unknown {
  switch (property.kind) {
    case "choice":
      return findChoice(property, reading);
    case "boolean":
      return findBoolean(property, reading);
    case "url":
      return reading.message.urls[0];
    case "email":
      return /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/.exec(reading.message.text)?.[0];
    case "date":
    case "date-from":
    case "date-to":
      return findDate(property, reading);
    case "count":
    case "number":
      return findNumber(property, reading);
    case "list":
      return property.item?.kind === "choice" ? findChoices(property.item, reading) : undefined;
    case "other":
      return undefined;
    default:
      return (
        findNamed(property, reading) ??
        (property.kind === "place" ? takeBest(property, reading.candidates.filter(isPlaceName), reading) : undefined)
      );
  }
}

/** "in Hamburg" is said of a place even where none has to be given. */
function isPlaceName({ how, preposition }: Candidate): boolean {
  return how === "name" && /^(?:in|near|at|around)$/.test(preposition ?? "");
}

/** "account 123", "player tag #ABC": the value stands after the name of the property. */
function findNamed(property: Property, reading: Reading): unknown {
  const { words, candidates, used } = reading;
  const at = words.findIndex((word, index) => property.stems.includes(word.stem) && !used.has(index));
  if (at < 0) return undefined;
  const isNear = ({ first }: Candidate) =>
    first > at &&
    words
      .slice(at + 1, first)
      .every(
        (word) =>
          !word.isWord ||
          /^(?:is|the|of|id|number|called|named|no|with|to|as|for|matching|tag|code|key)$/.test(word.lower),
      );
  const sure = candidates.filter(
    (candidate) => isNear(candidate) && (candidate.how !== "left" || property.isRequired) && candidate.how !== "phrase",
  );
  return takeBest(property, sure, reading);
}

/** The best of all that is left. Ids need their form, everything else goes by preposition and place. */
function findLikely(property: Property, reading: Reading): unknown {
  if (property.kind === "list" && property.item) return findList(property.item, reading);
  if (
    property.kind === "choice" ||
    property.kind === "boolean" ||
    property.kind === "number" ||
    property.kind === "count" ||
    /^date|^url|^email|^other/.test(property.kind)
  )
    return undefined;
  return takeBest(property, reading.candidates, reading);
}

function takeBest(property: Property, candidates: readonly Candidate[], reading: Reading): unknown {
  const ranked = candidates
    .map((candidate) => ({ candidate, rank: rankCandidate(property, candidate) }))
    .filter(
      ({ candidate, rank }) =>
        rank !== null && !isUsed(candidate, reading) && !stopWords.has(candidate.text.toLowerCase()),
    )
    .sort((left, right) => (left.rank ?? 0) - (right.rank ?? 0));
  for (const { candidate: found } of ranked) {
    const candidate = property.kind === "place" ? withoutDay(found, reading.words) : found;
    const value = coerce(property, candidate.text, reading);
    if (value === undefined) continue;
    for (let index = candidate.first; index < candidate.end; index++) reading.used.add(index);
    return value;
  }
  return undefined;
}

/** "Ottawa on Friday" is a place and a day. */
function withoutDay(candidate: Candidate, words: readonly Word[]): Candidate {
  const [small, last] = [words[candidate.end - 2], words[candidate.end - 1]];
  if (!small || !last || candidate.end - candidate.first < 3) return candidate;
  if (!isDayName(last) || !/^(?:on|in|for)$/.test(small.lower)) return candidate;
  const text = candidate.text.replace(/\s+\S+\s+\S+$/, "");
  return { ...candidate, text, end: candidate.end - 2 };
}

function findList(item: Property, reading: Reading): unknown {
  if (item.kind === "choice") return undefined;
  const [best] = reading.candidates.filter(
    (candidate) => !isUsed(candidate, reading) && rankCandidate(item, candidate) !== null,
  );
  if (!best) return undefined;
  const values = best.text
    .split(/\s*(?:,|;|\band\b)\s*/)
    .filter(Boolean)
    .map((text) => coerce(item, text, reading));
  return values.length > 0 && values.every((value) => value !== undefined) ? values : undefined;
}

/** The text as a value of this property; undefined when it cannot be one. */
function coerce(property: Property, given: string, reading: Reading): unknown {
  const text = given.trim();
  if (text === "" || text.length > 2000) return undefined;
  if (property.kind === "choice")
    return property.choices.find((choice) => String(choice).toLowerCase() === text.toLowerCase());
  if (property.kind === "boolean")
    return /^(yes|true|on|yep|sure)$/i.test(text) ? true : /^(no|false|off|nope)$/i.test(text) ? false : undefined;
  if (property.kind === "number" || property.kind === "count") return toNumber(property, text);
  if (/^date|^url|^email|^other/.test(property.kind)) return undefined;
  if (property.kind === "list")
    return property.item
      ? text.split(/\s*(?:,|;|\band\b)\s*/).map((one) => coerce(property.item as Property, one, reading))
      : undefined;
  const styled = inStyle(text, property.example);
  const fits = fitsExample(styled, property.example) && (property.pattern?.test(styled) ?? true);
  if (fits) return styled;
  // A title instead of an id: perhaps an earlier answer in this conversation showed both.
  return findIdInResults(text, property, reading.context.past) ?? undefined;
}

/** Letters, digits and signs where the example has them: `b-104` wants `b-7`, not `Kindred`. Words want nothing. */
function fitsExample(text: string, example: string | null): boolean {
  if (example === null || !/\d/.test(example)) return true;
  return formOf(text) === formOf(example) || (uuidLike.test(example) && uuidLike.test(text));
}

const uuidLike = /^[0-9a-f-]{32,36}$/i;

/** Written like the example: an id of lower-case words wants them lower-case and joined the same way. */
function inStyle(text: string, example: string | null): string {
  if (example === null || !/\p{L}/u.test(example)) return text;
  const isLower = example === example.toLowerCase();
  const isUpper = example === example.toUpperCase();
  const isOneWord = /^[\w-]+$/.test(example);
  const joined =
    isOneWord && isLower && !/\d/.test(example) ? text.replace(/\s+/g, example.includes("_") ? "_" : "-") : text;
  if (isLower && isOneWord) return joined.toLowerCase();
  return isUpper && isOneWord ? joined.toUpperCase() : joined;
}

function isUsed({ first, end }: Candidate, { used }: Reading): boolean {
  for (let index = first; index < end; index++) if (used.has(index)) return true;
  return false;
}

function inOrder(properties: readonly Property[], input: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(properties.flatMap(({ name }) => (name in input ? [[name, input[name]]] : [])));
}
