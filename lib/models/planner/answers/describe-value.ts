import { isRecord } from "../read-prompt";
import { inline } from "./escape";
import { formatValue, isMoney, isScalar, nameOf } from "./format-value";
import { table } from "./table";

const maxRows = 20;
const maxColumns = 6;
const maxFields = 24;
const maxDepth = 3;

export interface DescribeOptions {
  /** The question was "how many": the number comes first. */
  isCount?: boolean;
  /** What the things of a list are called, where the list itself has no telling name. */
  noun?: string;
  /** Keep only rows that mention this. */
  mention?: string | null;
}

/** Any JSON as short Markdown: lists as tables, objects as bullets. Every value comes from the data itself. */
export function describeValue(value: unknown, options: DescribeOptions = {}): string {
  if (Array.isArray(value)) return describeList(value, "items", options);
  if (!isRecord(value) || isMoney(value)) return formatValue(value);
  const lists = Object.entries(value).filter(([, item]) => Array.isArray(item));
  const main =
    lists.length === 1 ? lists[0] : lists.find(([name]) => /^(items|results|data|entries|records)$/i.test(name));
  if (!main) return describeObject(value, 0);
  const [name, list] = main;
  const rest = Object.fromEntries(
    Object.entries(value).filter(([key, item]) => key !== name && item !== null && !isPaging(key)),
  );
  const around = Object.keys(rest).length > 0 ? describeObject(rest, 1) : "";
  const more = value.complete === false ? "There are more than these; not all were collected." : "";
  return [around, describeList(list as unknown[], name, options), more].filter(Boolean).join("\n\n");
}

function describeList(all: unknown[], name: string, { isCount, mention, noun: ownNoun }: DescribeOptions): string {
  // A list that was cut ends with a sentence of ours.
  const note = typeof all.at(-1) === "string" && isRecord(all[0]) ? String(all.at(-1)) : null;
  const items = note === null ? all : all.slice(0, -1);
  const noun = ownNoun && /^(items|results|data|entries|records)$/i.test(name) ? ownNoun : nameOf(name).toLowerCase();
  if (items.length === 0) return `There are no ${noun}.`;
  const chosen = mention ? items.filter((item) => mentions(item, mention)) : [];
  const shown = chosen.length > 0 ? chosen : items;
  const more = note === null ? "" : " or more";
  const count =
    chosen.length > 0 && chosen.length < items.length
      ? `${chosen.length} of ${items.length}${more} ${noun} with "${inline(mention ?? "", 60)}"`
      : `${items.length}${more} ${items.length === 1 ? singular(noun) : noun}`;
  // One thing speaks for itself.
  const head = isCount ? `**${count}**` : items.length === 1 && isRecord(items[0]) ? "" : `${count}:`;
  const rows = shown.slice(0, maxRows);
  const body = rows.every(isRecord) ? describeRows(rows) : rows.map((item) => `- ${formatValue(item)}`).join("\n");
  const left = shown.length > maxRows ? `… and ${shown.length - maxRows} more.` : "";
  return [head, body, left].filter(Boolean).join("\n\n");
}

function describeRows(rows: readonly Record<string, unknown>[]): string {
  const flat = rows.map(flatten);
  const columns = chooseColumns(flat);
  const [first] = columns;
  const [only] = flat;
  if (rows.length === 1 && only)
    return describeFields(listColumns(flat).map((column) => [column, only[column]] as const));
  if (columns.length === 1 && first) return flat.map((row) => `- ${formatValue(row[first], first)}`).join("\n");
  return table(
    columns.map((column) => headOf(column)),
    flat.map((row) => columns.map((column) => formatValue(row[column], lastOf(column)))),
    true,
  );
}

/** One level of nested objects as fields of the row: `{ book: { title } }` → `book.title`. */
function flatten(row: Record<string, unknown>): Record<string, unknown> {
  const flat: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(joinMoney(row))) {
    const isOpen = isRecord(value) && !isMoney(value) && !("at" in value) && !("date" in value);
    if (!isOpen) flat[key] = value;
    else for (const [inner, own] of Object.entries(joinMoney(value))) if (isScalar(own)) flat[`${key}.${inner}`] = own;
  }
  return flat;
}

