import { isObject, type JsonObject } from "./json-value";
import { isSecretName, scrubText } from "./scrub";
import type { Shape } from "./shape";
import { singular, splitWords } from "./words";

/** Every value is the same in every run: dates count from here. */
const firstDay = Date.UTC(2026, 10, 24, 9);
const dayMs = 86_400_000;
const maxListItems = 3;

const people = ["Ada Lovelace", "Grace Hopper", "Alan Turing", "Mary Somerville", "Emmy Noether"];
const titles = ["Morning walk", "Evening concert", "Winter market", "Summer reading", "Harbour tour"];
const cities = ["Berlin", "Lisbon", "Ottawa", "Tokyo", "Nairobi"];
const countries = ["Germany", "Portugal", "Canada", "Japan", "Kenya"];
const companies = ["Northwind", "Blue Harbour", "Cedar Works", "Lantern", "Juniper"];

/** What texts of a certain name look like. The first row that fits wins. */
const textsByName: [names: RegExp, make: (index: number, noun: string) => string][] = [
  [/^(first|given)_name$/, (index) => pick(people, index).split(" ")[0] ?? "Ada"],
  [/^(last|family)_name$|^surname$/, (index) => pick(people, index).split(" ").at(-1) ?? "Lovelace"],
  [
    /(^|_)(author|owner|user|person|creator|assignee|artist|full|display|customer|organizer)(_name)?$|^username$|^login$/,
    (index) => pick(people, index),
  ],
  [/(^|_)(city|town|place|location)(_name)?$/, (index) => pick(cities, index)],
  [/(^|_)country(_name)?$/, (index) => pick(countries, index)],
  [/(^|_)(country|region)_code$/, (index) => pick(["DE", "PT", "CA", "JP", "KE"], index)],
  [
    /(^|_)(company|merchant|vendor|brand|payee|counterparty|publisher|organization)(_name)?$/,
    (index) => pick(companies, index),
  ],
  [/(^|_)currency(_code)?$/, () => "EUR"],
  [/(^|_)(lang|language|locale)$/, () => "en"],
  [/(^|_)time_?zone$/, () => "Europe/Berlin"],
  [/(^|_)(title|subject|headline|label)$/, (index) => pick(titles, index)],
  [
    /(^|_)(description|summary|text|body|content|message|notes?|comment)$/,
    (index) => `A short text about ${pick(titles, index).toLowerCase()}`,
  ],
  [/(^|_)(url|uri|link|href|website|homepage)$/, (index, noun) => `https://example.com/${slug(noun)}/${101 + index}`],
  [/(^|_)(phone|mobile|telephone)(_number)?$/, (index) => `+1 555 010${index % 10}`],
  [/(^|_)e?mail(_address)?$/, () => "person@example.com"],
  [/(^|_)(date|day|(due|born|published|released)_on)$|_on$/, (index) => isoDay(index)],
  [/_at$|(^|_)(time|timestamp|datetime|created|updated|modified)$/, (index) => isoInstant(index)],
  [/(^|_)(status|state)$/, (index) => pick(["open", "done", "waiting"], index)],
  [/(^|_)colou?r$/, (index) => pick(["green", "blue", "red"], index)],
  [/(^|_)(amount|price|total|balance)$/, (index) => `${12 + index}.50`],
  [/(^|_)(id|key|code|slug|ref|reference|sku|number|uid|guid|tag)$/, (index, noun) => `${slug(noun)}-${101 + index}`],
  [/(^|_)name$/, (index, noun) => `${capital(noun)} ${pick(["one", "two", "three", "four", "five"], index)}`],
];

const numbersByName: [names: RegExp, value: number][] = [
  [/^lat(itude)?$/, 52.52],
  [/^(lon|lng|long|longitude)$/, 13.41],
  [/(^|_)year$/, 2026],
  [/(^|_)(price|amount|cost|fee|balance)$/, 12.5],
  [/temp/, 7.4],
  [/percent|humidity/, 71],
  [/(^|_)(id|number|code)$/, 101],
  [/(^|_)(count|total|quantity|size|length)$/, 3],
  [/(^|_)(timestamp|time|epoch)$|_at$/, 1_795_510_800],
  [/probability|ratio|rate|score|confidence/, 0.5],
];

/** A value that fits the shape. `hint` is an example of the source; later indexes give different values. */
export function exampleOf(shape: Shape, name: string, index = 0, hint: unknown = undefined, noun = "item"): unknown {
  const known = [hint, shape.example, shape.default].find((value) => fits(value, shape));
  switch (shape.kind) {
    case "text":
      return textOf(shape, name, index, known as string | undefined, noun);
    case "number":
    case "integer":
      return numberOf(shape, name, index, known as number | undefined);
    case "boolean":
      return index === 0 && typeof known === "boolean" ? known : index % 2 === 0;
    case "unknown":
      return known === undefined ? `${name || "value"} ${index + 1}` : known;
    case "list": {
      const hints = Array.isArray(known) ? known.slice(0, maxListItems) : [undefined];
      // Elements of an example differ already.
      return hints.map((one) =>
        exampleOf(shape.items ?? { kind: "unknown" }, singular(name), index, one, nounOf(name, noun)),
      );
    }
    case "object": {
      if (!shape.fields?.size) return known ?? {};
      const given = isObject(known) ? known : {};
      const result: JsonObject = {};
      for (const [key, field] of shape.fields) {
        if (field.shape.isNullable && Object.hasOwn(given, key) && given[key] === null) result[key] = null;
        else
          result[key] = exampleOf(
            field.shape,
            key,
            index,
            Object.hasOwn(given, key) ? given[key] : undefined,
            name ? nounOf(name, noun) : noun,
          );
      }
      return result;
    }
  }
}

