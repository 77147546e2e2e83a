import { findDates } from "./find-dates";
import type { Candidate } from "./find-values";
import type { Message } from "../language/message";
import type { Property } from "./read-schema";
import type { Context } from "../task";
import { stemOf, type Word } from "../language/words";

/** A request while values are looked for in it. */
export interface Reading {
  words: readonly Word[];
  message: Message;
  context: Context;
  candidates: readonly Candidate[];
  /** Indices of words that a value was made of. */
  used: Set<number>;
}

/** One of the values a property may have, named in the words. */
export function findChoice({ choices }: Property, { words, used }: Reading): unknown {
  for (const choice of choices) {
    const parts = String(choice)
      .toLowerCase()
      .split(/[^\p{L}\p{N}]+/u)
      .filter(Boolean)
      .map(stemOf);
    const at = words.findIndex(
      (_, index) =>
        parts.length > 0 &&
        parts.every((part, offset) => words[index + offset]?.stem === part && !used.has(index + offset)),
    );
    if (at < 0) continue;
    for (const offset of parts.keys()) used.add(at + offset);
    return choice;
  }
  return undefined;
}

/** All of them that are named, for a list. */
export function findChoices(item: Property, reading: Reading): unknown {
  const found = item.choices.flatMap((choice) => findChoice({ ...item, choices: [choice] }, reading) ?? []);
  return found.length > 0 ? found : undefined;
}

/** "with archived", "without images". */
export function findBoolean({ stems }: Property, { words }: Reading): boolean | undefined {
  const at = words.findIndex((word) => stems.includes(word.stem));
  if (at < 0) return undefined;
  const lead = words.slice(Math.max(0, at - 2), at).map((word) => word.lower);
  if (lead.some((word) => /^(without|no|not|except)$/.test(word))) return false;
  return lead.some((word) => /^(with|only|including|include|also|just)$/.test(word)) ? true : undefined;
}

/** A day, or the end of a span that the property is for. */
export function findDate(property: Property, { words, context, used }: Reading): string | undefined {
  const dates = findDates(words, context.today).filter(({ first }) => !used.has(first));
  const lead = (at: number) => words.slice(Math.max(0, at - 2), at).map((word) => word.lower);
  const says = (pattern: RegExp) => dates.find(({ first }) => lead(first).some((word) => pattern.test(word)));
  const [first] = dates;
  if (!first) return undefined;
  const toValue = (date: string, isEnd: boolean) =>
    property.isInstant ? `${date}T${isEnd ? "23:59:59" : "00:00:00"}Z` : date;
  if (property.kind === "date-from")
    return toValue((says(/^(from|since|after|between|starting)$/) ?? first).from, false);
  if (property.kind === "date-to") {
    const end = says(/^(to|until|till|before|and|through)$/) ?? dates.at(-1) ?? first;
    const isOpen = dates.length === 1 && lead(first.first).some((word) => /^(since|after|from)$/.test(word));
    return isOpen ? undefined : toValue(end.to, true);
  }
  for (let index = first.first; index < first.end; index++) used.add(index);
  return toValue(first.from, false);
}

/** A number beside the name of the property, counted things, or the only number there is. */
export function findNumber(property: Property, { words, used, context }: Reading): number | undefined {
  const inDates = new Set(
    findDates(words, context.today).flatMap(({ first, end }) =>
      Array.from({ length: end - first }, (_, offset) => first + offset),
    ),
  );
  const free = words.flatMap((word, index) =>
    /^-?\d+(?:[.,]\d+)*$/.test(word.text) && !used.has(index) ? [index] : [],
  );
  const near = free.find((index) => {
    const around = [words[index - 2], words[index - 1], words[index + 1]].map((word) => word?.stem ?? "");
    const isNamed = around.some((stem) => property.stems.includes(stem));
    const isCounted =
      property.kind === "count" &&
      /^(first|last|top|next|newest|latest|only|most|just|show|list|at|limit|max)$/.test(words[index - 1]?.lower ?? "");
    return isNamed || (isCounted && !inDates.has(index));
  });
  const only = property.isRequired && free.length === 1 && !inDates.has(free[0] ?? -1) ? free[0] : undefined;
  const at = near ?? only;
  if (at === undefined) return undefined;
  used.add(at);
  return toNumber(property, words[at]?.text ?? "");
}

/** Digits, or a small number in words. */
export function toNumber({ isInteger }: Property, text: string): number | undefined {
  const small = "zero one two three four five six seven eight nine ten eleven twelve"
    .split(" ")
    .indexOf(text.toLowerCase());
  const digits = text.replace(/(?<=\d),(?=\d{3}\b)/g, "");
  const value = small >= 0 ? small : /^-?\d+(?:\.\d+)?$/.test(digits) ? Number(digits) : Number.NaN;
  return Number.isNaN(value) || (isInteger && !Number.isInteger(value)) ? undefined : value;
}
