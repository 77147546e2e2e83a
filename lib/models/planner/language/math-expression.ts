import { unitNames } from "./units";
import type { Word } from "./words";

// "x" is times between numbers only.
const replacements: readonly [RegExp, string][] = [
  [/\b(?:what|how much) (?:is|are|do|does|would)\b/g, " "],
  [/\bpercentage\b|\bper ?cent\b/g, "%"],
  [/(\d)\s*%\s*(?:of)\s+(?=[\d(.])/g, "$1 / 100 * "],
  [/(\d\s*\/\s*\d+)\s+of\s+(?=[\d(])/g, "$1 * "],
  [/([\d.]+)\s*%\s*off(?: of)?\s+([\d.]+)/g, "$2 * (1 - $1 / 100)"],
  [/\badd ([\d.]+)\s*% to ([\d.]+)/g, "$2 * (1 + $1 / 100)"],
  [/([\d.]+)\s*% (?:tip|tax|vat|discount|interest) (?:on|of|for) ([\d.]+)/g, "$2 * $1 / 100"],
  [/([\d.]+)\s*(?:plus|\+)\s*([\d.]+)\s*%/g, "$1 * (1 + $2 / 100)"],
  [/([\d.]+)\s*(?:minus|-)\s*([\d.]+)\s*%/g, "$1 * (1 - $2 / 100)"],
  [/\bwhat % of ([\d.]+) is ([\d.]+)/g, "$2 / $1 * 100"],
  [/\b([\d.]+) is what % of ([\d.]+)/g, "$1 / $2 * 100"],
  [/\bwhat % is ([\d.]+) (?:of|out of) ([\d.]+)/g, "$1 / $2 * 100"],
  [/\b(?:the )?square root of\b/g, " sqrt "],
  [/\b(?:the )?cube root of\b/g, " cbrt "],
  [/\b(?:the )?(?:factorial of|factorial) (\d+)/g, "$1!"],
  [/(\d+) factorial\b/g, "$1!"],
  [/\bto the power (?:of )?|\braised to(?: the power(?: of)?)?\b|\bto the (?=\d+(?:st|nd|rd|th)\b)/g, " ^ "],
  [/(\d+)(?:st|nd|rd|th)(?: power)?\b/g, "$1"],
  [/\bsquared\b/g, " ^ 2 "],
  [/\bcubed\b/g, " ^ 3 "],
  [/\b(?:plus|added to)\b/g, " + "],
  [/\b(?:minus|less)\b/g, " - "],
  [/\b(?:times|multiplied by|multiplied with|multiply by)\b/g, " * "],
  [/\b(?:divided by|divide by|over)\b/g, " / "],
  [/\b(?:modulo|modulus)\b/g, " mod "],
  [/\bmultiply ([\d.]+) (?:by|with|and) ([\d.]+)/g, "$1 * $2"],
  [/\bdivide ([\d.]+) by ([\d.]+)/g, "$1 / $2"],
  [/\badd ([\d.]+) (?:and|to|with) ([\d.]+)/g, "$1 + $2"],
  [/\bsubtract ([\d.]+) from ([\d.]+)/g, "$2 - $1"],
  [/\bhalf of\b/g, " 1 / 2 * "],
  [/\b(?:a )?third of\b/g, " 1 / 3 * "],
  [/\b(?:a )?quarter of\b/g, " 1 / 4 * "],
  [/\b(?:twice|double)\b/g, " 2 * "],
  [/\btriple\b/g, " 3 * "],
  [/\bnatural (?:logarithm|log) of\b|\bln of\b/g, " ln "],
  [/\blog(?:arithm)? of\b/g, " log10 "],
  [/\bsine(?: of)?\b/g, " sin "],
  [/\bcosine(?: of)?\b/g, " cos "],
  [/\btangent(?: of)?\b/g, " tan "],
  [/\b(sin|cos|tan) of\b/g, " $1 "],
  [/\bdegrees?\b(?! ?(?:celsius|fahrenheit|c\b|f\b))/g, " deg "],
];

const aggregates: Readonly<Record<string, string>> = {
  sum: "sum",
  total: "sum",
  average: "mean",
  mean: "mean",
  median: "median",
  maximum: "max",
  max: "max",
  largest: "max",
  biggest: "max",
  minimum: "min",
  min: "min",
  smallest: "min",
  product: "prod",
  "standard deviation": "std",
};

const functionNames = new Set(
  "sqrt cbrt sin cos tan asin acos atan sinh cosh tanh log log2 log10 ln exp abs ceil floor round fix sign mod gcd lcm pow sum mean median max min prod std variance factorial combinations permutations det inv transpose mode deg rad pi e i tau phi".split(
    " ",
  ),
);

const smallNumbers =
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(
    " ",
  );
const tens = "twenty thirty forty fifty sixty seventy eighty ninety".split(" ");
const scales: Readonly<Record<string, number>> = {
  hundred: 100,
  thousand: 1000,
  million: 1_000_000,
  billion: 1_000_000_000,
};

/**
 * The words as an expression for mathjs, when they are nothing but one: numbers, operators, functions and units. Null as soon
 * as one word has no place in it, so that a sentence with a number in it is never a calculation.
 */
export function toExpression(text: string): string | null {
  const plain = tidyNumbers(text.toLowerCase()).replace(/^(?:an?|the)\s+(?=[\d.])/, "");
  if (plain === "" || /§/.test(plain)) return null;
  const aggregate = toAggregate(plain);
  if (aggregate) return aggregate;
  const conversion = toConversion(plain);
  if (conversion) return conversion;
  const code = replaceWords(plain);
  return isCalculation(code) ? tidy(code) : null;
}

/** A calculation in digits and signs inside of a longer sentence: "(5+3)*2 for my homework". */
export function findExpression(text: string): string | null {
  const pattern =
    /(?<![\w.,/:-])[-(]*\d[\d.,]*(?:\s*(?:[-+*/^×÷()]|\*\*)[\s(]*[-+]?\(*\d[\d.,]*\)*)+(?![\w/:%-])(?!\s*(?:of|off|percent|%|times|plus|minus|over|squared|cubed|divided|multiplied|to the)(?!\w))/g;
  const found = [...text.matchAll(pattern)].map((match) => tidyNumbers(match[0])).filter(isCalculation);
  return found.length === 1 ? tidy(found[0] ?? "") : null;
}

function replaceWords(text: string): string {
  const words = replacements.reduce((current, [pattern, by]) => current.replace(pattern, by), wordsToNumbers(text));
  return words
    .replace(/(\d|\))\s*[x×]\s*(?=[\d(])/g, "$1 * ")
    .replaceAll("÷", "/")
    .replaceAll("−", "-")
    .replaceAll("²", "^2")
    .replaceAll("³", "^3")
    .replaceAll("π", " pi ")
    .replaceAll("√", " sqrt ")
    .replace(/\*\*/g, "^")
    .replace(/\b(sqrt|cbrt|ln|log10|sin|cos|tan)\s+(-?[\d.]+(?: deg)?)/g, "$1($2)")
    .replace(/\bln\(/g, "log(")
    .replace(/[=?!\s.,]+$/, (end) => (end.startsWith("!") ? "!" : ""))
    .replace(/(?<![\d)])!/g, "")
    .trim();
}

function isCalculation(code: string): boolean {
  const tokens = code.match(/\d+(?:\.\d+)?(?:e[+-]?\d+)?|\.\d+|[a-z]+\d*|[-+*/^%!(),;[\]]|\s+|./gi) ?? [];
  let hasOperator = false;
  let hasNumber = false;
  for (const token of tokens) {
    if (/^\s+$/.test(token)) continue;
    if (/^[\d.]/.test(token)) hasNumber = true;
    else if (/^[-+*/^%!]$/.test(token)) hasOperator = true;
    else if (/^[(),;[\]]$/.test(token)) continue;
    else if (token === "mod" || functionNames.has(token))
      hasOperator ||= token !== "e" && token !== "i" && token !== "pi";
    else return false;
  }
  const isWhole = !/^\s*[*/^%!)]|[-+*/^(]\s*$/.test(code);
  return (
    hasNumber &&
    hasOperator &&
    isWhole &&
    !isDateOrCode(code) &&
    !/^\s*[-+]?[\d.]+\s*%?\s*$/.test(code) &&
    !/\d\s+\d/.test(code)
  );
}

/** A date, a telephone number or a version: signs between numbers, and nothing to calculate. */
function isDateOrCode(code: string): boolean {
  return /^\s*(?:\d{4}-\d{1,2}-\d{1,2}|\d{1,2}\/\d{1,2}\/\d{2,4}|\+?\d{2,4}(?:[-/ ]\d{2,}){2,}|\d{3}-\d{4}|24\/7)\s*$/.test(
    code,
  );
}

/** `1,000.5` → `1000.5`; currency signs do not matter to a calculation. */
function tidyNumbers(text: string): string {
  return text
    .replace(/(?<=\d),(?=\d{3}(?!\d))/g, "")
    .replace(/[$€£¥](?=\s*\d)/g, "")
    .trim();
}

function tidy(code: string): string {
  return code.replace(/\s+/g, " ").trim();
}

/** "average of 3, 4 and 5" */
function toAggregate(text: string): string | null {
  const names = Object.keys(aggregates).join("|");
  const found = new RegExp(`^(?:the )?(${names})(?: value)? of (?:the numbers )?(.+)$`).exec(
    text.replace(/[?.!\s]+$/, ""),
  );
  const name = aggregates[found?.[1] ?? ""];
  if (!found?.[2] || !name) return null;
  const numbers = found[2].split(/\s*,\s*and\s+|\s*(?:,|;|&)\s*|\s+and\s+|\s+/).filter(Boolean);
  if (numbers.length < 2 || !numbers.every((one) => /^-?\d+(\.\d+)?$/.test(one))) return null;
  return `${name}(${numbers.join(", ")})`;
}

/** "5 miles to km", "how many ounces are in 2 kg" */
function toConversion(text: string): string | null {
  const plain = wordsToNumbers(text)
    .replace(/[?.!\s]+$/, "")
    .replace(/^(?:what is|what are|how much is|how much are)\s+/, "");
  const forward = /^(?:convert |change |turn )?(-?[\d.]+)\s*(.+?)\s+(?:to|in|into|as)\s+(.+)$/.exec(plain);
  if (forward) return convert(forward[1], forward[2], forward[3]);
  const backward =
    /^how (?:many|much) (.+?) (?:(?:is|are|does|do|make|makes|equals?)(?: there)?(?: in)?|in|per) (?:a |an |one )?(-?[\d.]+)?\s*(.+?)(?: make| equal| have| be)?$/.exec(
      plain,
    );
  return backward ? convert(backward[2] ?? "1", backward[3], backward[1]) : null;
}

function convert(amount: string | undefined, from: string | undefined, to: string | undefined): string | null {
  const [fromUnit, toUnit] = [unitOf(from ?? ""), unitOf(to ?? "")];
  if (!amount || !fromUnit || !toUnit) return null;
  return `${amount} ${fromUnit} to ${toUnit}`;
}

function unitOf(text: string): string | null {
  const name = text
    .replace(/^(?:degrees?|°)\s*/, "")
    .replace(/^(?:a|an|the)\s+/, "")
    .replace(/\s+/g, " ")
    .trim();
  const found = unitNames[name] ?? unitNames[name.replace(/e?s$/, "")] ?? unitNames[name.replace(/s$/, "")];
  if (found) return found;
  const perSecond = /^(.+?)\s*(?:\/|per)\s*(.+)$/.exec(name);
  const [over, under] = [unitNames[perSecond?.[1]?.replace(/s$/, "") ?? ""], unitNames[perSecond?.[2] ?? ""]];
  return over && under ? `${over}/${under}` : null;
}

/** "twenty five" → 25; words that are no numbers stay. */
function wordsToNumbers(text: string): string {
  const parts = text.split(/(\s+|-(?=[a-z])|[,?!])/);
  const result: string[] = [];
  let value: number | null = null;
  let total = 0;
  const flush = () => {
    if (value !== null) result.push(String(total + value), " ");
    value = null;
    total = 0;
  };
  for (const part of parts) {
    const number = numberOf(part);
    const scale = Object.hasOwn(scales, part) ? scales[part] : undefined;
    if (number !== null) {
      const isContinued: boolean =
        value !== null && (value % 100 === 0 || (value % 10 === 0 && number < 10 && value % 100 >= 20));
      if (value !== null && !isContinued) flush();
      value = (value ?? 0) + number;
    } else if (scale !== undefined && value !== null) {
      if (scale === 100) value *= scale;
      else {
        total += value * scale;
        value = 0;
      }
    } else if (value !== null && /^(?:\s+|-|)$/.test(part)) continue;
    else if (value !== null && part === "and" && (value >= 100 || total > 0)) continue;
    else {
      flush();
      result.push(part);
    }
  }
  flush();
  return result.join("").replace(/\s+/g, " ").trim();
}

function numberOf(word: string): number | null {
  const small = smallNumbers.indexOf(word);
  if (small >= 0) return small;
  const ten = tens.indexOf(word);
  return ten >= 0 ? (ten + 2) * 10 : null;
}

/** Does the clause ask for a calculation, so that an expression in the middle of it is what is meant? */
export function asksForResult(words: readonly Word[]): boolean {
  const asking = new Set([
    "calculate",
    "comput",
    "evaluat",
    "solv",
    "result",
    "much",
    "equal",
    "sum",
    "math",
    "calculator",
    "calc",
  ]);
  return (
    words.some((word) => asking.has(word.stem) || asking.has(word.lower)) || /^(what|how)$/.test(words[0]?.lower ?? "")
  );
}
