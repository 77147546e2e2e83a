import { formatMinor } from "@/lib/contracts/money";
import { isRecord } from "../read-prompt";
import { inline } from "./escape";

const units: Readonly<Record<string, string>> = {
  celsius: " °C",
  fahrenheit: " °F",
  percent: " %",
  percentage: " %",
  km: " km",
  kilometers: " km",
  meters: " m",
  metres: " m",
  kg: " kg",
  minutes: " min",
  seconds: " s",
  hours: " h",
  mm: " mm",
  kmh: " km/h",
  mph: " mph",
  mps: " m/s",
  hpa: " hPa",
};
const maxCellChars = 160;

/** A value of a result in words and digits, for one line. `name` is the field it stands in. */
export function formatValue(value: unknown, name = ""): string {
  if (value === null || value === undefined || value === "") return "–";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return formatNumber(value, name);
  if (typeof value === "string") return formatText(value, name);
  if (Array.isArray(value)) return formatList(value, name);
  return isRecord(value) ? formatObject(value) : inline(String(value), maxCellChars);
}

/** `{ amountMinor, currency }` as money: 123456 and EUR are €1,234.56, and 500 and JPY are ¥500. */
export function formatMoney(amountMinor: number, currency: string): string {
  return inline(formatMinor(amountMinor, isCurrency(currency) ? currency : "XXX"));
}

/** A date or an instant as people write it; null when the text is neither. Instants keep the offset they came with. */
export function formatDate(text: string): string | null {
  const found = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d:\d\d)(?::\d\d(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/.exec(text);
  if (!found) return null;
  const time = Date.parse(`${found[1]}-${found[2]}-${found[3]}T00:00:00Z`);
  if (Number.isNaN(time)) return null;
  const date = new Intl.DateTimeFormat("en-GB", {
    day: "numeric",
    month: "short",
    year: "numeric",
    timeZone: "UTC",
  }).format(time);
  if (!found[4]) return date;
  const zone = found[5] === "Z" ? " UTC" : found[5] ? ` (UTC${found[5]})` : "";
  return `${date}, ${found[4]}${zone}`;
}

/** `temperature_celsius` → "Temperature", `bookTitle` → "Book title". */
export function nameOf(field: string): string {
  const words = shorten(field)
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
    .map((word) => (/^[A-Z]{2,}$/.test(word) ? word : word.toLowerCase()));
  if (words.length > 1 && Object.hasOwn(units, words.at(-1) ?? "")) words.pop();
  if (words.length > 1 && words.at(-1) === "minor") words.pop();
  const text = words.map((word) => (/^(id|url|api|iso|vat)$/.test(word) ? word.toUpperCase() : word)).join(" ");
  return inline(text === "" ? field : `${text[0]?.toUpperCase()}${text.slice(1)}`, 60);
}

/** Is it a value that stands on one line? */
export function isScalar(value: unknown): boolean {
  return value === null || value === undefined || typeof value !== "object" || isMoney(value);
}

export function isMoney(value: unknown): value is { amountMinor: number; currency: string } {
  if (!isRecord(value)) return false;
  const amount = value.amountMinor ?? value.amount_minor;
  return typeof amount === "number" && Number.isSafeInteger(amount) && typeof value.currency === "string";
}

/** A unit of several words as one. */
function shorten(field: string): string {
  return field.replace(/_?met(?:er|re)s?_?per_?second$/i, "Mps").replace(/_?km_?per_?hour$/i, "Kmh");
}

function formatNumber(value: number, name: string): string {
  const last =
    shorten(name)
      .replace(/([a-z\d])([A-Z])/g, "$1_$2")
      .toLowerCase()
      .split(/[^a-z0-9]+/)
      .at(-1) ?? "";
  const unit = Object.hasOwn(units, last) ? (units[last] ?? "") : "";
  // Years and ids are not counted in thousands.
  const isName =
    /^(year|id|number|code|zip|version|phone|port)$/.test(last) ||
    (Number.isInteger(value) && value >= 1000 && value < 10_000);
  if (isName || !Number.isFinite(value) || Math.abs(value) >= 1e15) return `${value}${unit}`;
  return `${new Intl.NumberFormat("en", { maximumFractionDigits: 10 }).format(value)}${unit}`;
}

function formatText(value: string, name: string): string {
  if (/^\d{4}-\d\d-\d\d/.test(value)) return formatDate(value) ?? inline(value, maxCellChars);
  return inline(value, /description|text|body|content|summary/i.test(name) ? 240 : maxCellChars);
}

function formatList(items: unknown[], name: string): string {
  if (items.length === 0) return "none";
  if (items.every((item) => typeof item !== "object"))
    return (
      items
        .slice(0, 8)
        .map((item) => formatValue(item, name))
        .join(", ") + (items.length > 8 ? ", …" : "")
    );
  return `${items.length} ${nameOf(name || "items").toLowerCase()}`;
}

function formatObject(value: Record<string, unknown>): string {
  if (isMoney(value))
    return formatMoney(Number(value.amountMinor ?? Reflect.get(value, "amount_minor")), String(value.currency));
  const when =
    typeof value.at === "string"
      ? value.at
      : typeof value.date === "string" && Object.keys(value).length <= 2
        ? value.date
        : null;
  if (when)
    return `${formatDate(when) ?? inline(when, 60)}${typeof value.timeZone === "string" ? ` (${inline(value.timeZone, 40)})` : ""}`;
  for (const key of ["title", "name", "label", "displayName", "text", "email", "id"]) {
    const own = value[key];
    if (typeof own === "string" && own !== "") return formatText(own, key);
  }
  const parts = Object.entries(value)
    .filter(([, item]) => isScalar(item) && item !== null)
    .slice(0, 4)
    .map(([key, item]) => `${nameOf(key)}: ${formatValue(item, key)}`);
  return parts.length > 0 ? parts.join(", ") : "–";
}

function isCurrency(code: string): boolean {
  return /^[A-Z]{3}$/.test(code);
}
