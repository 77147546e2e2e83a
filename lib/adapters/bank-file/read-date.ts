/** Every way of writing dates that is known, the plainest first. `M` and `d` may have one digit everywhere. */
const patterns = [
  "yyyy-MM-dd",
  "yyyy/MM/dd",
  "yyyy.MM.dd",
  "yyyyMMdd",
  "dd.MM.yyyy",
  "dd/MM/yyyy",
  "MM/dd/yyyy",
  "dd-MM-yyyy",
  "MM-dd-yyyy",
  "dd.MM.yy",
  "dd/MM/yy",
  "MM/dd/yy",
  "dd-MM-yy",
  "MM-dd-yy",
  "dd MMM yyyy",
  "dd-MMM-yyyy",
  "dd/MMM/yyyy",
  "dd. MMM yyyy",
  "dd MMM yy",
  "dd-MMM-yy",
  "MMM dd, yyyy",
  "MMM dd yyyy",
  "yyyy年MM月dd日",
] as const;
const monthLanguages = ["en", "fr", "de", "es", "it", "nl", "pt", "pl", "sv", "da", "nb", "fi", "cs", "tr"];
const pieces: Record<string, string> = {
  yyyy: "(?<year>(?:19|20|21)\\d{2})",
  yy: "(?<year>\\d{2})",
  MMM: "(?<month>[\\p{L}.]{3,12})",
  MM: "(?<month>\\d{1,2})",
  dd: "(?<day>\\d{1,2})",
};
/** A time of day behind the date. Files name no zone for it, so only the day is read. */
const timeBehind = /[T ,]+\d{1,2}[:.h]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?\s*(?:[ap]\.?m\.?)?\s*(?:Z|[-+]\d{2}:?\d{2})?$/i;

const compiled = new Map<string, RegExp>();
let monthNames: Map<string, number> | undefined;

/** The day that a text names in the given notation, as `yyyy-MM-dd`; null when it is none. */
export function readDate(text: string, format: string): string | null {
  const groups = compile(format).exec(withoutTime(text))?.groups;
  if (!groups) return null;
  const { year = "", month = "", day = "" } = groups;
  const monthNumber = /^\d/.test(month) ? Number(month) : monthOf(month);
  return toDate(year.length === 2 ? fullYear(Number(year)) : Number(year), monthNumber, Number(day));
}

/** A calendar day if there is such a one. */
export function toDate(year: number, month: number, day: number): string | null {
  const at = new Date(Date.UTC(year, month - 1, day));
  const isReal = at.getUTCFullYear() === year && at.getUTCMonth() === month - 1 && at.getUTCDate() === day;
  return isReal ? at.toISOString().slice(0, 10) : null;
}

/** True where a cell is a date in some notation. */
export function looksLikeDate(text: string): boolean {
  return text.length <= 40 && /\d/.test(text) && patterns.some((format) => readDate(text, format) !== null);
}

/**
 * The notation of a column by its values. Where several fit equally well and give other days (03/04 is in March or in April),
 * nobody knows: then a person has to say.
 * @returns null when it is to be asked for
 */
export function findDateFormat(texts: readonly string[]): string | null {
  const cells = [...new Set(texts.map(withoutTime))].filter(Boolean);
  const readings = patterns.map((format) => ({ format, dates: cells.map((cell) => readDate(cell, format)) }));
  const count = ({ dates }: { dates: (string | null)[] }) => dates.filter((date) => date !== null).length;
  const best = Math.max(0, ...readings.map(count));
  const fitting = readings.filter((reading) => count(reading) === best);
  const [first, ...others] = fitting;
  if (!first || best === 0) return null;
  return others.every(({ dates }) => dates.every((date, at) => date === first.dates[at])) ? first.format : null;
}

function withoutTime(text: string): string {
  return text.slice(0, 60).trim().replace(timeBehind, "");
}

function compile(format: string): RegExp {
  const known = compiled.get(format);
  if (known) return known;
  const source = format
    .split(/(yyyy|yy|MMM|MM|dd)/)
    .map((piece) => pieces[piece] ?? piece.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&"))
    .join("");
  // Without anything between them, only fixed widths can be told apart.
  const sized = /^[yMd]+$/.test(format) ? source.replaceAll("{1,2}", "{2}") : source;
  const isWhole = ["y", "M", "d"].every((letter) => format.includes(letter)) && format.length <= 20;
  const pattern = new RegExp(isWhole && !hasRepeats(format) ? `^${sized}$` : "^(?!)", "u");
  if (compiled.size < 100) compiled.set(format, pattern);
  return pattern;
}

function hasRepeats(format: string): boolean {
  const named = format.match(/yyyy|yy|MMM|MM|dd/g) ?? [];
  return named.length !== 3 || new Set(named.map((piece) => piece[0])).size !== 3;
}

/** Two digits stand for 1970 to 2069. */
function fullYear(year: number): number {
  return year < 70 ? 2000 + year : 1900 + year;
}

/** 0 for a word that is no month, or another one in another language. */
function monthOf(word: string): number {
  monthNames ??= listMonthNames();
  return monthNames.get(plain(word)) ?? 0;
}

function listMonthNames(): Map<string, number> {
  const names = new Map<string, number>();
  for (const language of monthLanguages)
    for (const width of ["short", "long"] as const)
      for (let month = 1; month <= 12; month++) {
        const format = new Intl.DateTimeFormat(language, { day: "numeric", month: width, timeZone: "UTC" });
        const part = format.formatToParts(Date.UTC(2024, month - 1, 1)).find(({ type }) => type === "month");
        const name = plain(part?.value ?? "");
        const before = names.get(name);
        names.set(name, before === undefined || before === month ? month : 0);
      }
  return names;
}

function plain(word: string): string {
  return word
    .normalize("NFD")
    .replace(/[\p{M}.]/gu, "")
    .toLowerCase();
}
