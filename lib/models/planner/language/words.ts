/** One word or sign of a message. Offsets are those of the text it was read from. */
export interface Word {
  text: string;
  lower: string;
  stem: string;
  start: number;
  end: number;
  /** A letter or digit is in it; everything else is a sign. */
  isWord: boolean;
  isCapital: boolean;
}

// A blob's placeholder, a number with signs inside it (1,000.5 or 2026-11-24), a word with its apostrophes or hyphens, or one sign.
const wordPattern = /§\w+|[#@]?[\p{L}\p{N}]+(?:[.,'’_-](?=[\p{L}\p{N}])[\p{L}\p{N}]+)*|[^\s\p{L}\p{N}]/gu;

const contractions: readonly [RegExp, string][] = [
  [/\b(what|where|when|who|how|which|it|that|there|here)['’]?s\b/gi, "$1 is"],
  [/\b(let)['’]?s\b/gi, "$1 us"],
  [/\b(can)['’]?t\b/gi, "$1 not"],
  [/\b(won)['’]?t\b/gi, "will not"],
  [/\b(do|does|did|is|are|was|were|have|has|would|should|could)n['’]?t\b/gi, "$1 not"],
  [/\b(i)['’]d\b/gi, "$1 would"],
  [/\b(i)['’]m\b/gi, "$1 am"],
  [/\b(i|you|we|they)['’]ve\b/gi, "$1 have"],
  [/\b(i|you|we|they|it|that|what)['’]ll\b/gi, "$1 will"],
  [/\b(you|we|they)['’]re\b/gi, "$1 are"],
  [/\bwhats\b/gi, "what is"],
  [/\bpls\b|\bplz\b/gi, "please"],
  [/\b(wanna)\b/gi, "want to"],
  [/\b(gimme)\b/gi, "give me"],
  [/\btl;?\s?dr:?(?=\s)/gi, "summary of"],
];

/** Writes "what's" as "what is", and so on. It shifts offsets, so it is done before anything is counted. */
export function expandContractions(text: string): string {
  return contractions.reduce((current, [pattern, full]) => current.replace(pattern, full), text.replaceAll("’", "'"));
}

/** About four pages. Nobody asks for something later than that, and what is pasted costs no time beyond it. */
const maxWords = 2000;

/** The words and signs of a text, in order; of a very long one those it begins with. */
export function toWords(text: string): Word[] {
  const words: Word[] = [];
  for (const match of text.matchAll(wordPattern)) {
    const word = match[0];
    const lower = word.toLowerCase();
    words.push({
      text: word,
      lower,
      stem: stemOf(lower),
      start: match.index,
      end: match.index + word.length,
      isWord: /[\p{L}\p{N}]/u.test(word),
      isCapital: /^\p{Lu}/u.test(word),
    });
    if (words.length === maxWords) break;
  }
  return words;
}

const unstemmed = new Set(
  "news this is was has does his its us as yes bus gas always address status series process access business thus plus minus times during thing string nothing something anything everything morning evening king ring spring bring sing need feed speed seed red bed".split(
    " ",
  ),
);

const irregular: Readonly<Record<string, string>> = {
  paid: "pay",
  spent: "spend",
  bought: "buy",
  sent: "send",
  lent: "lend",
  took: "take",
  taken: "take",
  gave: "give",
  given: "give",
  kept: "keep",
  held: "hold",
  met: "meet",
  slept: "sleep",
  ran: "run",
  wrote: "write",
  written: "write",
  made: "make",
  went: "go",
  gone: "go",
  ate: "eat",
  flew: "fly",
  won: "win",
  lost: "lose",
  played: "play",
  people: "person",
  children: "child",
};

/** A word without its ending, so that "loans" and "loan", "expires" and "expiring" are the same. Light on purpose. */
export function stemOf(lower: string): string {
  let word = lower.replace(/'s$|'$/, "");
  if (Object.hasOwn(irregular, word)) return irregular[word] ?? word;
  if (word.length < 4 || unstemmed.has(word) || /\d|§/.test(word)) return word;
  if (/ies$/.test(word) && word.length > 4) word = `${word.slice(0, -3)}y`;
  else if (/(s|x|z|ch|sh)es$/.test(word)) word = word.slice(0, -2);
  else if (/[^sui]s$/.test(word)) word = word.slice(0, -1);
  if (word.length > 5 && /ing$/.test(word) && /[aeiouy]/.test(word.slice(0, -3))) word = undouble(word.slice(0, -3));
  else if (word.length > 4 && /ed$/.test(word) && /[aeiouy]/.test(word.slice(0, -2)))
    word = undouble(word.slice(0, -2));
  return word.length > 4 && word.endsWith("e") ? word.slice(0, -1) : word;
}

function undouble(word: string): string {
  return /([bdgmnprt])\1$/.test(word) ? word.slice(0, -1) : word;
}

/**
 * Is this the word that was meant, mistyped? Only long words, with the same first letter, so that "train" never becomes
 * "rain" and "concert" needs the sentence around it to become "convert".
 */
export function isMistyped(written: string, meant: string): boolean {
  if (written === meant || written[0] !== meant[0] || /[\d§]/.test(written)) return false;
  if (meant.length < 5 || written.length < 4) return false;
  const allowed = meant.length >= 8 ? 2 : 1;
  if (Math.abs(written.length - meant.length) > allowed) return false;
  const distance = editDistance(written, meant);
  // In a short word one changed letter is another word; swapped or doubled letters are a slip.
  if (meant.length < 6) return distance === 1 && [...written].sort().join("") === [...meant].sort().join("");
  return distance <= allowed;
}

/** Insertions, deletions, changes and swaps of neighbours that turn one word into the other. */
function editDistance(left: string, right: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const isSame = left[row - 1] === right[column - 1];
      let cost = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (isSame ? 0 : 1),
      );
      if (row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1])
        cost = Math.min(cost, (beforeLast[column - 2] ?? 0) + 1);
      current.push(cost);
    }
    beforeLast = last;
    last = current;
  }
  return last[right.length] ?? 0;
}

/** Words that say nothing about what is asked. */
export const stopWords = new Set(
  "a an the this that these those my mine me i you your we our us it its he she they them of in on at to for from by with about into over under as is are am was were be been do does did done have has had having will would can could should shall may might must not no and or but if then than so too very just also please any some there here what which who whom whose when where why how all many much more most other up out off s t tell know let get got give show list find look see need want like check display fetch view now current currently right make sure kindly hey hi hello thanks thank new another still got anything something everything nothing anyone someone everyone going gonna go goes think guess really".split(
    " ",
  ),
);