/** Is the value of the shape's kind? Fields inside are looked at one by one later. */
function fits(value: unknown, shape: Shape): boolean {
  switch (shape.kind) {
    case "text":
      return typeof value === "string" && value.length <= 2000 && fitsFormat(value, shape.format);
    case "number":
      return typeof value === "number";
    case "integer":
      return Number.isSafeInteger(value);
    case "boolean":
      return typeof value === "boolean";
    case "list":
      return Array.isArray(value) && value.length > 0;
    case "object":
      return isObject(value);
    case "unknown":
      return value !== undefined && value !== null;
  }
}

/** Examples such as "string" for a date are common. */
function fitsFormat(text: string, format: string | undefined): boolean {
  if (format === "date") return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));
  if (format === "date-time")
    return /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text));
  return true;
}

function textOf(shape: Shape, name: string, index: number, known: string | undefined, noun: string): string {
  if (isSecretName(name)) return "scrubbed";
  const choices = shape.choices?.filter((choice) => typeof choice === "string") ?? [];
  if (choices.length > 0)
    return choices[((known === undefined ? 0 : Math.max(choices.indexOf(known), 0)) + index) % choices.length] ?? "";
  if (known !== undefined && known !== "") return varyText(scrubText(known), index);
  const text = textByFormat(shape.format ?? "", index, noun) ?? textByName(name, index, noun);
  const least = Math.min(shape.minLength ?? 0, 200);
  const padded = text.length < least ? text.padEnd(least, "x") : text;
  return shape.maxLength !== undefined && shape.maxLength > 0
    ? padded.slice(0, shape.maxLength).toWellFormed()
    : padded;
}

function textByFormat(format: string, index: number, noun: string): string | null {
  switch (format) {
    case "date":
      return isoDay(index);
    case "date-time":
      return isoInstant(index);
    case "time":
      return "09:00:00Z";
    case "uuid":
      return `3f2b8c1e-5d4a-4e6f-9a7b-${String(101 + index).padStart(12, "0")}`;
    case "uri":
    case "url":
      return `https://example.com/${slug(noun)}/${101 + index}`;
    case "email":
      return "person@example.com";
    case "hostname":
      return "example.com";
    case "ipv4":
      return "192.0.2.1";
    case "byte":
      return "aGVsbG8=";
    default:
      return null;
  }
}

function textByName(name: string, index: number, noun: string): string {
  const plain = splitWords(name).join("_");
  const row = textsByName.find(([names]) => names.test(plain));
  const own =
    plain === "id" || plain === "name" || plain === "key" || plain === "code"
      ? noun
      : plain.replace(/_(id|name|key|code|slug)$/, "");
  return row ? row[1](index, own.replaceAll("_", " ") || noun) : `${splitWords(name).join(" ") || noun} ${index + 1}`;
}

/** Another value of the same kind: the next day, the next number, or a number behind it. */
function varyText(text: string, index: number): string {
  if (index === 0) return text;
  if (/^\d{4}-\d\d-\d\d(T[\d:.]+Z?)?/.test(text) && !Number.isNaN(Date.parse(text.slice(0, 10)))) {
    const day = new Date(Date.parse(text.slice(0, 10)) + index * dayMs).toISOString().slice(0, 10);
    return `${day}${text.slice(10)}`;
  }
  if (text === "scrubbed" || text === "person@example.com" || /^[A-Z]{3}$/.test(text)) return text;
  const numbered = /^(.*?)(\d{1,9})(\D*)$/.exec(text);
  if (numbered)
    return `${numbered[1]}${String(Number(numbered[2]) + index).padStart(numbered[2]?.length ?? 0, "0")}${numbered[3]}`;
  return /\s/.test(text) ? `${text} ${index + 1}` : `${text}-${index + 1}`;
}

function numberOf(shape: Shape, name: string, index: number, known: number | undefined): number {
  if (isSecretName(name)) return 0;
  const choices = shape.choices?.filter((choice) => typeof choice === "number") ?? [];
  if (choices.length > 0) return choices[index % choices.length] ?? 0;
  const plain = splitWords(name).join("_");
  const usual = numbersByName.find(([names]) => names.test(plain))?.[1] ?? 1;
  const base = (known ?? (shape.kind === "integer" ? Math.round(usual) : usual)) + index;
  // Beyond this a double holds no millionths, and far beyond it the product would be no number any more.
  const value = Math.abs(base) < 1e9 ? Math.round(base * 1e6) / 1e6 : base;
  return Math.min(Math.max(value, shape.minimum ?? value), shape.maximum ?? Number.MAX_SAFE_INTEGER);
}

function nounOf(name: string, noun: string): string {
  const words = splitWords(name);
  const last = singular(words.at(-1) ?? "");
  return /^(data|item|result|value|record|attribute|entry|)$/.test(last) ? noun : last;
}

function pick(values: readonly string[], index: number): string {
  return values[index % values.length] ?? "";
}

function slug(text: string): string {
  return splitWords(text).join("-") || "item";
}

function capital(text: string): string {
  return text ? text[0]?.toUpperCase() + text.slice(1) : "Item";
}

function isoDay(index: number): string {
  return new Date(firstDay + index * dayMs).toISOString().slice(0, 10);
}

function isoInstant(index: number): string {
  return new Date(firstDay + index * dayMs).toISOString().replace(".000Z", "Z");
}