/** `amountMinor` beside `currency` is one value. */
function joinMoney(row: Record<string, unknown>): Record<string, unknown> {
  const { currency } = row;
  if (typeof currency !== "string") return row;
  const minor = Object.keys(row).filter((key) => /_?minor$/i.test(key) && typeof row[key] === "number");
  if (minor.length === 0) return row;
  return Object.fromEntries(
    Object.entries(row)
      .filter(([key]) => key !== "currency")
      .map(([key, value]) => [key, minor.includes(key) ? { amountMinor: value, currency } : value]),
  );
}

/** The columns that say most: names and titles first, ids last, nothing that is empty or the same everywhere for many rows. */
function chooseColumns(rows: readonly Record<string, unknown>[]): string[] {
  return listColumns(rows).slice(0, maxColumns);
}

function listColumns(rows: readonly Record<string, unknown>[]): string[] {
  const all = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const useful = all.filter((column) =>
    rows.some((row) => row[column] !== null && row[column] !== undefined && row[column] !== ""),
  );
  const rank = (column: string) => {
    const last = lastOf(column);
    if (/^(title|name|summary|merchant|subject|label)$/i.test(last)) return 0;
    if (/(^|_)(url|href|link|image|icon|avatar|uuid|etag|hash|latitude|longitude)$/i.test(last)) return 4;
    if (/(^id|[a-z]Id|_id)$/.test(last)) return 3;
    return rows.some((row) => typeof row[column] === "object" && row[column] !== null && !isMoney(row[column])) ? 2 : 1;
  };
  return useful
    .map((column, index) => ({ column, index, rank: rank(column) }))
    .sort((left, right) => left.rank - right.rank || left.index - right.index)
    .map(({ column }) => column);
}

function describeObject(value: Record<string, unknown>, depth: number): string {
  return describeFields(Object.entries(joinMoney(value)), depth);
}

function describeFields(fields: readonly (readonly [string, unknown])[], depth = 0): string {
  const indent = "  ".repeat(depth > 1 ? depth - 1 : 0);
  const lines = fields.slice(0, maxFields).map(([name, value]) => {
    if (isRecord(value) && !isScalar(value) && depth < maxDepth && !("at" in value)) {
      const inner = Object.entries(joinMoney(value)).filter(([, item]) => isScalar(item));
      const text = inner.slice(0, 8).map(([key, item]) => `${nameOf(key).toLowerCase()} ${formatValue(item, key)}`);
      return `${indent}- **${headOf(name)}:** ${text.length > 0 ? text.join(", ") : formatValue(value, name)}`;
    }
    return `${indent}- **${headOf(name)}:** ${formatValue(value, lastOf(name))}`;
  });
  if (fields.length > maxFields) lines.push(`${indent}- … and ${fields.length - maxFields} more fields`);
  return lines.join("\n");
}

/** `book.title` → "Book", `book.author` → "Author". */
function headOf(column: string): string {
  const [outer = "", inner] = column.split(".");
  if (inner === undefined) return nameOf(outer);
  if (/^(title|name|label)$/i.test(inner)) return nameOf(outer);
  return /^id$/i.test(inner) ? nameOf(`${outer} id`) : nameOf(inner);
}

function lastOf(column: string): string {
  return column.slice(column.lastIndexOf(".") + 1);
}

function isPaging(name: string): boolean {
  return /^(complete|next|previous|prev|cursor|next_?cursor|next_?page|page|has_?more|truncated)$/i.test(name);
}

function mentions(item: unknown, text: string): boolean {
  return JSON.stringify(item).toLowerCase().includes(text.toLowerCase());
}

function singular(noun: string): string {
  if (/ies$/.test(noun)) return `${noun.slice(0, -3)}y`;
  return /[^s]s$/.test(noun) ? noun.slice(0, -1) : noun;
}
