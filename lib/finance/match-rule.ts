import { fold, splitWords } from "./split-words";

/**
 * The pattern of a rule, as a person writes it:
 *
 * - `uber eats` – these words, one after the other. Case, accents, apostrophes and what stands between words do not matter:
 *   it fits "UBER   *EATS help.uber.com". Words are whole: `bell` does not fit "Bellevue".
 * - `amzn*`, `*bucks`, `app*com` – within a word, `*` stands for any letters or digits, or none.
 * - `air * canada` – alone, it stands for any words, or none.
 * - `shell | esso | petro canada` – any of several.
 *
 * There is nothing else, so nothing can be written that takes long: a text is looked through once for each word of a pattern.
 */
export type Pattern = readonly Alternative[];

/** Runs of words; between two runs there may be anything. */
export type Alternative = readonly (readonly WordPattern[])[];
interface WordPattern {
  /** What a `*` parts. One part: the word itself. */
  parts: readonly string[];
}

/** Reads a pattern. One without a word matches nothing. */
export function parsePattern(pattern: string): Pattern {
  return pattern.split("|").flatMap((text) => {
    const alternative = parseAlternative(text);
    return alternative.length > 0 ? [alternative] : [];
  });
}

/** True when the words hold what the pattern asks for. Give them as `splitWords` makes them. */
export function matchesPattern(pattern: Pattern, words: readonly string[]): boolean {
  return pattern.some((alternative) => matchesAlternative(alternative, words));
}

/**
 * What a text must hold for an alternative to fit: a word, or a word that begins so. Null where it begins with a wildcard. By
 * it, most patterns need not be tried.
 */
export function anchorOf(alternative: Alternative): { word: string } | { prefix: string } | null {
  const parts = alternative[0]?.[0]?.parts ?? [];
  const [first = ""] = parts;
  if (parts.length === 1) return { word: first };
  return first === "" ? null : { prefix: first };
}

function parseAlternative(text: string): Alternative {
  const runs: WordPattern[][] = [[]];
  for (const token of fold(text).match(/[\p{L}\p{N}*]+/gu) ?? []) {
    if (/^\*+$/.test(token)) runs.push([]);
    else runs.at(-1)?.push({ parts: token.split(/\*+/) });
  }
  return runs.filter((run) => run.length > 0);
}

/** Each run where it first fits behind the one before: taking the first leaves most room for the rest. */
function matchesAlternative(alternative: Alternative, words: readonly string[]): boolean {
  let from = 0;
  for (const run of alternative) {
    const last = words.length - run.length;
    while (from <= last && !run.every((word, at) => matchesWord(word, words[from + at] ?? ""))) from += 1;
    if (from > last) return false;
    from += run.length;
  }
  return true;
}

function matchesWord({ parts }: WordPattern, word: string): boolean {
  const first = parts[0] ?? "";
  if (parts.length === 1) return word === first;
  const last = parts.at(-1) ?? "";
  if (word.length < first.length + last.length || !word.startsWith(first) || !word.endsWith(last)) return false;
  const end = word.length - last.length;
  let from = first.length;
  for (const part of parts.slice(1, -1)) {
    const at = word.indexOf(part, from);
    if (at < 0 || at + part.length > end) return false;
    from = at + part.length;
  }
  return true;
}

/** True when it asks for at least one word. */
export function isPattern(pattern: string): boolean {
  return parsePattern(pattern).length > 0 && splitWords(pattern).length > 0;
}
