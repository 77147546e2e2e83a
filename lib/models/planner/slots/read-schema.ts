import type { OfferedTool } from "../read-prompt";
import { isRecord } from "../read-prompt";
import { stemOf } from "../language/words";

export type PropertyKind =
  | "choice"
  | "boolean"
  | "number"
  | "count"
  | "date"
  | "date-from"
  | "date-to"
  | "url"
  | "email"
  | "place"
  | "person"
  | "query"
  | "id"
  | "text"
  | "list"
  | "other";

/** One input of a tool, as far as a value for it can be found in words. */
export interface Property {
  name: string;
  /** Stems of its name, without "id". */
  stems: readonly string[];
  /** For a question: "book", "start date". */
  noun: string;
  kind: PropertyKind;
  isRequired: boolean;
  isInteger: boolean;
  /** The time of day is part of it. */
  isInstant: boolean;
  choices: readonly (string | number | boolean)[];
  description: string;
  example: string | null;
  pattern: RegExp | null;
  /** A list takes values of this kind. */
  item: Property | null;
}

/** The inputs of a tool, required ones first. */
export function readProperties({ schema }: OfferedTool): Property[] {
  const properties = isRecord(schema.properties) ? schema.properties : {};
  const required = Array.isArray(schema.required) ? schema.required : [];
  return Object.entries(properties)
    .map(([name, own]) => readProperty(name, isRecord(own) ? own : {}, required.includes(name)))
    .sort((left, right) => Number(right.isRequired) - Number(left.isRequired));
}

function readProperty(name: string, given: Record<string, unknown>, isRequired: boolean): Property {
  const schema = withoutNull(given);
  const words = splitName(name);
  const plain = words.filter((word) => !/^(id|uuid|slug|ids)$/.test(word));
  const description = typeof schema.description === "string" ? schema.description : "";
  const type = typeof schema.type === "string" ? schema.type : "";
  const item =
    type === "array" && isRecord(schema.items) ? readProperty(name.replace(/s$/, ""), schema.items, false) : null;
  return {
    name,
    stems: (plain.length > 0 ? plain : words).map(stemOf),
    noun: (plain.length > 0 ? plain : words).join(" "),
    kind: kindOf(words, schema, type),
    isRequired,
    isInteger: type === "integer",
    isInstant: schema.format === "date-time",
    choices: choicesOf(schema),
    description,
    example: exampleOf(schema, description),
    pattern: patternOf(schema),
    item,
  };
}

function kindOf(words: readonly string[], schema: Record<string, unknown>, type: string): PropertyKind {
  const has = (pattern: RegExp) => words.some((word) => pattern.test(word));
  const last = words.at(-1) ?? "";
  if (choicesOf(schema).length > 0) return "choice";
  if (type === "boolean") return "boolean";
  if (type === "array") return "list";
  if (type === "object") return "other";
  const isDate =
    schema.format === "date" || schema.format === "date-time" || (type === "string" && has(/^(date|day|since|until)$/));
  if (isDate && has(/^(from|start|since|after|begin|begins|starts|min)$/)) return "date-from";
  if (isDate && has(/^(to|end|until|before|till|ends|max)$/)) return "date-to";
  if (isDate) return "date";
  if (type === "integer" || type === "number")
    return has(/^(limit|count|max|size|top|first|number|amount)$/) && !/id$/.test(last) ? "count" : "number";
  if (schema.format === "uri" || /^(url|uri|link|website)$/.test(last)) return "url";
  if (schema.format === "email" || last === "email") return "email";
  if (has(/^(place|city|location|country|region|town|address|destination|origin|station|area|where)$/)) return "place";
  if (/^(id|uuid|number|code|key|tag|sku|isbn|slug)$/.test(last)) return "id";
  if (has(/^(q|query|search|term|terms|keyword|keywords|text|filter|topic|contains)$/)) return "query";
  if (has(/^(person|member|user|player|author|owner|customer|contact|artist|assignee|username|who)$/)) return "person";
  return type === "string" || type === "" ? "text" : "other";
}

function choicesOf(schema: Record<string, unknown>): (string | number | boolean)[] {
  const listed = Array.isArray(schema.enum) ? schema.enum : "const" in schema ? [schema.const] : [];
  return listed.filter((value) => typeof value === "string" || typeof value === "number" || typeof value === "boolean");
}

function exampleOf(schema: Record<string, unknown>, description: string): string | null {
  const given = Array.isArray(schema.examples) ? schema.examples[0] : schema.example;
  if (typeof given === "string" || typeof given === "number") return String(given);
  const said = /\b(?:such as|for example|e\.g\.,?|like|example:)\s+["'`“]?([^\s"'`”,;)]+)/i.exec(description);
  return said?.[1]?.replace(/[.:]$/, "") ?? null;
}

/** Patterns come with a document, so one that could take for ever is not used. */
function patternOf(schema: Record<string, unknown>): RegExp | null {
  if (
    typeof schema.pattern !== "string" ||
    schema.pattern.length > 80 ||
    /[+*}]\)?[+*{]|\([^)]*[+*][^)]*\)[+*{]/.test(schema.pattern)
  )
    return null;
  try {
    return new RegExp(schema.pattern, "u");
  } catch {
    // Not a pattern of this language: every value may be tried.
    return null;
  }
}

/** `anyOf: [{…}, { type: "null" }]` and `type: ["string", "null"]` are their other half. */
function withoutNull(schema: Record<string, unknown>): Record<string, unknown> {
  const { type } = schema;
  if (Array.isArray(type)) return { ...schema, type: type.find((one) => one !== "null") };
  for (const key of ["anyOf", "oneOf"]) {
    const options = schema[key];
    if (!Array.isArray(options)) continue;
    const own = options.filter(isRecord).find((option) => option.type !== "null");
    if (own) return { ...own, ...(schema.description ? { description: schema.description } : {}) };
  }
  return schema;
}

/** How an id looks: `b-104` and `x-7` have the same form, `Kindred` has another. */
export function formOf(value: string): string {
  return value.replace(/\p{L}+/gu, "a").replace(/\d+/g, "1");
}

/** `bookId`, `book_id`, `start-date` → their words. */
export function splitName(name: string): string[] {
  return name
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
}
