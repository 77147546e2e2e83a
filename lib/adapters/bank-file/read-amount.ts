import { minorDigits } from "../../contracts/money";

/** How the numbers of a file are written. */
export type DecimalMark = "." | ",";

export type AmountReading =
  | { isRead: true; minor: number; currency: string | null }
  | { isRead: false; message: string };

/** Symbols that mean one currency. `$`, `¥` and `kr` are used by several, so they say nothing. */
const currencyOfSymbol: Record<string, string | null> = {
  "€": "EUR",
  "£": "GBP",
  "₹": "INR",
  "₽": "RUB",
  "₺": "TRY",
  "₴": "UAH",
  "₪": "ILS",
  "₩": "KRW",
  "₫": "VND",
  "₦": "NGN",
  "฿": "THB",
  zł: "PLN",
  kč: "CZK",
  us$: "USD",
  ca$: "CAD",
  c$: "CAD",
  a$: "AUD",
  r$: "BRL",
  $: null,
  "¥": null,
  kr: null,
  "kr.": null,
  "fr.": "CHF",
};
const maxChars = 60;
const moneyIn = new Set(["+", "cr", "c", "h", "haben", "credit"]);
const moneyOut = new Set(["-", "dr", "d", "db", "s", "soll", "debit"]);
/** Digits with marks between them, or a fraction without a leading zero. */
const core = /[.,]?\d(?:[\d.,'’ ]*\d)?/;
const codes = new Set(Intl.supportedValuesOf("currency"));

/**
 * An amount as banks write it, as exact minor units: `-1,234.50`, `1.234,50-`, `(12.00)`, `CHF 1’234.50`, `12.00 DR`.
 * Digits are never turned into a fraction of two, and what would be rounded is refused.
 * @param currency used where the text names none
 */
export function readAmount(text: string, decimal: DecimalMark, currency: string): AmountReading {
  const clean = normalise(text.slice(0, maxChars + 1));
  const match = clean.length > maxChars ? null : core.exec(clean);
  if (!match) return failed("The amount holds no digits.");
  const signs = readSigns(clean.slice(0, match.index), clean.slice(match.index + match[0].length));
  if (!signs) return failed("The amount holds something that is neither a number, a sign nor a currency.");
  const parts = splitNumber(match[0], decimal);
  if (!parts) return failed(`The amount is not a number with “${decimal}” before the cents.`);
  const named = signs.currency ?? currency;
  const digits = minorDigits(named);
  const fraction = parts.fraction.replace(/0+$/, "");
  if (fraction.length > digits) return failed(`The amount has more digits after the point than ${named} has.`);
  const minor = BigInt(parts.whole + fraction.padEnd(digits, "0"));
  if (minor > BigInt(Number.MAX_SAFE_INTEGER)) return failed("The amount is too large.");
  const signed = signs.isOut && minor !== 0n ? -minor : minor;
  return { isRead: true, minor: Number(signed), currency: signs.currency };
}

/** Which mark stands before the cents, from all amounts of a file together: one alone, such as `1,234`, cannot say. */
export function findDecimalMark(texts: readonly string[], currency: string): DecimalMark {
  const votes = { ".": 0, ",": 0 };
  const other = (mark: DecimalMark): DecimalMark => (mark === "." ? "," : ".");
  const hasThreeDigits = minorDigits(currency) === 3;
  for (const text of texts) {
    const number = core.exec(normalise(text.slice(0, maxChars)))?.[0] ?? "";
    const marks = [...number].filter((letter): letter is DecimalMark => letter === "." || letter === ",");
    const last = marks.at(-1);
    if (!last) continue;
    const behind = number.length - number.lastIndexOf(last) - 1;
    const before = number.slice(0, number.indexOf(last));
    if (new Set(marks).size === 2) votes[last] += 1000;
    else if (marks.length > 1) votes[other(last)] += 1000;
    else if (behind !== 3 || before.length > 3 || before === "0" || before === "") votes[last] += 1000;
    else if (!hasThreeDigits) votes[other(last)] += 1;
  }
  return votes[","] > votes["."] ? "," : ".";
}

/** True where a cell is an amount in one notation or the other. */
export function looksLikeAmount(text: string): boolean {
  return readAmount(text, ".", "USD").isRead || readAmount(text, ",", "USD").isRead;
}

/** The currency that a cell names, or null. */
export function readCurrency(text: string): string | null {
  const clean = text.trim();
  if (/^[a-z]{3}$/i.test(clean)) return clean.toUpperCase();
  return currencyOfSymbol[clean.toLowerCase()] ?? null;
}

/** The currency that a column's name ends with: `Betrag (EUR)`, `Amount USD`, `CAD$`; null when it names none. */
export function currencyOfHeader(header: string): string | null {
  const code = /(?:^|[\s_(-])([A-Z]{3})\$?\)?$/.exec(header.trim())?.[1];
  return code !== undefined && codes.has(code) ? code : null;
}

function normalise(text: string): string {
  return text
    .normalize("NFKC")
    .trim()
    .replace(/[\u2010-\u2015\u2212]/g, "-")
    .replace(/(\d)[.,]-{1,2}(?=\s|$)/, "$1");
}

function readSigns(before: string, after: string): { isOut: boolean; currency: string | null } | null {
  const isBracketed = before.includes("(") && after.includes(")");
  const rest = isBracketed ? `${before.replace("(", " ")} ${after.replace(")", " ")}` : `${before} ${after}`;
  let currency: string | null = null;
  const signs = new Set<"in" | "out">(isBracketed ? ["out"] : []);
  for (const word of rest.replace(/[-+]/g, " $& ").split(/\s+/).filter(Boolean)) {
    const lower = word.toLowerCase();
    if (moneyIn.has(lower)) signs.add("in");
    else if (moneyOut.has(lower)) signs.add("out");
    else if (codes.has(word.toUpperCase())) currency = word.toUpperCase();
    else if (lower in currencyOfSymbol) currency = currencyOfSymbol[lower] ?? currency;
    else return null;
  }
  return signs.size > 1 ? null : { isOut: signs.has("out"), currency };
}

function splitNumber(number: string, decimal: DecimalMark): { whole: string; fraction: string } | null {
  const [grouped = "", fraction = "", ...more] = number.split(decimal);
  if (more.length > 0 || !/^\d*$/.test(fraction)) return null;
  const groups = grouped.split(/[.,'’ ]/);
  const marks = new Set(grouped.replace(/\d/g, ""));
  // Thousands, or lakhs and crores; always three digits last.
  const isGrouped =
    groups.slice(1, -1).every((group) => /^\d{2,3}$/.test(group)) && /^\d{3}$/.test(groups.at(-1) ?? "");
  if (groups.length > 1 && (marks.size > 1 || !/^\d{1,3}$/.test(groups[0] ?? "") || !isGrouped)) return null;
  if (grouped === "" && fraction === "") return null;
  return { whole: groups.join(""), fraction };
}

function failed(message: string): AmountReading {
  return { isRead: false, message };
}
