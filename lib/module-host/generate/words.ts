/** Words that say nothing about what an API or a wish is about. */
const emptyWords = new Set(
  (
    "a an the of for to in on at by with from into and or my me i we you your our us it its this that these those is are be was " +
    "all any each every some one new please can could would should will want need like about which what who when where how " +
    "api apis rest http https json openapi swagger yaml document documentation url uri www com org net io v1 v2 v3 v4 " +
    "module modules integration integrations adapter connector plugin tool build make generate set up using use via service " +
    "localhost 127 0 1 data get returns return given specified by so do does have has"
  ).split(" "),
);

/** Lower-case words of a text or a name: `listOpenLoans`, `list_open-loans` and "List open loans" give the same. */
export function splitWords(text: string): string[] {
  return text
    .slice(0, 4000)
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
}

/** The stems of the words that carry meaning. */
export function stemsOf(text: string): string[] {
  return splitWords(text)
    .filter((word) => !emptyWords.has(word))
    .map(stem);
}

/** Cuts an English ending, so that "books", "booking" and "book" meet. Rough on purpose: both sides are cut alike. */
export function stem(word: string): string {
  const noun = singular(word);
  for (const ending of ["ing", "ed"])
    if (noun.length - ending.length >= 3 && noun.endsWith(ending))
      return noun
        .slice(0, -ending.length)
        .replace(/(.)\1$/, "$1")
        .replace(/e$/, "");
  return noun.replace(/e$/, "");
}

const irregular: Record<string, string> = {
  people: "person",
  children: "child",
  news: "news",
  series: "series",
  status: "status",
  movies: "movie",
  cookies: "cookie",
  leaves: "leave",
};

/** One of several: books → book, entries → entry. */
export function singular(word: string): string {
  const known = Object.hasOwn(irregular, word) ? irregular[word] : undefined;
  if (known) return known;
  if (word.length < 4 || !word.endsWith("s") || /(ss|us|is)$/.test(word)) return word;
  if (word.endsWith("ies")) return `${word.slice(0, -3)}y`;
  if (/(ches|shes|sses|xes|zes)$/.test(word)) return word.slice(0, -2);
  return word.slice(0, -1);
}

/** Several of one, for questions and titles. */
export function plural(word: string): string {
  const backwards = Object.entries(irregular).find(([, one]) => one === word);
  if (backwards) return backwards[0];
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`;
  if (/(s|ch|sh|x|z)$/.test(word)) return `${word}es`;
  return `${word}s`;
}
